package dev.bowline.verification.bench.compare;

import java.util.List;
import java.util.Locale;

/**
 * What one node would carry, computed from what was measured.
 *
 * @param messageMicros the processor time of an echoed message
 * @param deliveryMicros the processor time of a delivery of a broadcast
 * @param efficiency how much of the work of two separate loops two loops of one server do; at most 1
 * @param connectionBytes of the process for each idle connection
 */
record Nodes(double messageMicros, double deliveryMicros, double efficiency, double connectionBytes) {
    private static final List<Integer> CORES = List.of(16, 64);
    private static final int MILLION = 1_000_000;

    /** A small message in one packet: payload and frame, TCP and IP with timestamps, Ethernet. */
    private static final int PACKET_BYTES = 100;

    private static final double GIB = 1L << 30;

    /**
     * Work a second.
     *
     * @param micros of one unit of it
     * @param kept the share that the cores keep of what each could do alone
     */
    static double perSecond(int cores, double micros, double kept) {
        return cores * kept * MILLION / micros;
    }

    /** The share that is kept if each doubling of the cores loses as much as the first one did. */
    static double keptByDoublings(int cores, double efficiency) {
        return Math.pow(efficiency, Math.log(cores) / Math.log(2));
    }

    /** A table, and what it assumes. */
    String markdown() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                """
                ### What one node would carry

                Computed, not measured. It assumes that

                - every core runs one event loop at all of its time and nothing else, as fast as the core measured here: 1 s of
                  processor time is spent on messages each second for each core, the kernel's part included;
                - an echoed message costs %s µs and a delivery of a broadcast %s µs, as measured above;
                - two loops do %s of what one loop does twice, as measured above. The better figure assumes that more cores lose
                  no more than that, the worse one that every doubling of the cores loses as much again;
                - an idle connection takes %s B of the process, as measured above; the kernel's own memory comes on top of that;
                - a message and an answer are one packet of %d B each, on the wire, in each direction;
                - the application itself costs nothing.

                | cores | echoed messages a second | deliveries a second | network for the echoes, Gbit/s each way |\
                 memory of a million idle connections, GiB |
                |---|---|---|---|---|
                """,
                SvgBarChart.number(messageMicros),
                SvgBarChart.number(deliveryMicros),
                percent(efficiency),
                SvgBarChart.number(connectionBytes),
                PACKET_BYTES));
        for (int cores : CORES) {
            double most = perSecond(cores, messageMicros, efficiency);
            text.append(String.format(
                    Locale.ROOT,
                    "| %d | %s–%s million | %s–%s million | %s | %s |%n",
                    cores,
                    millions(perSecond(cores, messageMicros, keptByDoublings(cores, efficiency))),
                    millions(most),
                    millions(perSecond(cores, deliveryMicros, keptByDoublings(cores, efficiency))),
                    millions(perSecond(cores, deliveryMicros, efficiency)),
                    SvgBarChart.number(most * PACKET_BYTES * Byte.SIZE / 1e9),
                    SvgBarChart.number(connectionBytes * MILLION / GIB)));
        }
        return text.append('\n').toString();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", share * 100);
    }

    private static String millions(double number) {
        return SvgBarChart.number(number / MILLION);
    }
}
