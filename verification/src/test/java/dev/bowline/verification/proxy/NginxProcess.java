package dev.bowline.verification.proxy;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.Orphans;
import dev.bowline.verification.support.Requirements;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An nginx of the test's own, with a configuration and a directory that go with it. Without the program the test is skipped. Used by one
 * thread.
 */
final class NginxProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(20);

    private final Process process;
    private final Path directory;

    private NginxProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /**
     * Starts it.
     *
     * @param directory an empty one, for its files
     * @param port where the configuration has it listen, on the loopback address
     * @param main what stands at the top of the configuration
     * @param http what stands in its part {@code http}
     */
    static NginxProcess start(Path directory, int port, String main, String http) {
        Path log = directory.resolve("error.log");
        String configuration =
                """
                %s
                daemon off;
                worker_processes 1;
                pid DIRECTORY/nginx.pid;
                error_log DIRECTORY/error.log info;
                %s
                events { worker_connections 256; }
                http {
                    access_log off;
                    client_body_temp_path DIRECTORY/body;
                    proxy_temp_path DIRECTORY/proxy;
                    fastcgi_temp_path DIRECTORY/fastcgi;
                    uwsgi_temp_path DIRECTORY/uwsgi;
                    scgi_temp_path DIRECTORY/scgi;
                    %s
                }
                """.formatted(isRoot() ? "user root root;" : "", main, http).replace("DIRECTORY", directory.toString());
        try {
            Path file = Files.writeString(directory.resolve("nginx.conf"), configuration);
            Process process = new ProcessBuilder(
                            program(), "-p", directory.toString(), "-e", log.toString(), "-c", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
            Orphans.begun(process);
            NginxProcess nginx = new NginxProcess(process, directory);
            try {
                Await.until("nginx listens on port " + port, START, () -> nginx.isListening(port));
                return nginx;
            } catch (AssertionError e) {
                nginx.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name", "").equals("root");
    }

    /** Debian has it where only root looks for programs. */
    private static String program() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> Requirements.missing("nginx is missing; Debian's package nginx-light has it"))
                .toString();
    }

    private boolean isListening(int port) {
        if (!process.isAlive()) {
            throw new AssertionError("nginx did not start: " + said());
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet
        }
    }

    /** What it has logged. */
    String said() {
        StringBuilder all = new StringBuilder();
        for (String name : List.of("output", "error.log")) {
            try {
                all.append(Files.readString(directory.resolve(name)));
            } catch (IOException e) {
                all.append('<').append(e).append('>');
            }
        }
        return all.toString();
    }

    /** Has it read its configuration again, as {@code nginx -s reload} does; returns when new workers have begun. */
    void reload() {
        long before = workersBegun();
        try {
            int code = new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -HUP ended with " + code);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        Await.until("new workers", START, () -> workersBegun() > before);
    }

    private long workersBegun() {
        return said().lines()
                .filter(line -> line.contains("start worker process "))
                .count();
    }

    /** Ends it, and its workers with it. */
    @Override
    public void close() {
        process.destroy(); // SIGTERM: at once
        try {
            if (!process.waitFor(Await.DEFAULT.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("nginx did not end: " + said());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            Orphans.ended(process);
        }
    }
}
