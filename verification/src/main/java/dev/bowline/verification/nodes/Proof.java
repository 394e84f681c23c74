package dev.bowline.verification.nodes;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.Seeded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The proof, from its beginning to what it found. Used by one thread. */
final class Proof {
    private static final Duration START = Duration.ofMinutes(3);

    /** Until all clients have connections and results again, after whatever happened. */
    private static final Duration BACK = Duration.ofSeconds(60);

    /** When that takes longer it is said what is missing. */
    private static final Duration SOON = Duration.ofSeconds(8);

    private final ProofOptions options;
    private final Consumer<String> say;
    private final Ledger ledger = new Ledger();
    private final Map<Trouble, Integer> times = new EnumMap<>(Trouble.class);
    private final Map<Trouble, Long> longestMillis = new EnumMap<>(Trouble.class); // until all were back
    private final long begin = System.nanoTime();

    /** @param say takes lines for people */
    Proof(ProofOptions options, Consumer<String> say) {
        this.options = options;
        this.say = say;
    }

    /** Runs it; returns what is wrong. */
    List<String> run() throws IOException, InterruptedException {
        Path logs = Files.createTempDirectory("nodes");
        try {
            prove(logs);
        } catch (IOException | RuntimeException | Error e) {
            say.accept("the nodes' logs are in " + logs);
            throw e;
        } finally {
            report();
        }
        if (ledger.wrongs().isEmpty()) {
            delete(logs);
        } else {
            say.accept("the nodes' logs are in " + logs);
        }
        return ledger.wrongs();
    }

    private void prove(Path logs) throws IOException, InterruptedException {
        try (Site site = new Site(options, ledger, logs);
                Crowd crowd = new Crowd(options, ledger, site.port(), logs);
                Reader reader = new Reader(crowd, ledger, site.port())) {
            tell("nodes are there; " + crowd.size() + " clients come, seed " + options.seed());
            Await.until("all clients are subscribed", START, crowd::isReady);
            awaitAll(crowd, reader.sayEverywhere());
            tell("all listen");
            crowd.begin();
            happen(site, crowd);
            crowd.quiet();
            awaitBack(crowd, System.currentTimeMillis());
            site.checkAlive();
            awaitPresence(crowd);
            tell("all is quiet; the logs are read");
            Map<String, Label> ends = reader.sayEverywhere();
            awaitAll(crowd, ends);
            reader.read();
            if (!holds(BACK, () -> reader.unread(ends).isEmpty())) {
                ledger.wrong("these logs can't be read to their ends: " + reader.unread(ends));
            }
            new Verdict(crowd, ledger, reader.logs()).find();
        }
    }

    /** Waits until all that listen have heard this. */
    private void awaitAll(Crowd crowd, Map<String, Label> said) {
        List<Awaited> missing = new ArrayList<>();
        for (Part part : crowd.parts()) {
            said.forEach((log, label) -> {
                String topic = log.equals(View.mailbox(part.user())) ? "$mailbox" : log;
                if (topic.equals("$mailbox") || part.hears(topic)) {
                    missing.add(new Awaited(crowd.view(part.client()), topic, label));
                }
            });
        }
        boolean heard = holds(BACK, () -> {
            missing.removeIf(Awaited::isThere);
            return missing.isEmpty() && ledger.open() == 0;
        });
        if (!heard) {
            missing.forEach(
                    one -> ledger.wrong(one.view + " does not have " + one.label + ", the end of " + one.topic));
            ledger.openSince(Long.MAX_VALUE).forEach(command -> ledger.wrong(command + " has no result"));
        }
    }

    /** Something that a client is to hear. */
    private record Awaited(View view, String topic, Label label) {
        boolean isThere() {
            return view.isAt(topic, label);
        }
    }

    // ---- Faults ----

    private void happen(Site site, Crowd crowd) throws InterruptedException {
        Seeded random = Seeded.of(options.seed());
        long end = System.nanoTime() + options.length().toNanos();
        do {
            List<Trouble> round = new ArrayList<>(options.troubles());
            Collections.shuffle(round, new Random(random.nextLong()));
            for (Trouble trouble : round) {
                TimeUnit.MILLISECONDS.sleep(options.calm().toMillis());
                happen(trouble, site, crowd, random);
                if (!options.length().isZero() && System.nanoTime() >= end) {
                    return;
                }
            }
        } while (System.nanoTime() < end);
    }

