package dev.bowline.verification.bench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A size that grows while the cost of one unit of work is measured. */
enum Series {
    LOOPS("Event loops", "loops", "message", "cpu", 1, 2),
    CONNECTIONS("Connections", "connections", "message", "cpu", 100, 1_000, 10_000, 19_500, 50_000),
    MESSAGE_SIZE(
            "Size of a message",
            "bytes",
            "message",
            "cpu",
            1,
            16,
            128,
            1_024,
            8_192,
            65_536,
            524_288,
            4_194_304,
            16_777_216),
    SUBSCRIBERS("Subscribers of a broadcast", "subscribers", "delivery", "cpu", 10, 100, 1_000, 5_000, 10_000, 19_500),
    USERS("Users to send to", "users", "message", "cpu", 100, 1_000, 10_000, 50_000),
    MEMORY("Idle connections", "connections", "connection", "sum", 1_000, 5_000, 10_000, 19_500);

    /** Files that a process needs beside those of its connections. */
    private static final int OTHER_FILES = 300;

    /**
     * How many connections one address takes fast. Linux gives the ports of one parity out first: when these 14,000 are used, it looks at
     * all of them before it tries the others, each time.
     */
    private static final int CONNECTIONS_PER_ADDRESS = 10_000;

    private static final int MOST_SMALL = 8_192;
    private static final int MOST_MEDIUM = 524_288;

    private final String title;
    private final String size;
    private final String unit;
    private final String figure;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes it so, which its type does not say
    private final List<Integer> sizes;

    /**
     * @param size what grows
     * @param unit of work
     * @param figure that should stay flat
     */
    Series(String title, String size, String unit, String figure, Integer... sizes) {
        this.title = title;
        this.size = size;
        this.unit = unit;
        this.figure = figure;
        this.sizes = List.of(sizes);
    }

    /** As on the command line. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static List<String> ids() {
        return Arrays.stream(values()).map(Series::id).toList();
    }

    static Series of(String id) {
        return Arrays.stream(values())
                .filter(series -> series.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no series \"" + id + "\", only " + String.join(", ", ids())));
    }

    String title() {
        return title;
    }

    String size() {
        return size;
    }

    String figure() {
        return figure;
    }

    /** Of the figure. */
    String unit() {
        return (figure.equals("sum") ? "B for each " : "µs of server CPU per ") + unit;
    }

    List<Integer> sizes() {
        return sizes;
    }

    /** How many connections the generator opens. */
    int connections(int at) {
        return switch (this) {
            case CONNECTIONS, SUBSCRIBERS, MEMORY -> at;
            case LOOPS, USERS -> 100;
            case MESSAGE_SIZE -> at <= MOST_SMALL ? 100 : at <= MOST_MEDIUM ? 10 : 4;
        };
    }

    /** Why a size can't be measured where a process may have so many files open; empty if it can. */
    String cannot(int at, long mostFiles) {
        return connections(at) + OTHER_FILES <= mostFiles
                ? ""
                : "a process may have " + mostFiles + " files open here (ulimit -n)";
    }

    /** The generator's options, without times. */
    List<String> options(int at) {
        List<String> options = new ArrayList<>(List.of("--connections", Integer.toString(connections(at))));
        switch (this) {
            case SUBSCRIBERS -> options.addAll(List.of("--broadcast", "--size", "100"));
            case MESSAGE_SIZE -> options.addAll(List.of("--size", Integer.toString(at)));
            case MEMORY -> options.add("--idle");
            case LOOPS, CONNECTIONS, USERS -> options.addAll(List.of("--size", "20"));
        }
        return options;
    }

    /** The server's mode. */
    String mode() {
        return this == SUBSCRIBERS ? "broadcast" : "echo";
    }

    /** Bowline's arguments behind the mode: transport, event loops, users. */
    List<String> arguments(int at) {
        return switch (this) {
            case LOOPS -> List.of("automatic", Integer.toString(at));
            case USERS -> List.of("automatic", "1", Integer.toString(at));
            case CONNECTIONS, MESSAGE_SIZE, SUBSCRIBERS, MEMORY -> List.of("automatic", "1");
        };
    }

    /** Where to connect to. */
    List<String> hosts(int at) {
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i * CONNECTIONS_PER_ADDRESS < connections(at); i++) {
            hosts.add("127.0.0." + (i + 1));
        }
        return hosts;
    }

    /** The server's processors, as {@code taskset} takes them; with two loops there is none that is the generator's alone. */
    String serverCores() {
        return this == LOOPS ? "0,1" : "0";
    }

    String generatorCores() {
        return this == LOOPS ? "0,1" : "1";
    }
}
