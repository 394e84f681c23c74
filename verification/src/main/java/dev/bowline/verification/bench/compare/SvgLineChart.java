package dev.bowline.verification.bench.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A chart of one line over a logarithmic axis, with the range of each point, readable on light and dark ground. */
public final class SvgLineChart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 300;
    private static final int LEFT = 70;
    private static final int RIGHT = 30;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int STEPS = 4;

    private record Point(double x, Spread spread) {}

    private final String title;
    private final String xUnit;
    private final boolean logarithmic;
    private final List<Point> points = new ArrayList<>();

    /**
     * An empty chart.
     *
     * @param title tells the unit of the values
     * @param xUnit below the axis
     * @param logarithmic whether the values' axis is logarithmic too, instead of beginning at 0
     */
    public SvgLineChart(String title, String xUnit, boolean logarithmic) {
        this.title = title;
        this.xUnit = xUnit;
        this.logarithmic = logarithmic;
    }

    /**
     * Adds a point.
     *
     * @param x more than 0
     */
    public void point(double x, Spread spread) {
        points.add(new Point(x, spread));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** The first power of ten at or below, or at or above. */
    private static double power(double value, boolean above) {
        double exponent = Math.log10(value);
        return Math.pow(10, above ? Math.ceil(exponent - 1e-9) : Math.floor(exponent + 1e-9));
    }

    /** The end of an axis that begins at 0: 1, 2, 4 or 8 times a power of ten, so that quarters are round. */
    private static double roundedUp(double value) {
        double power = power(value, false);
        for (double factor : new double[] {1, 2, 4, 8}) {
            if (value <= factor * power) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** From a value to a place on an axis of a length. */
    private record Axis(double least, double most, boolean logarithmic) {
        double share(double value) {
            if (!logarithmic) {
                return (value - least) / (most - least);
            }
            return most == least ? 0.5 : Math.log(value / least) / Math.log(most / least);
        }
    }

    /**
     * The chart, as a file's text.
     *
     * @throws IllegalStateException if there are no points
     */
    public String svg() {
        if (points.isEmpty()) {
            throw new IllegalStateException("a chart needs a point");
        }
        points.sort(Comparator.comparingDouble(Point::x));
        Axis across = new Axis(points.get(0).x(), points.get(points.size() - 1).x(), true);
        Axis up = up();
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT);
        svg.append("""
                <style>
                  text { font: 13px system-ui, sans-serif; fill: #222 }
                  .title { font-weight: 600 }
                  .grid { stroke: #d5dae0; stroke-width: 1 }
                  .line { stroke: #2f7fd1; stroke-width: 2; fill: none }
                  .point { fill: #2f7fd1 }
                  .whisker { stroke: #555; stroke-width: 1.5 }
                  @media (prefers-color-scheme: dark) {
                    text { fill: #ddd }
                    .grid { stroke: #444b53 }
                    .line { stroke: #4b9bea }
                    .point { fill: #4b9bea }
                    .whisker { stroke: #bbb }
                  }
                </style>
                """);
        add(svg, "<text class=\"title\" x=\"4\" y=\"20\">%s</text>%n", escaped(title));
        grid(svg, up);
        line(svg, across, up);
        add(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                (LEFT + WIDTH - RIGHT) / 2,
                HEIGHT - 8,
                escaped(xUnit));
        return svg.append("</svg>\n").toString();
    }

    private Axis up() {
        double most =
                points.stream().mapToDouble(point -> point.spread().max()).max().orElseThrow();
        double least =
                points.stream().mapToDouble(point -> point.spread().min()).min().orElseThrow();
        return logarithmic && least > 0
                ? new Axis(power(least, false), power(most, true), true)
                : new Axis(Math.min(0, least), most > 0 ? roundedUp(most) : 1, false);
    }

    private void grid(StringBuilder svg, Axis up) {
        List<Double> ticks = new ArrayList<>();
        if (up.logarithmic()) {
            for (double tick = up.least(); tick <= up.most() * 1.001; tick *= 10) {
                ticks.add(tick);
            }
        } else {
            for (int i = 0; i <= STEPS; i++) {
                ticks.add(up.most() * i / STEPS);
            }
        }
        for (double tick : ticks) {
            double y = y(up, tick);
            add(svg, "<path class=\"grid\" d=\"M%d %.1f H%d\"/>%n", LEFT, y, WIDTH - RIGHT);
            add(
                    svg,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    LEFT - 8,
                    y + 4,
                    tick == 0 ? "0" : SvgBarChart.number(tick));
        }
    }

    private void line(StringBuilder svg, Axis across, Axis up) {
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            double x = LEFT + across.share(point.x()) * (WIDTH - LEFT - RIGHT);
            double y = y(up, point.spread().median());
            add(path, "%s%.1f %.1f ", path.isEmpty() ? "M" : "L", x, y);
            add(
                    svg,
                    "<path class=\"whisker\" d=\"M%.1f %.1f V%.1f\"/>%n",
                    x,
                    y(up, point.spread().min()),
                    y(up, point.spread().max()));
            add(svg, "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>%n", x, y);
            add(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    x,
                    HEIGHT - BOTTOM + 18,
                    String.format(Locale.ROOT, "%,.0f", point.x()));
        }
        add(svg, "<path class=\"line\" d=\"%s\"/>%n", path.toString().strip());
    }

    private static double y(Axis up, double value) {
        return HEIGHT - BOTTOM - up.share(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static void add(StringBuilder to, String format, Object... values) {
        to.append(String.format(Locale.ROOT, format, values));
    }
}
