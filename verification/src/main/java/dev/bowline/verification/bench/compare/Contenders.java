package dev.bowline.verification.bench.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The servers that can be started here. */
final class Contenders {
    private static final String SERVERS = "dev.bowline.verification.bench.servers.";

    private Contenders() {}

    /**
     * @param java the program
     * @param classPath of the servers
     * @param npm the directory of the servers for Node and Bun, with what they need installed
     * @param floor the compiled floor; where there is none, it is left out
     */
    static List<Contender> all(Path java, String classPath, Path npm, Path floor) {
        List<Contender> all = new ArrayList<>();
        if (Files.isExecutable(floor)) {
            all.add(new Contender(Contender.FLOOR, List.of(floor.toString()), List.of(), false));
        }
        all.add(java(Contender.BOWLINE, "Bowline", java, classPath, "automatic"));
        all.add(java("Bowline, NIO", "Bowline", java, classPath, "nio"));
        Path bun = npm.resolve("node_modules/@oven/bun-linux-x64/bin/bun");
        if (!Files.isExecutable(bun)) {
            bun = npm.resolve("node_modules/@oven/bun-linux-aarch64/bin/bun");
        }
        if (Files.isExecutable(bun)) {
            all.add(new Contender(
                    "Bun (uWebSockets)",
                    List.of(bun.toString(), npm.resolve("bun-server.js").toString()),
                    List.of(),
                    false));
        }
        for (String name :
                List.of("Netty", "Vertx", "Undertow", "Jetty", "JavaWebSocket", "Tomcat", "Helidon", "Tyrus")) {
            all.add(java(
                    switch (name) {
                        case "Vertx" -> "Vert.x";
                        case "JavaWebSocket" -> "Java-WebSocket";
                        default -> name;
                    },
                    name,
                    java,
                    classPath));
        }
        if (Files.isDirectory(npm.resolve("node_modules/ws"))) {
            all.add(new Contender(
                    "ws",
                    List.of("node", "--expose-gc", npm.resolve("ws-server.js").toString()),
                    List.of(),
                    false));
        }
        return all;
    }

    private static Contender java(String name, String server, Path java, String classPath, String... arguments) {
        return new Contender(
                name,
                List.of(
                        java.toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xms1g",
                        "-Xmx1g",
                        "-cp",
                        classPath,
                        SERVERS + server + "BenchServer"),
                List.of(arguments),
                true);
    }
}
