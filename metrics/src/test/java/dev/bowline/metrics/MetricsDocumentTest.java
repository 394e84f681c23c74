package dev.bowline.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bowline.realtime.Hub;
import dev.bowline.websocket.WebSocketServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page lists each metric, and the dashboard asks for none that there is not. */
class MetricsDocumentTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern METRIC = Pattern.compile("\\bbowline_\\w+");
    private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");

    private static final Map<String, Set<String>> METRICS = new TreeMap<>();

    @BeforeAll
    static void scrape() throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Hub hub = Hub.builder().build();
                WebSocketServer server =
                        WebSocketServer.builder().endpoint(hub.endpoint("/")).start()) {
            BowlineMetrics.of(server, hub).bindTo(registry);
            METRICS.putAll(new Scrape(registry).labels());
        }
    }

    @Test
    void thePageListsEachMetricWithItsLabels() throws IOException {
        Map<String, Set<String>> listed = new TreeMap<>();
        for (String line : Files.readAllLines(DOCS.resolve("metrics.md"))) {
            if (!line.startsWith("| `bowline_")) {
                continue;
            }
            String[] cells = line.split("\\|", -1);
            for (String metric : quoted(cells[1])) {
                assertThat(listed.put(metric, new TreeSet<>(quoted(cells[2]))))
                        .as(metric + " is listed twice")
                        .isNull();
            }
        }
        assertThat(listed).isEqualTo(METRICS);
    }

    private static List<String> quoted(String cell) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile("`([^`]+)`").matcher(cell);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void theDashboardAsksForMetricsThatThereAreByLabelsThatTheyHave() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(DOCS.resolve("grafana/bowline.json").toFile());
        List<String> expressions = new ArrayList<>();
        dashboard.findValues("expr").forEach(expression -> expressions.add(expression.asText()));
        assertThat(expressions).hasSizeGreaterThan(20);
        for (String expression : expressions) {
            Matcher metric = METRIC.matcher(expression);
            assertThat(metric.find()).as(expression).isTrue();
            do {
                assertThat(METRICS).as(expression).containsKey(metric.group());
                Matcher by = BY.matcher(expression);
                while (by.find()) {
                    assertThat(METRICS.get(metric.group()))
                            .as(expression)
                            .containsAll(List.of(by.group(1).split(", ")));
                }
            } while (metric.find());
        }
    }

    @Test
    void theDashboardsPanelsHaveATitleAnExplanationAndAPlaceOfTheirOwn() throws IOException {
        JsonNode panels = new ObjectMapper()
                .readTree(DOCS.resolve("grafana/bowline.json").toFile())
                .get("panels");
        Set<String> places = new TreeSet<>();
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : panels) {
            assertThat(panel.get("title").asText()).isNotBlank();
            assertThat(ids.add(panel.get("id").asInt())).isTrue();
            assertThat(places.add(panel.get("gridPos").get("x") + " "
                            + panel.get("gridPos").get("y")))
                    .isTrue();
            if (!panel.get("type").asText().equals("row")) {
                assertThat(panel.get("description").asText()).isNotBlank();
            }
        }
    }
}
