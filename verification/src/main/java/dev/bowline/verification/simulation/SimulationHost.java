package dev.bowline.verification.simulation;

import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.FaultProxy.Admission;
import dev.bowline.testkit.FaultProxy.Direction;
import dev.bowline.testkit.ProxyLink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The server and the proxy before it, in a process of their own: told what to do by lines of standard input, and telling by lines of
 * standard output what happens. It ends with its input.
 */
public final class SimulationHost {
    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    private SimulatedHub hub;
    private final FaultProxy proxy;

    private SimulationHost() {
        hub = new SimulatedHub(0, this::tell);
        proxy = FaultProxy.to("127.0.0.1", hub.port());
        tell("ready " + proxy.port());
    }

    public static void main(String[] arguments) throws IOException {
        SimulationHost host = new SimulationHost();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            host.obey(line);
        }
        host.proxy.close();
        host.hub.close();
    }

    private void tell(String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    private void obey(String line) {
        String[] words = line.split(" ", 4);
        switch (words[0]) {
            case "publish" -> hub.publish(words[1], words[2]);
            case "mail" -> hub.mail(words[1], words[2]);
            case "say" -> hub.say(words[1], words[2]);
            case "fault" -> link(words[1]).ifPresent(link -> apply(link, words[2], fault(words[3])));
            case "close" -> link(words[1]).ifPresent(ProxyLink::close);
            case "reset" -> link(words[1]).ifPresent(ProxyLink::reset);
            case "admit" -> proxy.admit(Admission.valueOf(words[1].toUpperCase(Locale.ROOT)));
            case "rename" -> hub.renameLogs();
            case "restart" -> {
                proxy.admit(Admission.REFUSED);
                int port = hub.port();
                hub.close();
                hub = new SimulatedHub(port, this::tell);
                tell("restarted");
                proxy.admit(Admission.OPEN);
            }
            case "calm" -> {
                proxy.admit(Admission.OPEN);
                proxy.resetAll(); // what went into a black hole leaves a hole
            }
            case "mark" -> hub.mark(line);
            default -> throw new IllegalArgumentException("unknown command: " + line);
        }
    }

    /** The link of the client whose end has this port. It may have ended. */
    private Optional<ProxyLink> link(String clientPort) {
        int port = Integer.parseInt(clientPort);
        return proxy.links().stream()
                .filter(link -> link.clientAddress().getPort() == port)
                .findAny();
    }

    private static void apply(ProxyLink link, String direction, Fault fault) {
        switch (direction) {
            case "up" -> link.apply(Direction.TO_SERVER, fault);
            case "down" -> link.apply(Direction.TO_CLIENT, fault);
            case "both" -> link.apply(fault);
            default -> throw new IllegalArgumentException("unknown direction: " + direction);
        }
    }

    private static Fault fault(String text) {
        String[] words = text.split(" ", 2);
        long amount = words.length > 1 ? Long.parseLong(words[1]) : 0;
        return switch (words[0]) {
            case "none" -> Fault.none();
            case "black-hole" -> Fault.blackHole();
            case "black-hole-after" -> Fault.blackHoleAfter(amount);
            case "close-after" -> Fault.closeAfter(amount);
            case "reset-after" -> Fault.resetAfter(amount);
            case "stall" -> Fault.stall();
            case "delay" -> Fault.delay(Duration.ofMillis(amount));
            case "throttle" -> Fault.throttle(amount);
            case "single-bytes" -> Fault.singleBytes();
            default -> throw new IllegalArgumentException("unknown fault: " + text);
        };
    }
}
