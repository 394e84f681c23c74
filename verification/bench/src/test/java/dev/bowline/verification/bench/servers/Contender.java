package dev.bowline.verification.bench.servers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A server of the comparison, and how it is started here. */
enum Contender {
    BOWLINE("BowlineBenchServer", true, "automatic"),
    BOWLINE_NIO("BowlineBenchServer", true, "nio"),
    NETTY("NettyBenchServer", true),
    VERTX("VertxBenchServer", true),
    UNDERTOW("UndertowBenchServer", true),
    JETTY("JettyBenchServer", true),
    JAVA_WEBSOCKET("JavaWebSocketBenchServer", true),
    TOMCAT("TomcatBenchServer", true),
    HELIDON("HelidonBenchServer", false),
    TYRUS("TyrusBenchServer", false),
    FLOOR_NIO("FloorBenchServer", false),
    FLOOR_C("floor/floor.c", false),
    WS("ws-server.js", true),
    BUN("bun-server.js", true);

    private static final Path NPM = Path.of("npm").toAbsolutePath();
    private static final int HELIDON_NEEDS_JAVA = 21;
    private static final int JAVA_THAT_WARNS_OF_UNSAFE = 24;
    private static final long INSTALL_MINUTES = 3;

    private final String main;
    private final boolean compresses;
    private final String argument;

    Contender(String main, boolean compresses) {
        this(main, compresses, "");
    }

    /**
     * @param main the simple name of a class here, or a file
     * @param compresses whether it has permessage-deflate; if not, it says so
     * @param argument behind the mode; empty for none
     */
    Contender(String main, boolean compresses, String argument) {
        this.main = main;
        this.compresses = compresses;
        this.argument = argument;
    }

    boolean can(Mode mode) {
        return mode != Mode.DEFLATE || compresses;
    }

    /** Whether it knows what it has allocated, and what it holds. */
    boolean tellsMemory() {
        return this != FLOOR_C;
    }

    /** Starts it; ends the test, with the reason, where the machine lacks what it needs. */
    ContenderProcess start(Mode mode) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                switch (this) {
                    case FLOOR_C -> List.of(compiledFloor());
                    case WS -> List.of(node(), "--expose-gc", script());
                    case BUN -> List.of(bun(), script());
                    default -> java();
                });
        command.add(mode.name().toLowerCase(Locale.ROOT));
        if (!argument.isEmpty()) {
            command.add(argument);
        }
        return new ContenderProcess(command);
    }

    private List<String> java() {
        int release = Runtime.version().feature();
        Assumptions.assumeTrue(
                this != HELIDON || release >= HELIDON_NEEDS_JAVA, "Helidon needs Java " + HELIDON_NEEDS_JAVA);
        List<String> command = new ArrayList<>(
                List.of(System.getProperty("java.home") + "/bin/java", "--enable-native-access=ALL-UNNAMED", "-Xmx1g"));
        if (release >= JAVA_THAT_WARNS_OF_UNSAFE) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        // Surefire may start its JVM with a jar that only names the class path; the path itself stands here then.
        String whole = System.getProperty("surefire.test.class.path");
        command.addAll(List.of("-cp", whole != null ? whole : System.getProperty("java.class.path")));
        command.add(Contender.class.getPackageName() + "." + main);
        return command;
    }

    private String compiledFloor() throws IOException, InterruptedException {
        Path compiled = Path.of("target/floor").toAbsolutePath();
        run("a C compiler", "cc", "-O2", "-o", compiled.toString(), main);
        return compiled.toString();
    }

    private String script() {
        return NPM.resolve(main).toString();
    }

    private static String node() throws IOException, InterruptedException {
        run("Node.js", "node", "--version");
        install();
        return "node";
    }

    private static String bun() throws IOException, InterruptedException {
        install();
        for (String platform : List.of("x64", "aarch64")) {
            Path bun = NPM.resolve("node_modules/@oven/bun-linux-" + platform + "/bin/bun");
            if (Files.isExecutable(bun)) {
                return bun.toString();
            }
        }
        return Assumptions.abort("Bun is not there for this platform");
    }

    private static void install() throws IOException, InterruptedException {
        if (!Files.isDirectory(NPM.resolve("node_modules"))) {
            run("npm, or a way to its registry,", "npm", "--prefix", NPM.toString(), "ci", "--ignore-scripts");
        }
    }

    private static void run(String what, String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(new File("target/contender-" + command[0] + ".log"))
                    .start();
        } catch (IOException e) {
            Assumptions.abort(what + " is missing: " + e.getMessage());
            return;
        }
        boolean ended = process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly();
        }
        Assumptions.assumeTrue(
                ended && process.exitValue() == 0,
                what + " does not work; see target/contender-" + command[0] + ".log");
    }
}
