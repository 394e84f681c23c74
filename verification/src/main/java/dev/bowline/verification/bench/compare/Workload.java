package dev.bowline.verification.bench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is measured. */
enum Workload {
    ECHO_20_100("Echo of 20 B, 100 connections", "echo", "message", "--connections 100", "1.12", "1.04"),
    ECHO_20_1000("Echo of 20 B, 1,000 connections", "echo", "message", "--connections 1000", "1.12", "1.04"),
    ECHO_20_100_X16(
            "Echo of 20 B, 100 connections, 16 in flight",
            "echo",
            "message",
            "--connections 100 --in-flight 16",
            "1.2",
            "1.08"),
    ECHO_16K("Echo of 16 KiB, 100 connections", "echo", "message", "--connections 100 --size 16k", "1.3", "1.1"),
    ECHO_1M("Echo of 1 MiB, 10 connections", "echo", "message", "--connections 10 --size 1m", "1.4", "1.1"),
    BROADCAST_1000(
            "Broadcast of 100 B to 1,000",
            "broadcast",
            "delivery",
            "--broadcast --connections 1000 --size 100",
            "1.12",
            "1.03"),
    BROADCAST_1000_X8(
            "Broadcast of 100 B to 1,000, 8 at once",
            "broadcast",
            "delivery",
            "--broadcast --connections 1000 --size 100 --in-flight 8",
            "",
            ""),
    BROADCAST_5000(
            "Broadcast of 100 B to 5,000",
            "broadcast",
            "delivery",
            "--broadcast --connections 5000 --size 100",
            "1.1",
            "1.03"),
    DEFLATE_1K(
            "Echo of 1 KiB JSON, compressed, 50 connections",
            "deflate",
            "message",
            "--deflate --connections 50 --size 1k",
            "",
            ""),
    DEFLATE_16K(
            "Echo of 16 KiB JSON, compressed, 50 connections",
            "deflate",
            "message",
            "--deflate --connections 50 --size 16k",
            "",
            ""),
    HANDSHAKE("Opening and closing, 50 at once", "echo", "connection", "--handshakes --connections 50", "1.3", "1.1"),
    LATENCY(
            "5,000 messages a second over 500 connections",
            "echo",
            "message",
            "--rate 5000 --connections 500 --size 100",
            "1.5",
            "1.1",
            Kind.LOAD,
            "p99"),
    STARTUP("Start-up, to the first open connection", "echo", "start", "", "", "", Kind.STARTUP, "startup"),
    IDLE("10,000 idle connections", "echo", "connection", "--idle --connections 10000", "", "", Kind.IDLE, "sum"),
    IDLE_JDK17(
            "10,000 idle connections, on JDK 17",
            "echo",
            "connection",
            "--idle --connections 10000",
            "",
            "",
            Kind.IDLE,
            "sum");

    /** How it is measured. */
    enum Kind {
        /** The server's processor time under load; one process for all rounds. */
        LOAD,
        /** Memory; a new process for each round. */
        IDLE,
        /** Time; a new process for each round. */
        STARTUP
    }

    private final String title;
    private final String mode;
    private final String unit;
    private final String options;
    private final String mustReach;
    private final String aim;
    private final Kind kind;
    private final String figure;

    Workload(String title, String mode, String unit, String options, String mustReach, String aim) {
        this(title, mode, unit, options, mustReach, aim, Kind.LOAD, "cpu");
    }

    /**
     * @param mode the servers'
     * @param unit what is counted
     * @param options the generator's
     * @param mustReach times the floor, empty for none
     * @param aim times the floor, empty for none
     * @param figure the one that is compared
     */
    Workload(
            String title,
            String mode,
            String unit,
            String options,
            String mustReach,
            String aim,
            Kind kind,
            String figure) {
        this.title = title;
        this.mode = mode;
        this.unit = unit;
        this.options = options;
        this.mustReach = mustReach;
        this.aim = aim;
        this.kind = kind;
        this.figure = figure;
    }

    /** As it is named on the command line: {@code echo-20-100}. */
    String id() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-').replace("-x", "x");
    }

    /** The workloads' names, as on the command line. */
    static List<String> ids() {
        return Arrays.stream(values()).map(Workload::id).toList();
    }

    static Workload of(String id) {
        return Arrays.stream(values())
                .filter(workload -> workload.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no workload \"" + id + "\", only " + String.join(", ", ids())));
    }

    String title() {
        return title;
    }

    String mode() {
        return mode;
    }

    String unit() {
        return unit;
    }

    /** The unit of many. */
    String units() {
        return unit.equals("delivery") ? "deliveries" : unit + "s";
    }

    List<String> options() {
        return new ArrayList<>(List.of(options.split(" ")));
    }

    String mustReach() {
        return mustReach;
    }

    String aim() {
        return aim;
    }

    Kind kind() {
        return kind;
    }

    /** The figure that is compared: {@code cpu}, {@code p99}, {@code startup} or {@code sum}. */
    String figure() {
        return figure;
    }

    /** Whether it is for the oldest Java that Bowline runs on. */
    boolean onJava17() {
        return this == IDLE_JDK17;
    }
}
