package dev.bowline.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prometheus reads. */
final class Scrape {
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private final Map<String, Double> samples = new HashMap<>();
    private final Map<String, Set<String>> labels = new TreeMap<>();

    Scrape(PrometheusMeterRegistry registry) {
        registry.scrape().lines().filter(line -> !line.startsWith("#")).forEach(this::add);
    }

    private void add(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new AssertionError("no sample: " + line);
        }
        Map<String, String> found = new TreeMap<>();
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        while (label.find()) {
            found.put(label.group(1), label.group(2));
        }
        samples.put(sample.group(1) + found, Double.valueOf(sample.group(3)));
        labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>()).addAll(found.keySet());
    }

    /** The value of a metric with these labels: name, value, name, value … */
    double value(String metric, String... namesAndValues) {
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            wanted.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        Double value = samples.get(metric + wanted);
        if (value == null) {
            throw new AssertionError("there is no " + metric + wanted);
        }
        return value;
    }

    /** All metrics, and the labels of each. */
    Map<String, Set<String>> labels() {
        return labels;
    }

    /** How many values there are. */
    int size() {
        return samples.size();
    }
}
