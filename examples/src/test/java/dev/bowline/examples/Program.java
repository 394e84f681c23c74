package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An example as a reader would run it: a process of its own. Closing it ends the process. For one thread. */
final class Program implements AutoCloseable {
    private final Process process;
    private final File output;
    private final int port;

    private Program(Process process, File output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /** Starts a server on a free port, and waits until it accepts connections. */
    static Program server(Class<?> program, String... properties) {
        int port = freePort();
        Program server = start(program, port, List.of(properties), List.of());
        Await.until(program.getSimpleName() + " accepts connections", server::accepts);
        return server;
    }

    /** Starts a client of the server on that port. */
    static Program client(Class<?> program, int port, String... arguments) {
        return start(program, port, List.of(), List.of(arguments));
    }

    private static Program start(Class<?> program, int port, List<String> properties, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dport=" + port);
        command.addAll(properties);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        File output = new File("target/" + program.getSimpleName() + "-" + port + ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            return new Program(process, output, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            assertThat(process.isAlive())
                    .as("the program runs; it said: %s", output())
                    .isTrue();
            return false;
        }
    }

    int port() {
        return port;
    }

    /** Types a line on the program's terminal. */
    void type(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that no line follows. */
    void endOfInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the program has printed so far. */
    String output() {
        try {
            return Files.readString(output.toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has ended by itself, for at most a minute. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(1, TimeUnit.MINUTES))
                .as("the program has ended; it said: %s", output())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
        Await.until("the program has ended", () -> !process.isAlive());
    }
}
