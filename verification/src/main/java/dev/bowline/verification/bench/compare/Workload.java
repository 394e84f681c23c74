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
            "1.1"),
    IDLE("10,000 idle connections", "echo", "connection", "--idle --connections 10000", "", "");

    private final String title;
    private final String mode;
    private final String unit;
    private final String options;
    private final String mustReach;
    private final String aim;

    /**
     * @param mode the servers'
     * @param unit what is counted
     * @param options the generator's
     * @param mustReach times the floor, empty for none
     * @param aim times the floor, empty for none
     */
    Workload(String title, String mode, String unit, String options, String mustReach, String aim) {
        this.title = title;
        this.mode = mode;
        this.unit = unit;
        this.options = options;
        this.mustReach = mustReach;
        this.aim = aim;
    }

    /** As it is named on the command line: {@code echo-20-100}. */
    String id() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-').replace("-x", "x");
    }

    static Workload of(String id) {
        return Arrays.stream(values())
                .filter(workload -> workload.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no workload \"" + id + "\", only "
                        + String.join(
                                ", ", Arrays.stream(values()).map(Workload::id).toList())));
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

    List<String> options() {
        return new ArrayList<>(List.of(options.split(" ")));
    }

    String mustReach() {
        return mustReach;
    }

    String aim() {
        return aim;
    }
}
