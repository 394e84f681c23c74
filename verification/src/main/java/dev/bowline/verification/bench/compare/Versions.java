package dev.bowline.verification.bench.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The versions of the other servers, as they are on the class path and installed for Node. */
final class Versions {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The artifact that a contender is known by, and its name in the tables. */
    private static final Map<String, String> ARTIFACTS = artifacts();

    private Versions() {}

    private static Map<String, String> artifacts() {
        Map<String, String> artifacts = new LinkedHashMap<>();
        artifacts.put("netty-codec-http", "Netty");
        artifacts.put("vertx-core", "Vert.x");
        artifacts.put("undertow-core", "Undertow");
        artifacts.put("jetty-websocket-jetty-server", "Jetty");
        artifacts.put("Java-WebSocket", "Java-WebSocket");
        artifacts.put("tomcat-embed-websocket", "Tomcat");
        artifacts.put("helidon-webserver-websocket", "Helidon");
        artifacts.put("tyrus-server", "Tyrus");
        return artifacts;
    }

    /**
     * Such as {@code Netty 4.2.18.Final}, those of Java first.
     *
     * @throws IOException if a package's description can't be read
     */
    static List<String> all(String classPath, Path npm) throws IOException {
        List<String> versions = new ArrayList<>();
        ARTIFACTS.forEach((artifact, name) -> {
            for (String entry : classPath.split(File.pathSeparator, -1)) {
                String file = entry.substring(entry.lastIndexOf(File.separatorChar) + 1);
                String start = artifact + "-";
                if (file.startsWith(start)
                        && file.endsWith(".jar")
                        && startsWithDigit(file.substring(start.length()))) {
                    versions.add(name + " " + file.substring(start.length(), file.length() - ".jar".length()));
                    return;
                }
            }
        });
        ofPackage(npm, "@oven/bun-linux-x64", "Bun", versions);
        ofPackage(npm, "@oven/bun-linux-aarch64", "Bun", versions);
        ofPackage(npm, "ws", "ws", versions);
        return versions;
    }

    private static boolean startsWithDigit(String text) {
        return !text.isEmpty() && Character.isDigit(text.charAt(0));
    }

    private static void ofPackage(Path npm, String directory, String name, List<String> versions) throws IOException {
        Path description = npm.resolve("node_modules").resolve(directory).resolve("package.json");
        if (Files.exists(description)) {
            versions.add(name + " "
                    + JSON.readTree(description.toFile()).path("version").asText());
        }
    }
}
