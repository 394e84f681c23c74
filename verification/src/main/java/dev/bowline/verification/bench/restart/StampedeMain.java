package dev.bowline.verification.bench.restart;

import dev.bowline.verification.bench.compare.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code scripts/bench stampede}: what it is when all clients of a server come back, at full size on a timeline and as far as files go with
 * real connections; fills in {@code docs/restart.md}. Arguments: {@code --quick} for few of them and a page elsewhere; {@code simulated} or
 * {@code sockets} for a part alone.
 */
public final class StampedeMain {
    private static final int RETURNS_PER_SECOND = 1_000; // the default
    private static final int AT_ONCE = Integer.MAX_VALUE;
    private static final int SIMULATED = 50_000;
    private static final int SOCKETS = 18_000;
    private static final int QUICK_SHARE = 10;
    private static final long SEED = 1;

    private static final List<Course> ON_THE_TIMELINE = List.of(
            Course.restart("restart, advice spread", RETURNS_PER_SECOND, 500),
            Course.restart("restart, all told to come at once", AT_ONCE, 500),
            Course.crash("crash, others take over at once", 0),
            Course.crash("crash, back after 0.5 s", 500),
            Course.crash("crash, back after 5 s", 5_000),
            Course.crash("crash, back after 30 s", 30_000));

    private static final List<Course> WITH_SOCKETS = List.of(
            Course.restart("restart, advice spread", RETURNS_PER_SECOND, 500),
            Course.restart("restart, all told to come at once", AT_ONCE, 500),
            Course.crash("crash, another process started at once", 0),
            Course.crash("crash, another one after 5 s", 5_000));

    private StampedeMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> given = List.of(arguments);
        boolean quick = given.contains("--quick");
        boolean both = !given.contains("simulated") && !given.contains("sockets");
        Path root = Path.of(System.getProperty("bench.root", "."));
        RestartPage page = new RestartPage(quick ? root.resolve("target/bench/docs") : root.resolve("docs"));
        if (both || given.contains("simulated")) {
            simulate(page, quick ? SIMULATED / QUICK_SHARE : SIMULATED);
        }
        if (both || given.contains("sockets")) {
            connect(page, quick ? SOCKETS / QUICK_SHARE : SOCKETS);
        }
    }

    private static void simulate(RestartPage page, int clients) throws IOException {
        List<Result> results = new ArrayList<>();
        List<Long> heaps = new ArrayList<>();
        for (Course course : ON_THE_TIMELINE) {
            System.out.println(clients + " on a timeline: " + course.label());
            results.add(new Rehearsal(course, clients, SEED).play(results.isEmpty() ? heaps::add : heap -> {}));
        }
        page.writeSimulated(results, heaps);
    }

    private static void connect(RestartPage page, int clients) throws IOException, InterruptedException {
        List<SocketTrial.Measured> measured = new ArrayList<>();
        for (Course course : WITH_SOCKETS) {
            System.out.println(clients + " connections: " + course.label());
            measured.add(new SocketTrial(course, clients).run());
        }
        page.writeSockets(measured, Machine.describe(Path.of(System.getProperty("java.home"), "bin", "java")));
    }
}
