package dev.bowline.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A Redis server of the test's own, on a free port of the loopback address, with a directory that goes with it. Without the program
 * {@code redis-server} the test is skipped.
 *
 * <p>Used by one thread.
 */
public final class RedisProcess implements AutoCloseable {
    private static final String PROGRAM = "redis-server";
    private static final Duration START = Duration.ofSeconds(20);

    private final int port;
    private final Path directory;
    private final List<String> settings;
    private @Nullable Process process;

    private RedisProcess(int port, Path directory, List<String> settings) {
        this.port = port;
        this.directory = directory;
        this.settings = settings;
    }

    /** Starts one that keeps nothing over its end, unless the settings say so: {@code --name}, {@code value} and so on. */
    public static RedisProcess start(String... settings) {
        Assumptions.assumeTrue(isThere(), PROGRAM + " is missing; Debian's package redis-server has it");
        try {
            RedisProcess server = new RedisProcess(freePort(), Files.createTempDirectory("redis"), List.of(settings));
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it again, on the same port and with what is in its directory. */
    public void start() {
        List<String> command = new ArrayList<>(List.of(
                PROGRAM,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                directory.toString(),
                "--save",
                "",
                "--appendonly",
                "no"));
        command.addAll(settings);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log.txt").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until("Redis answers on port " + port, START, () -> "+PONG".equals(ask("PING")));
    }

    /** Sends one inline command; the first line of the answer, or null without one. */
    public @Nullable String ask(String command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(Math.toIntExact(Await.DEFAULT.toMillis()));
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            StringBuilder line = new StringBuilder();
            for (int next = socket.getInputStream().read();
                    next >= 0 && next != '\r';
                    next = socket.getInputStream().read()) {
                line.append((char) next);
            }
            return line.toString();
        } catch (IOException e) {
            return null; // it is not there, or has gone meanwhile
        }
    }

    public int port() {
        return port;
    }

    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Where it keeps its files. */
    public Path directory() {
        return directory;
    }

    /** Ends it as SIGKILL does. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            try {
                if (!running.waitFor(Await.DEFAULT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("Redis on port " + port + " can't be ended");
                }
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while Redis ends", e);
            }
            process = null;
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
