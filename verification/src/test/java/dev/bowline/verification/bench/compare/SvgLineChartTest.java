package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SvgLineChartTest {
    private static List<Double> centres(String svg, String axis) {
        return Pattern.compile("<circle[^>]* " + axis + "=\"([0-9.]+)\"")
                .matcher(svg)
                .results()
                .map(found -> Double.valueOf(found.group(1)))
                .toList();
    }

    @Test
    void sizesLieOnALogarithmicAxisAndValuesFromNought() {
        SvgLineChart chart = new SvgLineChart("Cost (µs & more)", "connections", false);
        chart.point(10_000, new Spread(3, 4, 5));
        chart.point(100, new Spread(2));
        chart.point(1_000, new Spread(2));
        String svg = chart.svg();
        assertThat(Svg.texts(svg))
                .contains("Cost (µs & more)", "connections", "100", "1,000", "10,000", "0", "2.00", "8.00");
        assertThat(centres(svg, "cx")).containsExactly(70.0, 380.0, 690.0);
        assertThat(centres(svg, "cy")).containsExactly(197.5, 197.5, 145.0);
    }

    @Test
    void valuesOfManyMagnitudesLieOnALogarithmicAxis() {
        SvgLineChart chart = new SvgLineChart("Cost", "bytes", true);
        chart.point(1, new Spread(1));
        chart.point(10, new Spread(10));
        chart.point(100, new Spread(100));
        assertThat(centres(chart.svg(), "cy")).containsExactly(250.0, 145.0, 40.0);
    }

    @Test
    void onePointIsEnoughAndNoneIsNot() {
        SvgLineChart chart = new SvgLineChart("Cost", "bytes", true);
        assertThatThrownBy(chart::svg).isInstanceOf(IllegalStateException.class);
        chart.point(7, new Spread(1));
        assertThat(centres(chart.svg(), "cx")).containsExactly(380.0);
    }
}
