package dev.bowline.verification.bench.compare;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server on the first processor. Ended when closed, or with this program. */
final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final int port;

    /**
     * Starts it and waits until it listens.
     *
     * @throws IOException if it does not; the message says what it said
     */
    ServerProcess(Contender contender, String mode, List<String> javaOptions) throws IOException {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", "0"));
        command.addAll(contender.command());
        if (contender.heap()) {
            command.addAll(4, javaOptions);
        }
        command.add(mode);
        command.addAll(contender.arguments());
        Path errors = Files.createTempFile("bench-server", ".err");
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        try {
            String line = line();
            if (line == null || !line.startsWith("listening ")) {
                throw new IOException("it does not start: " + firstLine(errors.toFile(), line));
            }
            port = Integer.parseInt(line.substring("listening ".length()));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static String firstLine(File errors, String line) throws IOException {
        List<String> lines = Files.readAllLines(errors.toPath());
        return lines.isEmpty() ? String.valueOf(line) : lines.get(0);
    }

    private String line() throws IOException {
        CompletableFuture<String> reading = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return out.readLine();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                task -> {
                    Thread thread = new Thread(task, "bench-server-line");
                    thread.setDaemon(true);
                    thread.start();
                });
        try {
            return reading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no line from the server within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    private String ask(String command) throws IOException {
        in.write(command + "\n");
        in.flush();
        String answer = line();
        if (answer == null || !answer.startsWith(command + " ")) {
            throw new IOException("\"" + command + "\" was answered with " + answer);
        }
        return answer.substring(command.length() + 1);
    }

    /** The bytes that it has allocated on its heap so far; -1 where it does not know. */
    long allocated() throws IOException {
        return Long.parseLong(ask("allocated"));
    }

    /**
     * What it holds after a full collection, in bytes.
     *
     * @param heap -1 where it does not know
     * @param direct -1 where it does not know
     * @param resident as the operating system has it
     */
    record Memory(long heap, long direct, long resident) {}

    Memory memory() throws IOException {
        String[] parts = ask("memory").split("[ =]", -1);
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                long kib = Long.parseLong(line.replaceAll("[^0-9]", ""));
                return new Memory(Long.parseLong(parts[1]), Long.parseLong(parts[3]), kib * 1024);
            }
        }
        throw new IOException("the operating system does not tell its memory");
    }

    @Override
    public void close() {
        process.destroyForcibly(); // it has nothing to lose
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
