package dev.bowline.verification.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart of horizontal bars with whiskers, readable on light and dark ground. */
public final class SvgBarChart {
    private static final int WIDTH = 720;
    private static final int LABELS = 150;
    private static final int VALUES = 90;
    private static final int ROW = 26;
    private static final int HEAD = 34;

    private record Bar(String label, Spread spread, boolean marked) {}

    private final String title;
    private final String unit;
    private final List<Bar> bars = new ArrayList<>();

    public SvgBarChart(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    public void bar(String label, Spread spread, boolean marked) {
        bars.add(new Bar(label, spread, marked));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** A number with three digits that mean something. */
    public static String number(double value) {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }

    public String svg() {
        double most = bars.stream().mapToDouble(bar -> bar.spread().max()).max().orElse(1);
        double scale = (WIDTH - LABELS - VALUES) / most;
        int height = HEAD + ROW * bars.size() + 8;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n",
                WIDTH,
                height,
                WIDTH,
                height));
        svg.append("""
                <style>
                  text { font: 13px system-ui, sans-serif; fill: #222 }
                  .title { font-weight: 600 }
                  .bar { fill: #9aa7b4 }
                  .marked { fill: #2f7fd1 }
                  .whisker { stroke: #555; stroke-width: 1.5 }
                  @media (prefers-color-scheme: dark) {
                    text { fill: #ddd }
                    .bar { fill: #66727e }
                    .marked { fill: #4b9bea }
                    .whisker { stroke: #bbb }
                  }
                </style>
                """);
        svg.append(String.format(
                "<text class=\"title\" x=\"4\" y=\"20\">%s (%s)</text>%n", escaped(title), escaped(unit)));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int y = HEAD + ROW * i;
            double end = LABELS + bar.spread().median() * scale;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n"
                            + "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n"
                            + "<path class=\"whisker\" d=\"M%.1f %d H%.1f\"/>%n"
                            + "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
                    LABELS - 8,
                    y + 16,
                    escaped(bar.label()),
                    bar.marked() ? "marked" : "bar",
                    LABELS,
                    y + 3,
                    end - LABELS,
                    ROW - 8,
                    LABELS + bar.spread().min() * scale,
                    y + 12,
                    LABELS + bar.spread().max() * scale,
                    LABELS + bar.spread().max() * scale + 6,
                    y + 16,
                    number(bar.spread().median())));
        }
        return svg.append("</svg>\n").toString();
    }
}
