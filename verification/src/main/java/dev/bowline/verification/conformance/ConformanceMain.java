package dev.bowline.verification.conformance;

import dev.bowline.verification.conformance.Setting.Cut;
import dev.bowline.verification.conformance.Setting.Effort;
import dev.bowline.verification.conformance.Setting.Subject;
import dev.bowline.verification.conformance.Suite.Result;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The suite as a command: see docs/conformance.md. */
public final class ConformanceMain {
    private static final String USAGE = """
            conformance [CASE...]             play all cases in full, or those (7.1.3, or 9.* for a category)
            conformance --write FILE          the same, and write the results as the expected ones
            conformance --serve PORT          an echo server for another suite
            conformance --drive URL AGENT     our client through the cases of another suite's fuzzing server
            """;

    private ConformanceMain() {}

    public static void main(String[] arguments) throws InterruptedException, IOException, TimeoutException {
        List<String> words = List.of(arguments);
        String first = words.isEmpty() ? "" : words.get(0);
        if (first.equals("--serve") && words.size() == 2) {
            serve(Integer.parseInt(words.get(1)));
        } else if (first.equals("--drive") && words.size() == 3) {
            int cases = new ClientDriver(words.get(1), words.get(2)).run();
            System.out.println(cases + " cases played; the other side has the report");
        } else if (first.equals("--write") && words.size() == 2) {
            Files.writeString(Path.of(words.get(1)), ResultTable.checkedIn().with(play(Cases.all())));
        } else if (first.startsWith("-")) {
            System.err.print(USAGE);
            System.exit(2);
        } else {
            List<Case> cases = Cases.all().stream()
                    .filter(played -> isChosen(played, words))
                    .toList();
            List<String> differences = ResultTable.checkedIn().differences(play(cases));
            differences.forEach(System.out::println);
            System.out.println(differences.isEmpty() ? "All as expected." : differences.size() + " differences.");
            System.exit(differences.isEmpty() ? 0 : 1);
        }
    }

    private static boolean isChosen(Case played, List<String> patterns) {
        return patterns.isEmpty()
                || patterns.stream()
                        .anyMatch(pattern -> pattern.endsWith("*")
                                ? played.id().startsWith(pattern.substring(0, pattern.length() - 1))
                                : played.id().equals(pattern));
    }

    private static void serve(int port) throws InterruptedException {
        try (WebSocketServer server = ServerOpponent.start(port, new Echo())) {
            System.out.println("echo on ws://127.0.0.1:" + server.port() + "/");
            Thread.currentThread().join();
        }
    }

    private static List<Result> play(List<Case> cases) {
        List<Result> results = new ArrayList<>();
        for (Subject subject : Subject.values()) {
            for (Cut cut : Cut.values()) {
                long start = System.nanoTime();
                List<Result> some = Suite.run(cases, new Setting(subject, cut, Effort.FULL), System.out::println);
                results.addAll(some);
                System.out.println(subject + ", bytes " + cut + ": " + some.size() + " cases in "
                        + (System.nanoTime() - start) / 1_000_000 + " ms");
            }
        }
        return results;
    }
}
