package dev.bowline.verification.bench.restart;

import com.sun.management.OperatingSystemMXBean;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.HubOptions;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A server with a hub and one event loop, in a process of its own. Arguments: the port, 0 for any, and how many clients are to come back in
 * a second. Each line that it hears is answered by one line of numbers:
 *
 * <ul>
 *   <li>{@code memory}: bytes of heap after full collections, of direct buffers, and resident
 *   <li>{@code cpu}: nanoseconds of processor time so far
 *   <li>{@code publish N}: N messages to the topic {@code news}
 *   <li>{@code restart MS}: sends all clients away, closes the server, and begins another one with the same hub after that time; how long that took, in milliseconds
 * </ul>
 */
public final class ServerMain {
    static final String TOPIC = "news";

    private final Hub hub;
    private WebSocketServer server;

    private ServerMain(int port, int returnsPerSecond) throws IOException {
        hub = Hub.builder()
                .options(HubOptions.builder().returnsPerSecond(returnsPerSecond).build())
                .build();
        server = listen(port);
    }

    private WebSocketServer listen(int port) throws IOException {
        return WebSocketServer.builder()
                .host("0.0.0.0")
                .port(port)
                .options(ServerOptions.builder()
                        .eventLoops(1)
                        .backlog(4_096)
                        .maxConnectionsPerAddress(100_000)
                        .build())
                .endpoint(hub.serve(Endpoint.of("/", new WebSocketListener() {})))
                .start();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        ServerMain main = new ServerMain(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        System.out.println(main.server.port());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(main.answer(line.split(" ", -1)));
        }
    }

    private String answer(String[] question) throws IOException, InterruptedException {
        return switch (question[0]) {
            case "memory" -> memory();
            case "cpu" ->
                Long.toString(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getProcessCpuTime());
            case "publish" -> {
                for (int i = Integer.parseInt(question[1]); i > 0; i--) {
                    hub.topic(TOPIC)
                            .publish("message " + i)
                            .toCompletableFuture()
                            .join();
                }
                yield question[1];
            }
            case "restart" -> restart(Long.parseLong(question[1]));
            default -> throw new IllegalArgumentException("what is " + question[0] + "?");
        };
    }

    private String restart(long awayMillis) throws IOException, InterruptedException {
        long began = System.nanoTime();
        int port = server.port();
        hub.dismissAll(0);
        server.close();
        Thread.sleep(awayMillis);
        server = listen(port);
        return Long.toString((System.nanoTime() - began) / 1_000_000);
    }

    private static String memory() throws IOException, InterruptedException {
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(100); // for what is cleaned up behind a collection
        }
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024)
                .sum();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + " " + direct + " " + resident;
    }
}
