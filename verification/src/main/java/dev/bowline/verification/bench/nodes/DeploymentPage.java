package dev.bowline.verification.bench.nodes;

import dev.bowline.verification.bench.MeasuredPart;
import dev.bowline.verification.bench.compare.Spread;
import dev.bowline.verification.bench.compare.SvgBarChart;
import dev.bowline.verification.bench.compare.SvgLineChart;
import dev.bowline.verification.bench.restart.SvgTimeChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Fills in the measured part of {@code docs/deployment.md}, with its charts. */
final class DeploymentPage {
    private static final double MICROS_PER_MILLI = 1_000;

    private final Path docs;
    private final StringBuilder text = new StringBuilder();

    DeploymentPage(Path docs) {
        this.docs = docs;
    }

    /** @param sizing the last section */
    void write(List<String> machine, Figures figures, String sizing) throws IOException {
        machine.forEach(line -> text.append("- ").append(line).append('\n'));
        text.append("- Redis, nodes and clients share these cores; each node has one event loop\n\n");
        delays(figures.delays());
        growth(figures.growth());
        floods(figures.floods());
        prices(figures);
        requests(figures.requests());
        idle(figures.idle());
        resumes(figures.resumes());
        returns(figures.returns());
        text.append(sizing);
        Files.createDirectories(docs);
        MeasuredPart.of(docs.resolve("deployment.md"), "measured").fill(text.toString());
    }

    private void delays(List<Delays.Result> results) throws IOException {
        text.append("""
                ### From publish to delivery

                A client publishes 200 messages a second of 100 B; another one gets them.

                | | messages | p50 µs | p99 µs |
                |---|---|---|---|
                """);
        SvgBarChart chart = new SvgBarChart("From publish to delivery: median, and a line up to p99", "µs");
        for (Delays.Result one : results) {
            add("| %s | %,d | %,.0f | %,.0f |%n", one.label(), one.messages(), one.p50(), one.p99());
            chart.bar(
                    one.label(),
                    new Spread(one.p50(), one.p50(), one.p99()),
                    one.label().startsWith("Redis"));
        }
        chart("delays", "From publish to delivery", chart.svg());
    }

    private void growth(List<Growth.Result> results) throws IOException {
        add(
                "### More nodes%n%nOne topic, %d subscribers on each node, one message of 100 B at a time, published by the application."
                        + " Medians of the rounds, with the least and the most.%n%n",
                Growth.SUBSCRIBERS);
        text.append("""
                | nodes | µs of all nodes for each delivery | µs of Redis for each message | deliveries a second |
                |---|---|---|---|
                """);
        SvgLineChart chart = new SvgLineChart("Processor time of all nodes for each delivery, µs", "nodes", false);
        for (Growth.Result one : results) {
            add(
                    "| %d | %s | %s | %,.0f |%n",
                    one.nodes(),
                    spread(one.nodeMicros()),
                    spread(one.redisMicros()),
                    one.deliveries().median());
            chart.point(one.nodes(), one.nodeMicros());
        }
        chart("nodes", "Processor time of all nodes for each delivery", chart.svg());
    }

    private void floods(List<Flood.Result> results) {
        add(
                "Many messages at once: one subscriber on each node, %d messages under way at a time. Processor time for each message:%n%n",
                NodeMain.IN_FLIGHT);
        text.append("| nodes | µs of Redis | µs of all nodes |\n|---|---|---|\n");
        for (Flood.Result one : results) {
            add(
                    "| %d | %.1f | %.1f |%n",
                    one.nodes(), one.usage().redisMicros(), one.usage().nodeMicros());
        }
        text.append('\n');
    }

    private void prices(Figures figures) {
        text.append("""
                ### What each thing asks of Redis

                One at a time, with 100 B of payload; what goes on anyway is taken off.

                """);
        figures.prices().forEach((mode, prices) -> {
            add("%s:%n%n", mode.label());
            text.append("""
                    | | scripts | passed on | commands in all | B to Redis | B from Redis | µs of Redis |
                    |---|---|---|---|---|---|---|
                    """);
            for (Prices.Price price : prices) {
                row(price.what(), price.usage());
            }
            Idle.Result idle = figures.idle(mode);
            row("an idle session, in a minute", idle.session());
            row("a node without sessions, in a second", idle.node());
            text.append('\n');
        });
    }

    private void row(String what, Usage usage) {
        add(
                "| %s | %.1f | %.1f | %.1f | %,.0f | %,.0f | %,.0f |%n",
                what,
                positive(usage.scripts()),
                positive(usage.published()),
                positive(usage.commands()),
                positive(usage.bytesIn()),
                positive(usage.bytesOut()),
                positive(usage.redisMicros()));
    }

