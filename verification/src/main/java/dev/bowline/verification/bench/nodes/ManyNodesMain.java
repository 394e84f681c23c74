package dev.bowline.verification.bench.nodes;

import dev.bowline.verification.bench.compare.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * {@code scripts/bench nodes}: what many nodes on one Redis cost, and how sessions go from one to another; fills in {@code
 * docs/deployment.md}. It starts the Redis, the nodes, each in a process, and is the clients itself. Argument: {@code --quick} for small
 * numbers and a page elsewhere.
 */
public final class ManyNodesMain {
    private static final int NODES = 3;

    private final boolean quick;
    private final long beganNanos = System.nanoTime();
    private final Path root = Path.of(System.getProperty("bench.root", "."));

    private ManyNodesMain(boolean quick) {
        this.quick = quick;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (String argument : arguments) {
            if (!argument.equals("--quick")) {
                throw new IllegalArgumentException("what is " + argument + "? --quick is all that there is");
            }
        }
        new ManyNodesMain(arguments.length > 0).run();
        System.exit(0); // threads of clients may still be about to end
    }

    private int of(int whole, int quickly) {
        return quick ? quickly : whole;
    }

    private void run() throws IOException, InterruptedException {
        DocumentedBytes bytes = DocumentedBytes.read(root.resolve("docs"));
        Figures figures = measure();
        DeploymentPage page = new DeploymentPage(quick ? root.resolve("target/bench/docs") : root.resolve("docs"));
        page.write(
                Machine.describe(Path.of(System.getProperty("java.home"), "bin", "java")),
                figures,
                new Sizing(figures, bytes).text());
    }

    private Figures measure() throws IOException, InterruptedException {
        List<Delays.Result> delays = new ArrayList<>();
        List<Growth.Result> growth = new ArrayList<>();
        List<Flood.Result> floods = new ArrayList<>();
        Map<Mode, List<Prices.Price>> prices = new EnumMap<>(Mode.class);
        List<Requests.Result> requests = new ArrayList<>();
        List<Idle.Result> idle = new ArrayList<>();
        List<Resumes.Result> resumes = new ArrayList<>();
        List<Return.Result> returns = new ArrayList<>();
        int messages = of(2_000, 200);
        try (Installation on = Installation.start(Mode.MEMORY, 1)) {
            say("memory: delays, requests");
            delays.add(Delays.measure("memory, one node", on, 0, 0, messages));
            requests.add(requests(on));
        }
        try (Installation on = Installation.start(Mode.KEPT, NODES)) {
            say("sessions kept: delays");
            delays.add(Delays.measure("Redis, one node", on, 0, 0, messages));
            delays.add(Delays.measure("Redis, two nodes", on, 0, 1, messages));
            say("more nodes");
            growth.addAll(Growth.measure(on, NODES, of(7, 2), of(300, 30)));
            floods.addAll(Flood.measure(on, NODES, of(20_000, 2_000)));
        }
        for (Mode mode : List.of(Mode.KEPT, Mode.HANDED_OVER)) {
            try (Installation on = Installation.start(mode, 2)) {
                say(mode.label() + ": idle sessions");
                idle.add(Idle.measure(on, 2, of(1_000, 200), of(30, 5)));
            }
            try (Installation on = Installation.start(mode, 2)) {
                say(mode.label() + ": prices");
                prices.put(mode, Prices.measure(on, of(300, 30)));
                requests.add(requests(on));
            }
        }
        try (Installation on = Installation.start(Mode.KEPT, NODES)) {
            say("resumes");
            resumes.addAll(Resumes.measureAlive(on, of(300, 50)));
            resumes.addAll(Resumes.measureKilled(on, NODES - 1, of(100, 20)));
        }
        for (Mode mode : List.of(Mode.KEPT, Mode.HANDED_OVER)) {
            try (Installation on = Installation.start(mode, NODES)) {
                say(mode.label() + ": a node is killed");
                returns.add(Return.measure(on, of(1_000, 100)));
            }
        }
        return new Figures(delays, growth, floods, prices, requests, idle, resumes, returns);
    }

    private Requests.Result requests(Installation on) throws IOException, InterruptedException {
        return Requests.measure(on, of(3_000, 300), of(100_000, 10_000));
    }

    private void say(String what) {
        System.out.println((System.nanoTime() - beganNanos) / 1_000_000_000 + " s: " + what);
    }
}
