package dev.bowline.cli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.bowline.cli.bench.LoadOptions.Mode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** For programs: one JSON object a line, each with a field {@code event}; the last one is the report. */
public final class JsonLines implements Progress {
    private static final JsonFactory JSON = new JsonFactory();

    private final PrintWriter out;

    public JsonLines(PrintWriter out) {
        this.out = out;
    }

    /** What stands in a line beside the name of the event. */
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private void line(String event, Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("event", event);
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) { // a StringWriter throws none
            throw new UncheckedIOException(e);
        }
        out.println(text);
        out.flush();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    @Override
    public void connecting(int open, int wanted) {
        line("connecting", json -> {
            json.writeNumberField("connections", open);
            json.writeNumberField("of", wanted);
        });
    }

    @Override
    public void connected(int connections, Duration took) {
        line("connected", json -> {
            json.writeNumberField("connections", connections);
            json.writeNumberField("seconds", seconds(took));
        });
    }

    @Override
    public void measuring() {
        line("measuring", json -> {});
    }

    @Override
    public void progress(Duration passed, Duration of, long messages, long errors) {
        line("progress", json -> {
            json.writeNumberField("seconds", seconds(passed));
            json.writeNumberField("of", seconds(of));
            json.writeNumberField("messages", messages);
            json.writeNumberField("errors", errors);
        });
    }

    @Override
    public void measured() {
        line("measured", json -> {});
    }

    public void report(Report report) {
        line("report", json -> {
            LoadOptions options = report.options();
            json.writeArrayFieldStart("urls");
            for (Object url : options.urls()) {
                json.writeString(url.toString());
            }
            json.writeEndArray();
            json.writeStringField("mode", mode(options));
            json.writeBooleanField("text", options.content().isText());
            json.writeBooleanField("compressed", options.compressed());
            json.writeNumberField("connections", options.connections());
            json.writeNumberField("opened", report.opened());
            json.writeNumberField("size", options.content().size());
            json.writeNumberField("inFlight", options.inFlight());
            json.writeNumberField("rate", options.rate());
            json.writeNumberField("seconds", report.seconds());
            json.writeNumberField("messages", report.messages());
            json.writeNumberField("messagesPerSecond", report.messagesPerSecond());
            json.writeNumberField("bytesPerSecond", report.bytesPerSecond());
            json.writeObjectFieldStart("latencyMicros");
            json.writeNumberField("mean", report.latencies().getMean() / 1000);
            json.writeNumberField("p50", report.latencyMicros(50));
            json.writeNumberField("p90", report.latencyMicros(90));
            json.writeNumberField("p99", report.latencyMicros(99));
            json.writeNumberField("p999", report.latencyMicros(99.9));
            json.writeNumberField("max", report.latencyMicros(100));
            json.writeEndObject();
            json.writeObjectFieldStart("errors");
            for (Map.Entry<String, Long> error : report.errors().entrySet()) {
                json.writeNumberField(error.getKey(), error.getValue());
            }
            json.writeEndObject();
            number(json, "serverCpuSeconds", report.serverCpuSeconds());
            number(json, "serverCpuMicrosPerMessage", report.serverCpuMicrosPerMessage());
        });
    }

    /** Compressed echoes have a name of their own, so that nobody takes their figures for those of plain ones. */
    private static String mode(LoadOptions options) {
        return options.mode() == Mode.ECHO && options.compressed()
                ? "deflate"
                : options.mode().name().toLowerCase(Locale.ROOT);
    }

    private static void number(JsonGenerator json, String name, OptionalDouble value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.getAsDouble());
        } else {
            json.writeNullField(name);
        }
    }
}
