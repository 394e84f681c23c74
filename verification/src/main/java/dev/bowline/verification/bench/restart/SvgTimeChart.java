package dev.bowline.verification.bench.restart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Curves over time, in seconds, on a logarithmic axis of counts; readable on light and dark ground. Texts must need no escaping. */
public final class SvgTimeChart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 340;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int LEGEND_ROW = 20;
    private static final int LEGEND_COLUMNS = 2;
    private static final int MOST_SERIES = 6;
    private static final int TICK_SECONDS = 10;

    private record Series(String label, Curve curve) {}

    private final String title;
    private final List<Series> all = new ArrayList<>();

    public SvgTimeChart(String title) {
        this.title = title;
    }

    public void series(String label, Curve curve) {
        if (all.size() == MOST_SERIES) {
            throw new IllegalStateException("there are colours for " + MOST_SERIES + " series only");
        }
        all.add(new Series(label, curve));
    }

    public String svg() {
        int steps =
                all.stream().mapToInt(one -> one.curve.counts().length).max().orElse(1);
        int seconds = (steps * Curve.STEP_MILLIS / 1_000 / TICK_SECONDS + 1) * TICK_SECONDS;
        long most = 10;
        for (Series one : all) {
            for (long count : one.curve.counts()) {
                while (count > most) {
                    most *= 10;
                }
            }
        }
        int legendRows = (all.size() + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
        int height = HEIGHT + LEGEND_ROW * legendRows;
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n",
                WIDTH,
                height,
                WIDTH,
                height);
        svg.append("""
                <style>
                  text { font: 13px system-ui, sans-serif; fill: #222 }
                  .title { font-weight: 600 }
                  .grid { stroke: #d5dae0; stroke-width: 1 }
                  .line { stroke-width: 1.5; fill: none }
                  .s0 { stroke: #1769c4 } .s1 { stroke: #c4311d } .s2 { stroke: #d98a00 }
                  .s3 { stroke: #2d8a3e } .s4 { stroke: #7a4bb5 } .s5 { stroke: #5d6b78 }
                  @media (prefers-color-scheme: dark) {
                    text { fill: #ddd }
                    .grid { stroke: #444b53 }
                    .s0 { stroke: #5aa7f2 } .s1 { stroke: #f2705e } .s2 { stroke: #f0b04a }
                    .s3 { stroke: #63c077 } .s4 { stroke: #b48ae6 } .s5 { stroke: #a5b1bd }
                  }
                </style>
                """);
        add(svg, "<text class=\"title\" x=\"4\" y=\"20\">%s</text>%n", title);
        for (long tick = 1; tick <= most; tick *= 10) {
            double y = y(tick, most);
            add(svg, "<path class=\"grid\" d=\"M%d %.1f H%d\"/>%n", LEFT, y, WIDTH - RIGHT);
            add(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%,d</text>%n", LEFT - 8, y + 4, tick);
        }
        for (int tick = 0; tick <= seconds; tick += TICK_SECONDS) {
            add(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
                    x(tick, seconds),
                    HEIGHT - BOTTOM + 18,
                    tick);
        }
        add(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">seconds</text>%n",
                (LEFT + WIDTH - RIGHT) / 2,
                HEIGHT - 10);
        for (int i = 0; i < all.size(); i++) {
            add(
                    svg,
                    "<path class=\"line s%d\" d=\"%s\"/>%n",
                    i,
                    path(all.get(i).curve.counts(), seconds, most));
            int x = LEFT + (i % LEGEND_COLUMNS) * (WIDTH - LEFT) / LEGEND_COLUMNS;
            int y = HEIGHT + (i / LEGEND_COLUMNS) * LEGEND_ROW + 8;
            add(svg, "<path class=\"line s%d\" d=\"M%d %d h24\"/>%n", i, x, y);
            add(svg, "<text x=\"%d\" y=\"%d\">%s</text>%n", x + 32, y + 4, all.get(i).label);
        }
        return svg.append("</svg>\n").toString();
    }

    /** What did not happen at all in a tenth has no place on the axis: the curve is on the ground there. */
    private static String path(long[] counts, int seconds, long most) {
        StringBuilder path = new StringBuilder();
        boolean drawing = false;
        for (int i = 0; i < counts.length; i++) {
            boolean alone = counts[i] == 0 && (i + 1 == counts.length || counts[i + 1] == 0);
            if (alone && (i == 0 || counts[i - 1] == 0)) {
                drawing = false;
                continue;
            }
            double x = x((i + 0.5) * Curve.STEP_MILLIS / 1_000, seconds);
            add(path, "%s%.1f %.1f", drawing ? "L" : "M", x, y(Math.max(1, counts[i]), most));
            drawing = true;
        }
        return path.toString();
    }

    private static double x(double at, int seconds) {
        return LEFT + at / seconds * (WIDTH - LEFT - RIGHT);
    }

    private static double y(long count, long most) {
        return HEIGHT - BOTTOM - Math.log((double) count) / Math.log((double) most) * (HEIGHT - TOP - BOTTOM);
    }

    private static void add(StringBuilder to, String format, Object... values) {
        to.append(String.format(Locale.ROOT, format, values));
    }
}
