package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The document that the API hands out, to hold answers against. */
final class OpenApi {
    private static final String LOCATION = "https://bowline.invalid/openapi.json";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "head", "options");

    private final String text;
    private final JsonNode document;
    private final SchemaRegistry schemas;

    private OpenApi(String text) throws IOException {
        this.text = text;
        this.document = new ObjectMapper().readTree(text);
        this.schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(LOCATION, text)));
    }

    static OpenApi load() {
        try (InputStream in = OpenApi.class.getResourceAsStream(OperationEndpoints.OPEN_API)) {
            return new OpenApi(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return text;
    }

    JsonNode document() {
        return document;
    }

    /** Method and path of each operation. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(name -> {
                    if (METHODS.contains(name)) {
                        operations.add(name.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return operations;
    }

    JsonNode operation(String method, String path) {
        JsonNode operation = document.at("/paths/" + escaped(path) + "/" + method.toLowerCase(Locale.ROOT));
        assertThat(operation.isObject()).as("%s %s is there", method, path).isTrue();
        return operation;
    }

    /** The parameters of an operation, those of its path too. */
    List<JsonNode> parameters(String method, String path) {
        List<JsonNode> parameters = new ArrayList<>();
        for (JsonNode holder : List.of(document.at("/paths/" + escaped(path)), operation(method, path))) {
            holder.path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
        }
        return parameters;
    }

    JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /**
     * Holds an answer against what the document says of it.
     *
     * @param path with its variables in braces
     */
    void check(String method, String path, int status, @Nullable String contentType, String body) {
        JsonNode answer = resolved(operation(method, path).at("/responses/" + status));
        assertThat(answer.isObject())
                .as("%s %s may be answered with %d, as with %s", method, path, status, body)
                .isTrue();
        JsonNode content = answer.path("content");
        if (content.isMissingNode()) {
            assertThat(body).isEmpty();
            return;
        }
        String type = String.valueOf(contentType).replaceAll(";.*", "");
        assertThat(content.has(type)).as("%s of %s %s", type, method, path).isTrue();
        if (type.endsWith("json")) {
            check(content.get(type).get("schema"), body);
        }
    }

    /** Holds a problem against the document's words on problems. */
    void checkProblem(@Nullable String contentType, String body) {
        assertThat(contentType).isEqualTo(Problem.CONTENT_TYPE);
        check("Problem", body);
    }

    /** Holds JSON against a schema of the document. */
    void check(String schema, String json) {
        check(new ObjectMapper().createObjectNode().put("$ref", "#/components/schemas/" + schema), json);
    }

    private void check(JsonNode schema, String json) {
        String reference = schema.path("$ref").asText();
        Schema found = reference.isEmpty()
                ? schemas.getSchema(schema)
                : schemas.getSchema(SchemaLocation.of(LOCATION + reference));
        try {
            assertThat(found.validate(new ObjectMapper().readTree(json)))
                    .as(json)
                    .isEmpty();
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + json, e);
        }
    }
}
