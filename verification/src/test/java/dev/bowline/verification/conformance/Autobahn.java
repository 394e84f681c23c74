package dev.bowline.verification.conformance;

import dev.bowline.testkit.Await;
import dev.bowline.verification.support.Requirements;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The Autobahn suite, in a process of its own: Python files, which Maven unpacks, on a Jython, which Maven copies. */
final class Autobahn {
    private static final Path HOME = Path.of("target", "autobahn").toAbsolutePath();
    private static final String AGENT = "bowline";
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final long RUN_MINUTES = 25;

    private Autobahn() {}

    /** Its fuzzing client against a server. Returns what it says of each case. */
    static Map<String, String> fuzzServer(Path work, int port, List<String> cases)
            throws IOException, InterruptedException {
        Process process = start(
                work,
                "client",
                "\"servers\": [{\"agent\": \"" + AGENT + "\", \"url\": \"ws://127.0.0.1:" + port
                        + "\", \"options\": {\"version\": 18}}]",
                cases);
        try {
            if (!process.waitFor(RUN_MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError("the fuzzing client does not end; it says: " + said(work));
            }
        } finally {
            process.destroyForcibly();
        }
        return report(work);
    }

    /** Its fuzzing server against our client. Returns what it says of each case. */
    static Map<String, String> fuzzClient(Path work, List<String> cases)
            throws IOException, InterruptedException, TimeoutException {
        int port = freePort();
        Process process = start(work, "server", "\"url\": \"ws://127.0.0.1:" + port + "\", \"webport\": 0", cases);
        try {
            Await.until("the fuzzing server listens", START_LIMIT, () -> !process.isAlive() || listens(port));
            if (!process.isAlive()) {
                throw new AssertionError("the fuzzing server has ended; it says: " + said(work));
            }
            new ClientDriver("ws://127.0.0.1:" + port, AGENT).run();
        } finally {
            process.destroyForcibly().waitFor();
        }
        return report(work);
    }

    /** What it says where it does not say OK, and we agree. */
    static Map<String, String> exceptions() throws IOException {
        return Files.readAllLines(resource("autobahn-exceptions.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("#", 2)[0].strip().split(" +", 2))
                .collect(Collectors.toMap(words -> words[0], words -> words[1]));
    }

    private static Process start(Path work, String mode, String member, List<String> cases) throws IOException {
        File jython = HOME.resolve("jython-standalone.jar").toFile();
        Path library = HOME.resolve("library");
        if (!jython.exists() || !Files.isDirectory(library)) {
            throw Requirements.missing("the Autobahn suite is not in " + HOME + ", where Maven puts it");
        }
        Path specification = work.resolve("specification.json");
        Files.writeString(
                specification,
                "{" + member + ", \"outdir\": \"" + work.resolve("report") + "\", \"cases\": [\""
                        + String.join("\", \"", cases) + "\"], \"exclude-cases\": [], \"exclude-agent-cases\": {}}");
        return new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Dpython.cachedir.skip=true",
                        "-jar",
                        jython.toString(),
                        resource("autobahn.py").toString(),
                        library.toString(),
                        mode,
                        specification.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("said").toFile())
                .start();
    }

    private static Map<String, String> report(Path work) throws IOException {
        Path index = work.resolve("report").resolve("index.json");
        if (!Files.exists(index)) {
            throw new AssertionError("there is no report; the suite says: " + said(work));
        }
        Map<String, String> found = new TreeMap<>(Cases.BY_NUMBER);
        if (Json.at(Json.parse(Files.readString(index)), AGENT) instanceof Map<?, ?> cases) {
            cases.forEach((id, result) -> found.put(
                    String.valueOf(id), Json.at(result, "behavior") + " " + Json.at(result, "behaviorClose")));
        }
        Files.delete(index);
        return found;
    }

    private static String said(Path work) throws IOException {
        String text = Files.readString(work.resolve("said"));
        return text.substring(Math.max(0, text.length() - 2000));
    }

    private static Path resource(String name) {
        URL url = Autobahn.class.getResource(name);
        if (url == null) {
            throw new AssertionError("no resource " + name);
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
