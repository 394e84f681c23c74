package dev.bowline.verification.bench.compare;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The servers that can be started here. */
final class Contenders {
    private static final String SERVERS = "dev.bowline.verification.bench.servers.";

    /** All run at once: their heaps together leave room on a machine of 16 GiB. */
    private static final String HEAP = "1g";

    private static final String SMALL_HEAP = "128m";
    private static final int OLDEST = 17;
    private static final int HELIDON = 21;

    /** From this release on, Java warns of what some peers do unless it is told not to. */
    private static final int WARNS_OF_UNSAFE = 24;

    private static final int HAS_EPOLL = 22;

    private final Path java;
    private final int release;
    private final String classPath;
    private final List<Contender> all = new ArrayList<>();

    private Contenders(Path java, int release, String classPath) {
        this.java = java;
        this.release = release;
        this.classPath = release >= HAS_EPOLL ? classPath : withoutLater(classPath);
    }

    /**
     * @param java the program
     * @param release of it, such as 25
     * @param classPath of the servers
     * @param npm the directory of the servers for Node and Bun, with what they need installed
     * @param floor the compiled floor; where there is none, it is left out
     */
    static List<Contender> all(Path java, int release, String classPath, Path npm, Path floor) {
        Contenders contenders = new Contenders(java, release, classPath);
        if (Files.isExecutable(floor)) {
            contenders.add("floor", Contender.FLOOR, List.of(floor.toString()));
        }
        contenders.java("floor-nio", Contender.FLOOR_NIO, "Floor", OLDEST, SMALL_HEAP);
        contenders.java("bowline", Contender.BOWLINE, "Bowline", OLDEST, HEAP, "automatic");
        contenders.java("bowline-nio", "Bowline, NIO", "Bowline", OLDEST, HEAP, "nio");
        for (String processor : List.of("x64", "aarch64")) {
            Path bun = npm.resolve("node_modules/@oven/bun-linux-" + processor + "/bin/bun");
            if (Files.isExecutable(bun)) {
                contenders.add(
                        "bun",
                        "Bun (uWebSockets)",
                        List.of(bun.toString(), npm.resolve("bun-server.js").toString()));
            }
        }
        contenders.java("netty", "Netty", "Netty", OLDEST, HEAP);
        contenders.java("vertx", "Vert.x", "Vertx", OLDEST, HEAP);
        contenders.java("undertow", "Undertow", "Undertow", OLDEST, HEAP);
        contenders.java("jetty", "Jetty", "Jetty", OLDEST, HEAP);
        contenders.java("java-websocket", "Java-WebSocket", "JavaWebSocket", OLDEST, HEAP);
        contenders.java("tomcat", "Tomcat", "Tomcat", OLDEST, HEAP);
        contenders.java("helidon", "Helidon", "Helidon", HELIDON, HEAP);
        contenders.java("tyrus", "Tyrus", "Tyrus", OLDEST, HEAP);
        if (Files.isDirectory(npm.resolve("node_modules/ws"))) {
            contenders.add(
                    "ws",
                    "ws",
                    List.of("node", "--expose-gc", npm.resolve("ws-server.js").toString()));
        }
        return List.copyOf(contenders.all);
    }

    private void add(String id, String name, List<String> command) {
        all.add(new Contender(id, name, command, List.of(), false, ""));
    }

    private void java(String id, String name, String server, int oldest, String heap, String... arguments) {
        List<String> command = new ArrayList<>(List.of(java.toString(), "--enable-native-access=ALL-UNNAMED"));
        if (release >= WARNS_OF_UNSAFE) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-cp", classPath, SERVERS + server + "BenchServer"));
        String cannot = release >= oldest ? "" : "it needs Java " + oldest;
        all.add(new Contender(id, name, List.copyOf(command), List.of(arguments), true, cannot));
    }

    /** An older Java can't read the classes that are for later ones. */
    private static String withoutLater(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("META-INF/versions"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
