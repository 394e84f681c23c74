package dev.bowline.verification.nodes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How the proof is to go.
 *
 * @param root of the repository
 * @param length how long faults go on; zero for each kind once
 * @param clients how many in all
 * @param javaScript how many of them are in JavaScript
 * @param period in which each acts about once
 * @param lease of nodes
 * @param patience what part of their waits clients wait, to 1
 * @param calm between faults
 * @param troubles the kinds of faults that happen
 * @param spoil what is made wrong on purpose
 */
record ProofOptions(
        Path root,
        long seed,
        Duration length,
        int clients,
        int javaScript,
        Duration period,
        Duration lease,
        double patience,
        Duration calm,
        List<Trouble> troubles,
        Spoil spoil) {
    static final String USAGE = """
            usage: scripts/prove nodes [--minutes M] [--clients N] [--seed S]
              --minutes M   how long faults go on, 30 by default; 0 for each kind once
              --clients N   how many, 40 to 20000, 2000 by default; a tenth of them in JavaScript
              --seed S      of what happens when, and of what clients do
              --only FAULT  one kind alone, such as kill-node
              --period MS   in which a client acts about once, 6000 by default
            """;

    /** All that takes long, short: each kind of fault once. */
    static ProofOptions quick(Path root, long seed, int clients, Spoil spoil) {
        return new ProofOptions(
                root,
                seed,
                Duration.ZERO,
                clients,
                Math.max(1, clients / 5),
                Duration.ofSeconds(2),
                Duration.ofMillis(1_500),
                0.1,
                Duration.ofMillis(500),
                List.of(Trouble.values()),
                spoil);
    }

    /** With these kinds of faults alone, and so much time before each. */
    ProofOptions with(List<Trouble> others, Duration before) {
        return new ProofOptions(
                root, seed, length, clients, javaScript, period, lease, patience, before, List.copyOf(others), spoil);
    }

    /** @throws IllegalArgumentException saying what is wrong */
    static ProofOptions parse(Path root, List<String> arguments) {
        long minutes = 30;
        int clients = 2_000;
        long seed = new SplittableRandom().nextLong();
        long period = 6_000;
        List<Trouble> troubles = List.of(Trouble.values());
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(name + " needs a number");
            }
            if (name.equals("--only")) {
                troubles = List.of(trouble(arguments.get(i + 1)));
                continue;
            }
            long value = number(name, arguments.get(i + 1));
            switch (name) {
                case "--minutes" -> minutes = within(name, value, 0, 10_000);
                case "--clients" -> clients = (int) within(name, value, 40, 20_000);
                case "--seed" -> seed = value;
                case "--period" -> period = within(name, value, 100, 600_000);
                default -> throw new IllegalArgumentException("there is no " + name);
            }
        }
        return new ProofOptions(
                root,
                seed,
                Duration.ofMinutes(minutes),
                clients,
                clients / 10,
                Duration.ofMillis(period),
                Duration.ofMillis(2_500),
                1,
                Duration.ofSeconds(4),
                troubles,
                Spoil.NOTHING);
    }

    private static Trouble trouble(String name) {
        for (Trouble trouble : Trouble.values()) {
            if (trouble.toString().replace(' ', '-').equals(name)) {
                return trouble;
            }
        }
        throw new IllegalArgumentException("there is no fault " + name + ", but " + List.of(Trouble.values()));
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is \"" + value + "\", must be a number", e);
        }
    }

    private static long within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from " + least + " to " + most);
        }
        return value;
    }
}
