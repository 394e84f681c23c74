package dev.bowline.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final int tlsPort; // 0 without
    private final Path directory;
    private final List<String> settings;
    private @Nullable Process process;

    /** Whether it is stopped by {@link #pause}. */
    private boolean paused;

    private RedisProcess(int port, int tlsPort, Path directory, List<String> settings) {
        this.port = port;
        this.tlsPort = tlsPort;
        this.directory = directory;
        this.settings = settings;
    }

    /** Starts one that keeps nothing over its end, unless the settings say so: {@code --name}, {@code value} and so on. */
    public static RedisProcess launch(String... settings) {
        return new RedisProcess(FreePorts.next(), 0, newDirectory(), List.of(settings)).started();
    }

    /** As {@link #start}: a replica of another one, which has all that the other one has when this returns. */
    public static RedisProcess startReplicaOf(RedisProcess master, String... settings) {
        RedisProcess replica = launch(settings);
        try {
            replica.follow(master); // and not by a setting: when it is started again it may be the master
            return replica;
        } catch (AssertionError e) {
            replica.close();
            throw e;
        }
    }

    /**
     * As {@link #start}: one that speaks TLS too, on {@link #tlsUri}, and asks for no certificate.
     *
     * @param identity what it shows; for {@code 127.0.0.1}
     */
    public static RedisProcess startWithTls(TestIdentity identity, String... settings) {
        int tlsPort = FreePorts.next();
        Path directory = newDirectory();
        List<String> all = new ArrayList<>(List.of(
                "--tls-port",
                Integer.toString(tlsPort),
                "--tls-cert-file",
                identity.writeChain(directory, "server").toString(),
                "--tls-key-file",
                identity.writeKey(directory, "server").toString(),
                "--tls-auth-clients",
                "no"));
        all.addAll(Arrays.asList(settings));
        return new RedisProcess(FreePorts.next(), tlsPort, directory, all).started();
    }

    /** Starts a Sentinel with such a configuration, but for its port and its directory. */
    static RedisProcess startSentinel(String configuration) {
        Path directory = newDirectory();
        Path file = TestIdentity.write(directory.resolve("sentinel.conf"), configuration);
        return new RedisProcess(FreePorts.next(), 0, directory, List.of(file.toString(), "--sentinel")).started();
    }

    private static Path newDirectory() {
        Assumptions.assumeTrue(isThere(), PROGRAM + " is missing; Debian's package redis-server has it");
        try {
            return Files.createTempDirectory("redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
    }

    private RedisProcess started() {
        try {
            start();
            return this;
        } catch (AssertionError | UncheckedIOException e) {
            close();
            throw e;
        }
    }

    /** Starts it again, on the same port and with what is in its directory. */
    public void start() {
        List<String> command = new ArrayList<>(List.of(PROGRAM));
        boolean sentinel = settings.contains("--sentinel");
        if (sentinel) {
            command.addAll(settings); // its file stands first
        }
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", directory.toString()));
        if (!sentinel) {
            command.addAll(List.of("--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"));
            command.addAll(settings);
        }
        Path log = directory.resolve("log.txt");
        Process begun;
        try {
            begun = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Orphans.begun(begun);
        process = begun;
        Await.until("Redis answers on port " + port, START, () -> {
            if (!begun.isAlive()) {
                throw new AssertionError("Redis did not start: " + read(log));
            }
            String answer = ask("PING");
            return answer != null && (answer.equals("+PONG") || answer.startsWith("-NOAUTH"));
        });
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes it a replica of another one, and waits until it has all that the other one has. */
    void follow(RedisProcess master) {
        String answer = ask("REPLICAOF 127.0.0.1 " + master.port());
        if (answer == null || !answer.startsWith("+OK")) { // Sentinel may have told it before
            throw new AssertionError("REPLICAOF: " + answer);
        }
        awaitReplication();
    }

    /** Waits until this replica has all that its master has. */
    void awaitReplication() {
        Await.until(
                "the replica on port " + port + " has what its master has",
                START,
                () -> info("replication", "master_link_status").equals("up")
                        && info("replication", "master_sync_in_progress").equals("0"));
    }

    /** Sends one inline command; of the answer the content if it is a string, else the first line; null without an answer. */
    public @Nullable String ask(String command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(Math.toIntExact(Await.DEFAULT.toMillis()));
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            InputStream answer = socket.getInputStream();
            StringBuilder line = new StringBuilder();
            for (int next = answer.read(); next >= 0 && next != '\r'; next = answer.read()) {
                line.append((char) next);
            }
            if (line.indexOf("$") != 0 || line.indexOf("-") == 1) {
                return line.toString();
            }
            answer.skipNBytes(1);
            return new String(answer.readNBytes(Integer.parseInt(line.substring(1))), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return null; // it is not there, or has gone meanwhile
        }
    }

    /** What the command INFO says of something; empty if nothing. */
    public String info(String section, String name) {
        String answer = ask("INFO " + section);
        return answer == null
                ? ""
                : answer.lines()
                        .filter(line -> line.startsWith(name + ":"))
                        .map(line -> line.substring(name.length() + 1))
                        .findFirst()
                        .orElse("");
    }

    public int port() {
        return port;
    }

    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Of one that was started with TLS. */
    public String tlsUri() {
        if (tlsPort == 0) {
            throw new IllegalStateException("it speaks no TLS");
        }
        return "rediss://127.0.0.1:" + tlsPort;
    }

    /** Where it keeps its files. */
    public Path directory() {
        return directory;
    }

    /** Stops it as SIGSTOP does: the kernel takes connections and bytes, and nobody answers. */
    public void pause() {
        signal("STOP");
        paused = true;
    }

    /** Has it go on after {@link #pause}; nothing if it was not paused. */
    public void resume() {
        if (paused) {
            paused = false;
            signal("CONT");
        }
    }

    private void signal(String name) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("Redis on port " + port + " does not run");
        }
        try {
            int result = new ProcessBuilder("kill", "-" + name, Long.toString(running.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (result != 0) {
                throw new AssertionError("Redis on port " + port + " can't be sent SIG" + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a signal is sent", e);
        }
    }

    /** Ends it as SIGKILL does; nothing if it does not run. */
    public void kill() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroyForcibly();
        try {
            if (!running.waitFor(Await.DEFAULT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("Redis on port " + port + " can't be ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while Redis ends", e);
        }
        Orphans.ended(running);
        process = null;
        paused = false;
    }

    @Override
    public void close() {
        kill();
        delete(directory);
    }

    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes all of them, whatever becomes of each; what went wrong first is thrown, the rest with it. */
    static void closeAll(List<RedisProcess> processes) {
        Throwable failure = null;
        for (RedisProcess one : processes) {
            try {
                one.close();
            } catch (RuntimeException | AssertionError e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw new AssertionError("not all of Redis could be ended", failure);
        }
    }
}
