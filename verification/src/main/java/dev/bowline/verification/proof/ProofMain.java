package dev.bowline.verification.proof;

import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.FaultProxy.Admission;
import dev.bowline.testkit.FaultProxy.Direction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A hub, and a fault-injecting proxy before it for each client, as a program that obeys lines and says lines. First it says {@code ready}
 * and the ports of the proxies, then what {@link ProvedHub} says. It ends with its standard input. The lines that it obeys:
 *
 * <pre>
 * speak                                the hub speaks by itself
 * silence                              and no longer; answered by silent
 * PROXY close | reset                  all links end, by FIN or by RST
 * PROXY cut DIRECTION close|reset N    so do those that there are, after N bytes
 * PROXY bytes DIRECTION FAULT [N]      what happens to bytes: none, hole, stall, single, delay (ms), throttle (bytes a second)
 * PROXY admit ADMISSION                what becomes of new connections
 * </pre>
 *
 * <p>PROXY counts from 0; DIRECTION is {@code TO_SERVER}, {@code TO_CLIENT} or {@code BOTH}.
 */
public final class ProofMain {
    private ProofMain() {}

    /**
     * Runs until there is no more input.
     *
     * @param arguments the number of proxies
     */
    public static void main(String[] arguments) throws IOException {
        int clients = Integer.parseInt(arguments[0]);
        List<FaultProxy> proxies = new ArrayList<>();
        try (ProvedHub hub = new ProvedHub(ProofMain::say);
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            StringBuilder ready = new StringBuilder("ready");
            for (int i = 0; i < clients; i++) {
                FaultProxy proxy = FaultProxy.to("127.0.0.1", hub.port());
                proxies.add(proxy);
                ready.append(' ').append(proxy.port());
            }
            say(ready.toString());
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.equals("speak")) {
                    hub.speak();
                } else if (line.equals("silence")) {
                    hub.fallSilent();
                } else {
                    obey(proxies, line.split(" "));
                }
            }
        } finally {
            proxies.forEach(FaultProxy::close);
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }

    private static void obey(List<FaultProxy> proxies, String[] words) {
        FaultProxy proxy = proxies.get(Integer.parseInt(words[0]));
        switch (words[1]) {
            case "close" -> proxy.closeAll();
            case "reset" -> proxy.resetAll();
            case "admit" -> proxy.admit(Admission.valueOf(words[2]));
            case "cut" -> {
                long bytes = Long.parseLong(words[4]);
                Fault cut = words[3].equals("close") ? Fault.closeAfter(bytes) : Fault.resetAfter(bytes);
                proxy.links().forEach(link -> directions(words[2]).forEach(way -> link.apply(way, cut)));
            }
            case "bytes" -> {
                Fault fault = fault(words[3], words.length > 4 ? Long.parseLong(words[4]) : 0);
                directions(words[2]).forEach(way -> proxy.apply(way, fault));
            }
            default -> throw new IllegalArgumentException("unknown order: " + String.join(" ", words));
        }
    }

    private static List<Direction> directions(String word) {
        return word.equals("BOTH") ? List.of(Direction.values()) : List.of(Direction.valueOf(word));
    }

    private static Fault fault(String name, long amount) {
        return switch (name) {
            case "none" -> Fault.none();
            case "hole" -> Fault.blackHole();
            case "stall" -> Fault.stall();
            case "single" -> Fault.singleBytes();
            case "delay" -> Fault.delay(Duration.ofMillis(amount));
            case "throttle" -> Fault.throttle(amount);
            default -> throw new IllegalArgumentException("unknown fault: " + name);
        };
    }
}
