package dev.bowline.verification.bench.restart;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A restart with real connections: a server and its clients in a process each, as many as a process may have files. Used by one thread.
 */
final class SocketTrial {
    private static final int STEADY_MILLIS = 61_000; // from then on the first attempt comes at once (section 8.3)
    private static final int QUIET_MILLIS = 5_000;
    private static final int SETTLING_MILLIS =
            30_000; // timers that were set for connections that are gone have fired by then
    private static final int LOOK_MILLIS = 100;
    private static final int PATIENCE_SECONDS = 180;
    private static final int WITHOUT_THEM = 5; // messages of the topic, while they are away

    /**
     * What the server held, in bytes.
     *
     * @param resident as the operating system has it
     */
    record Memory(long heap, long direct, long resident) {}

    /**
     * What a trial cost.
     *
     * @param idle share of a processor's time that the server took before
     * @param returning the same, while clients came back; the time is that until the last one was
     * @param after the same, when all were back
     * @param microsPerReturn processor time of the server for each client that came back
     */
    record Cost(double idle, double returning, double after, double microsPerReturn) {}

    /**
     * What the server held; not known of a crash, after which it is another one.
     *
     * @param none without clients
     * @param open with all of them
     * @param back when all had come back
     * @param left when all had left
     */
    record Memories(Memory none, Memory open, Memory back, Memory left) {}

    record Measured(Result result, Cost cost, @Nullable Memories memories) {}

    private final Course course;
    private final int count;

    SocketTrial(Course course, int count) {
        this.course = course;
        this.count = count;
    }

    /**
     * Makes it; takes a minute or two.
     *
     * @throws IOException if a process ends, or clients do not come back
     */
    Measured run() throws IOException, InterruptedException {
        Child server = newServer(0);
        try {
            Memory none = memory(server);
            int port = (int) server.greeting()[0];
            try (Child clients = new Child(ClientsMain.class, Integer.toString(port), Integer.toString(count))) {
                if (!course.graceful()) {
                    Thread.sleep(STEADY_MILLIS);
                }
                Memory open = memory(server);
                double idle = load(server, QUIET_MILLIS);
                clients.ask("mark");
                long began = System.nanoTime();
                long cpu = cpu(server);
                if (course.graceful()) {
                    server.ask("restart " + course.awayMillis());
                    server.ask("publish " + WITHOUT_THEM);
                } else {
                    server.close();
                    Thread.sleep(course.awayMillis());
                    server = newServer(port);
                    cpu = 0; // another process
                }
                awaitOpen(clients);
                double seconds = (System.nanoTime() - began) / 1e9;
                double used = (cpu(server) - cpu) / 1e9;
                double after = load(server, QUIET_MILLIS);
                Result result = result(clients);
                Cost cost = new Cost(idle, used / seconds, after, used * 1e6 / count);
                if (!course.graceful()) {
                    return new Measured(result, cost, null);
                }
                Thread.sleep(SETTLING_MILLIS);
                Memory back = memory(server);
                clients.ask("bye");
                Thread.sleep(SETTLING_MILLIS);
                return new Measured(result, cost, new Memories(none, open, back, memory(server)));
            }
        } finally {
            server.close();
        }
    }

    private Child newServer(int port) throws IOException {
        return new Child(ServerMain.class, Integer.toString(port), Integer.toString(course.returnsPerSecond()));
    }

    private static Memory memory(Child server) throws IOException {
        long[] bytes = server.ask("memory");
        return new Memory(bytes[0], bytes[1], bytes[2]);
    }

    private static long cpu(Child server) throws IOException {
        return server.ask("cpu")[0];
    }

    private static double load(Child server, int millis) throws IOException, InterruptedException {
        long before = cpu(server);
        Thread.sleep(millis);
        return (cpu(server) - before) / 1e6 / millis;
    }

    /** Openings are counted, as clients are still open in the beginning. */
    private void awaitOpen(Child clients) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            long[] outcome = clients.ask("outcome");
            if (outcome[0] + outcome[1] >= count && clients.ask("open")[0] == count) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(outcome[0] + outcome[1] + " of " + count + " clients are back");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private Result result(Child clients) throws IOException {
        long[] outcome = clients.ask("outcome");
        return new Result(
                course,
                count,
                Curve.of(clients.ask("attempts")),
                Curve.of(clients.ask("openings")),
                outcome[0],
                course.graceful() ? (long) count * WITHOUT_THEM - outcome[2] + outcome[3] : 0);
    }
}
