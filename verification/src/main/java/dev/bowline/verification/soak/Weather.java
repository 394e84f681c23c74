package dev.bowline.verification.soak;

import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.FaultProxy.Admission;
import dev.bowline.testkit.FaultProxy.Direction;
import dev.bowline.testkit.ProxyLink;
import dev.bowline.testkit.Seeded;
import dev.bowline.verification.soak.Ledger.Count;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.IntStream;

/** The network between half of the clients and the server: a few proxies, and what befalls their links. */
final class Weather implements AutoCloseable {
    private static final int PROXIES = 4;

    private final List<FaultProxy> proxies;
    private final Ledger ledger;
    private final Seeded random;
    private final Set<ProxyLink> swallowing = Collections.newSetFromMap(new WeakHashMap<>()); // touched by one thread

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
        try {
            step(proxy);
        } catch (AssertionError e) { // which gives its thread ten seconds to answer
            ledger.say("a proxy has no time for faults: " + e.getMessage());
        }
    }

    private void step(FaultProxy proxy) {
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
        int kind = random.intBetween(0, 11);
        if (swallowing.contains(link)) {
            kind %= 2; // another fault would lift the black hole and leave a hole in the stream, as no network does
        }
        switch (kind) {
            case 0 -> link.reset();
            case 1 -> link.close();
            case 2 -> swallow(link, Fault.blackHole());
            case 3 -> swallow(link, Fault.blackHoleAfter(random.intBetween(0, 50_000)));
            case 4 -> apply(link, Fault.stall());
            case 5 -> apply(link, Fault.delay(Duration.ofMillis(random.intBetween(1, 500))));
            case 6 -> apply(link, Fault.throttle(random.intBetween(500, 100_000)));
            case 7 -> apply(link, Fault.singleBytes());
            case 8 -> apply(link, Fault.closeAfter(random.intBetween(0, 50_000)));
            case 9 -> apply(link, Fault.resetAfter(random.intBetween(0, 50_000)));
            default -> apply(link, Fault.none());
        }
    }

    private void swallow(ProxyLink link, Fault fault) {
        swallowing.add(link);
        apply(link, fault);
    }

    /** One way or both. */
    private void apply(ProxyLink link, Fault fault) {
        if (random.nextBoolean()) {
            link.apply(random.oneOf(Direction.values()), fault);
        } else {
            link.apply(fault);
        }
    }

    /** All links are cut, and new ones are welcome. */
    void clear() {
        for (FaultProxy proxy : proxies) {
            try {
                proxy.admit(Admission.OPEN);
                proxy.resetAll();
            } catch (AssertionError e) { // the order stands all the same, and is carried out when there is time
                ledger.say("a proxy is slow to clear: " + e.getMessage());
            }
        }
    }

    int links() {
        try {
            return proxies.stream().mapToInt(proxy -> proxy.links().size()).sum();
        } catch (AssertionError e) {
            return -1; // not known now
        }
    }

    @Override
    public void close() {
        proxies.forEach(FaultProxy::close);
    }
}