    /** Where next to nothing is left when the rest is taken off. */
    private static double positive(double value) {
        return Math.max(0, value);
    }

    private void requests(List<Requests.Result> results) {
        text.append("""
                ### What it costs to keep sessions

                A request of 100 B and its answer. Alone: one client, one request at a time. Together: 32 clients, each of which asks
                again when it is answered; processor time is of these.

                | | alone: p50 µs | p99 µs | together: a second | µs of the node | µs of Redis |
                |---|---|---|---|---|---|
                """);
        for (Requests.Result one : results) {
            add(
                    "| %s | %,.0f | %,.0f | %,.0f | %.1f | %.1f |%n",
                    one.mode().label(),
                    one.p50(),
                    one.p99(),
                    one.perSecond(),
                    one.used().nodeMicros(),
                    positive(one.used().redisMicros()));
        }
        text.append('\n');
    }

    private void idle(List<Idle.Result> results) {
        add(
                "Memory of Redis for a session of a user of its own, in bytes:%n%n| | idle | with %d subscriptions |%n|---|---|---|%n",
                Idle.SUBSCRIPTIONS);
        for (Idle.Result one : results) {
            add(
                    "| %s | %,.0f | %,.0f |%n",
                    one.mode().label(), one.sessionBytes(), one.sessionBytes() + one.subscribedBytes());
        }
        text.append('\n');
    }

    private void resumes(List<Resumes.Result> results) throws IOException {
        text.append("""
                ### How long a client waits that comes back

                From the beginning of the connection until `welcome`, and until the first message that it missed; sessions are kept. Where the
                node lives, one client comes back behind the other; after a kill those of a row come together.

                | comes back to | sessions | `welcome`: p50 ms | p99 | the most | first message: p50 ms | p99 |
                |---|---|---|---|---|---|---|
                """);
        SvgBarChart chart = new SvgBarChart("Until welcome: median, and a line up to p99", "ms");
        for (Resumes.Result one : results) {
            add(
                    "| %s | %d | %,.1f | %,.1f | %,.1f | %,.1f | %,.1f |%n",
                    one.label(),
                    one.sessions(),
                    millis(one.welcome(), 0.5),
                    millis(one.welcome(), 0.99),
                    millis(one.welcome(), 1),
                    millis(one.firstMessage(), 0.5),
                    millis(one.firstMessage(), 0.99));
            double p50 = millis(one.welcome(), 0.5);
            chart.bar(
                    one.label().replaceFirst("another node, ", "").replace(" the first one was killed", " a kill"),
                    new Spread(p50, p50, millis(one.welcome(), 0.99)),
                    true);
        }
        chart("resumes", "How long a client waits that comes back", chart.svg());
    }

    private static double millis(Latencies latencies, double share) {
        return latencies.micros(share) / MICROS_PER_MILLI;
    }

    private void returns(List<Return.Result> results) throws IOException {
        text.append("""
                ### A node with all its clients is killed

                Two others take over; a plain TCP balancer is before them, and messages go on, 20 a second. The clients' sessions are
                younger than a minute, so each waits a random time of up to 1 s before its first attempt.

                | | resumed | new, and told so | half are back | 99 % | all | messages | lost or twice |
                |---|---|---|---|---|---|---|---|
                """);
        SvgTimeChart chart = new SvgTimeChart("Clients of a killed node: how many are open again in each 100 ms");
        for (Return.Result one : results) {
            add(
                    "| %s | %,d of %,d | %,d | %.1f s | %.1f s | %.1f s | %,d | %,d |%n",
                    one.mode().label(),
                    one.resumed(),
                    one.clients(),
                    one.fresh(),
                    one.openings().secondsTo(0.5),
                    one.openings().secondsTo(0.99),
                    one.openings().secondsTo(1),
                    one.published(),
                    one.lost());
            chart.series(one.mode().label(), one.openings());
        }
        chart("return", "Clients of a killed node", chart.svg());
    }

    private void chart(String name, String title, String svg) throws IOException {
        Path directory = Files.createDirectories(docs.resolve("deployment"));
        Files.writeString(directory.resolve(name + ".svg"), svg);
        add("%n![%s](deployment/%s.svg)%n%n", title, name);
    }

    private static String spread(Spread spread) {
        return SvgBarChart.number(spread.median()) + " [" + SvgBarChart.number(spread.min()) + "–"
                + SvgBarChart.number(spread.max()) + "]";
    }

    private void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }
}