    private void happen(Trouble trouble, Site site, Crowd crowd, Seeded random) throws InterruptedException {
        Map<String, Long> counts = ledger.counts().all();
        int wrongs = ledger.wrongs().size();
        long from = System.nanoTime();
        String how = trouble.happen(site, random, options.lease());
        long over = System.nanoTime();
        boolean back = awaitBack(crowd, System.currentTimeMillis());
        long backMillis = (System.nanoTime() - over) / 1_000_000;
        times.merge(trouble, 1, Integer::sum);
        longestMillis.merge(trouble, backMillis, Math::max);
        if (trouble.needsReplica()) {
            site.restoreReplica();
        }
        site.checkAlive();
        tell(trouble + (how.isEmpty() ? "" : " (" + how + ")") + ": took " + (over - from) / 1_000_000 + " ms, "
                + (back ? "all back after " + backMillis + " ms" : "NOT ALL BACK")
                + "; " + ledger.counts().grown(counts));
        ledger.wrongs().stream().skip(wrongs).limit(10).forEach(wrong -> tell("WRONG " + wrong));
    }

    /** Waits until all clients have connections, and results of all that they asked until then. */
    private boolean awaitBack(Crowd crowd, long askedMillis) {
        BooleanSupplier isBack =
                () -> crowd.away() == 0 && ledger.openSince(askedMillis).isEmpty();
        if (!holds(SOON, isBack)) {
            tell("still away: " + crowd.away() + ", without a result: "
                    + ledger.openSince(askedMillis).stream().limit(5).toList());
        }
        boolean back = holds(BACK, isBack);
        if (!back) {
            ledger.wrong(crowd.away() + " clients are not back, and there is no result of "
                    + ledger.openSince(askedMillis).stream().limit(5).toList());
        }
        return back;
    }

    private void awaitPresence(Crowd crowd) {
        Map<String, Set<String>> rooms = new java.util.TreeMap<>();
        for (Part part : crowd.parts()) {
            part.patterns().stream()
                    .filter(pattern -> pattern.startsWith("room."))
                    .forEach(room ->
                            rooms.computeIfAbsent(room, some -> new TreeSet<>()).add(part.user()));
        }
        List<String> differ = new ArrayList<>();
        boolean right = holds(Duration.ofSeconds(30), () -> {
            differ.clear();
            for (Part part : crowd.parts()) {
                for (String room : part.patterns()) {
                    Set<String> there = rooms.get(room);
                    Set<String> told = crowd.view(part.client()).present(room);
                    if (there != null && !there.equals(told)) {
                        differ.add("client " + part.client() + " was told that " + told + " are in " + room + ", and "
                                + there + " are");
                    }
                }
            }
            return differ.isEmpty();
        });
        if (!right) {
            differ.forEach(ledger::wrong);
        }
    }

    private static boolean holds(Duration length, BooleanSupplier condition) {
        try {
            Await.until("it holds", length, condition);
            return true;
        } catch (AssertionError e) {
            return false; // who asks says it better
        }
    }

    // ---- What is said ----

    private void tell(String line) {
        say.accept(String.format("%6.1f s  %s", (System.nanoTime() - begin) / 1e9, line));
    }

    private void report() {
        say.accept("");
        say.accept(String.format(
                "seed %d, %d clients (%d in JavaScript), %d nodes, %.1f minutes",
                options.seed(),
                options.clients(),
                options.javaScript(),
                Site.NODES,
                (System.nanoTime() - begin) / 60e9));
        say.accept("faults, and the longest time until all clients were back:");
        times.forEach((trouble, count) ->
                say.accept(String.format("  %-22s %4d  %8d ms", trouble, count, longestMillis.get(trouble))));
        say.accept("counts:");
        ledger.counts().all().forEach((what, count) -> say.accept(String.format("  %-34s %10d", what, count)));
        say.accept(String.format(
                "lost %d, doubled %d",
                ledger.counts().of("lost"), ledger.counts().of("doubled")));
        ledger.wrongs().forEach(wrong -> say.accept("WRONG " + wrong));
        say.accept(
                ledger.wrongs().isEmpty() ? "nothing is wrong" : ledger.counts().of("wrong") + " things are wrong");
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
