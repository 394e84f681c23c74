package dev.bowline.verification.soak;

import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.FaultProxy.Admission;
import dev.bowline.testkit.FaultProxy.Direction;
import dev.bowline.testkit.ProxyLink;
import dev.bowline.testkit.Seeded;
import dev.bowline.verification.soak.Ledger.Count;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** The network between half of the clients and the server: a few proxies, and what befalls their links. */
final class Weather implements AutoCloseable {
    private static final int PROXIES = 4;

    private final List<FaultProxy> proxies;
    private final Ledger ledger;
    private final Seeded random;

    Weather(Ledger ledger, int serverPort, Seeded random) {
        this.ledger = ledger;
        this.random = random;
        this.proxies = IntStream.range(0, PROXIES)
                .mapToObj(i -> FaultProxy.to("127.0.0.1", serverPort))
                .toList();
    }

    /** The port of one of the proxies. */
    int port(Seeded of) {
        return of.oneOf(proxies).port();
    }

    /** Something happens to one link, or to those who want to become one. */
    void step() {
        FaultProxy proxy = random.oneOf(proxies);
        if (random.chance(2)) {
            proxy.admit(random.oneOf(Admission.values()));
        } else {
            proxy.admit(Admission.OPEN);
        }
        List<ProxyLink> links = proxy.links();
        if (links.isEmpty()) {
            return;
        }
        ledger.count(Count.FAULTS);
        ProxyLink link = random.oneOf(links);
        switch (random.intBetween(0, 3)) {
            case 0 -> link.reset();
            case 1 -> link.close();
            case 2 -> link.apply(random.oneOf(Direction.values()), fault());
            default -> link.apply(fault());
        }
    }

    private Fault fault() {
        return switch (random.intBetween(0, 8)) {
            case 0 -> Fault.blackHole();
            case 1 -> Fault.stall();
            case 2 -> Fault.delay(Duration.ofMillis(random.intBetween(1, 500)));
            case 3 -> Fault.throttle(random.intBetween(500, 100_000));
            case 4 -> Fault.singleBytes();
            case 5 -> Fault.closeAfter(random.intBetween(0, 50_000));
            case 6 -> Fault.resetAfter(random.intBetween(0, 50_000));
            case 7 -> Fault.blackHoleAfter(random.intBetween(0, 50_000));
            // A black hole that is lifted would leave a hole in the stream, so links are not mended but by chance.
            default -> Fault.delay(Duration.ofMillis(1));
        };
    }

    /** All links are cut, and new ones are welcome. */
    void clear() {
        for (FaultProxy proxy : proxies) {
            proxy.admit(Admission.OPEN);
            proxy.resetAll();
        }
    }

    int links() {
        return proxies.stream().mapToInt(proxy -> proxy.links().size()).sum();
    }

    @Override
    public void close() {
        proxies.forEach(FaultProxy::close);
    }
}
