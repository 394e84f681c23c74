package dev.bowline.verification.bench.compare;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server, on the processors that are named. Ended when closed, or with this program. Used by one thread. */
final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern LISTENING = Pattern.compile("listening ([0-9]{1,5})");
    private static final Pattern ALLOCATED = Pattern.compile("allocated (-1|[0-9]{1,18})");
    private static final Pattern MEMORY = Pattern.compile("memory heap=(-1|[0-9]{1,18}) direct=(-1|[0-9]{1,18})");

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final Path errors;
    private final long startedNanos;
    private final int port;

    /**
     * Starts it and waits until it listens.
     *
     * @param cores those that it may use, as {@code taskset} takes them
     * @throws IOException if it does not; the message says what it said
     */
    ServerProcess(Contender contender, String mode, List<String> javaOptions, String cores) throws IOException {
        if (!contender.cannot().isEmpty()) {
            throw new IOException(contender.cannot());
        }
        List<String> command = new ArrayList<>(List.of("taskset", "-c", cores));
        command.addAll(contender.command(javaOptions));
        command.add(mode);
        command.addAll(contender.arguments());
        errors = Files.createTempFile("bench-server", ".err");
        startedNanos = System.nanoTime();
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        try {
            String line = line();
            Matcher listening = LISTENING.matcher(line);
            if (!listening.matches()) {
                List<String> said = Files.readAllLines(errors, StandardCharsets.UTF_8);
                throw new IOException("it does not start: " + (said.isEmpty() ? line : said.get(0)));
            }
            port = Integer.parseInt(listening.group(1));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The next line; empty at the end. */
    private String line() throws IOException {
        CompletableFuture<String> reading = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try {
                        String line = out.readLine();
                        reading.complete(line == null ? "" : line);
                    } catch (IOException e) {
                        reading.completeExceptionally(new UncheckedIOException(e));
                    }
                },
                "bench-server-line");
        reader.setDaemon(true);
        reader.start();
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

    /** When it was started, by {@link System#nanoTime}. */
    long startedNanos() {
        return startedNanos;
    }

    private Matcher ask(String command, Pattern expected) throws IOException {
        try {
            in.write(command + "\n");
            in.flush();
        } catch (IOException e) {
            throw new IOException("the server has ended", e);
        }
        String answer = line();
        Matcher matcher = expected.matcher(answer);
        if (!matcher.matches()) {
            throw new IOException(
                    "\"" + command + "\" was answered with " + (answer.isEmpty() ? "nothing" : "\"" + answer + "\""));
        }
        return matcher;
    }

    /** The bytes that it has allocated on its heap so far; -1 where it does not know. */
    long allocated() throws IOException {
        return Long.parseLong(ask("allocated", ALLOCATED).group(1));
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
        Matcher memory = ask("memory", MEMORY);
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                long kib = Long.parseLong(line.replaceAll("[^0-9]", ""));
                return new Memory(Long.parseLong(memory.group(1)), Long.parseLong(memory.group(2)), kib * 1024);
            }
        }
        throw new IOException("the operating system does not tell its memory");
    }

    @Override
    public void close() {
        process.destroyForcibly(); // it has nothing to lose
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            Files.deleteIfExists(errors);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.err.println("bench: " + errors + " can't be deleted: " + e);
        }
    }
}
