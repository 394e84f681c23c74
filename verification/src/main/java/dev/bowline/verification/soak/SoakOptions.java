package dev.bowline.verification.soak;

import java.time.Duration;
import java.util.List;

/**
 * How long, how much, and which schedule.
 *
 * @param time how long in all; the last round is played to its end
 * @param round how long a storm lasts before the calm in which leaks are looked for
 * @param report how often a line is printed
 * @param connections how many Bowline clients there are at a time
 * @param rawPeers how many peers that write frames by hand
 * @param stepsPerSecond how much all clients do in a second together
 * @param seed of the schedule: what each client, peer and fault does and when
 * @param patience how long anything may take on this machine before it is called stuck
 * @param tls whether over TLS
 */
record SoakOptions(
        Duration time,
        Duration round,
        Duration report,
        int connections,
        int rawPeers,
        int stepsPerSecond,
        long seed,
        Duration patience,
        boolean tls) {
    static final String USAGE = """
            soak [OPTION]...
              --minutes N          how long, about (default 20)
              --round SECONDS      length of a storm; a calm that looks for leaks follows each (default 60)
              --connections N      Bowline clients at a time (default 2000)
              --raw N              peers that write frames by hand (default 16)
              --rate N             steps of all clients in a second (default 1000)
              --seed S             repeats the schedule of another run
              --patience SECONDS   how long anything may take before it is called stuck; a quarter of it is how long a
                                   heartbeat waits (default 60; more for a machine with much else to do)
              --tls                over TLS
            """;

    /** Two thousand clients for twenty minutes. */
    static SoakOptions defaults() {
        return new SoakOptions(
                Duration.ofMinutes(20),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                2_000,
                16,
                1_000,
                System.nanoTime(),
                Duration.ofSeconds(60),
                false);
    }

    /**
     * Reads the arguments of the command.
     *
     * @throws IllegalArgumentException with one sentence that says what is wrong
     */
    static SoakOptions parse(List<String> arguments) {
        SoakOptions options = defaults();
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            if (name.equals("--tls")) {
                options = options.overTls();
                continue;
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(name + " needs a number");
            }
            options = options.with(name, number(name, arguments.get(++i)));
        }
        return options;
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " takes a whole number, not " + value, e);
        }
    }

    private SoakOptions with(String name, long n) {
        if (n < 1 && !name.equals("--seed")) {
            throw new IllegalArgumentException(name + " must be at least 1");
        }
        return switch (name) {
            case "--minutes" -> withTime(Duration.ofMinutes(n), round);
            case "--round" -> withTime(time, Duration.ofSeconds(n));
            case "--connections" -> withLoad((int) n, rawPeers, stepsPerSecond);
            case "--raw" -> withLoad(connections, (int) n, stepsPerSecond);
            case "--rate" -> withLoad(connections, rawPeers, (int) n);
            case "--seed" -> withSeed(n);
            case "--patience" -> withPatience(Duration.ofSeconds(n));
            default -> throw new IllegalArgumentException("what is " + name + "?");
        };
    }

    SoakOptions withTime(Duration newTime, Duration newRound) {
        return new SoakOptions(newTime, newRound, report, connections, rawPeers, stepsPerSecond, seed, patience, tls);
    }

    SoakOptions withLoad(int newConnections, int newRawPeers, int newStepsPerSecond) {
        return new SoakOptions(
                time, round, report, newConnections, newRawPeers, newStepsPerSecond, seed, patience, tls);
    }

    SoakOptions withPatience(Duration newPatience) {
        return new SoakOptions(time, round, report, connections, rawPeers, stepsPerSecond, seed, newPatience, tls);
    }

    SoakOptions withSeed(long newSeed) {
        return new SoakOptions(time, round, report, connections, rawPeers, stepsPerSecond, newSeed, patience, tls);
    }

    SoakOptions overTls() {
        return new SoakOptions(time, round, report, connections, rawPeers, stepsPerSecond, seed, patience, true);
    }
}
