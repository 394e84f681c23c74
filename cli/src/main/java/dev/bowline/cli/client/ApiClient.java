package dev.bowline.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.Shown;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The HTTP API of a server, from outside. Each method waits for its answer; used by one thread. */
final class ApiClient {
    /** More than the API takes for any answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String address;
    private final String key;
    private final String keyFrom;

    /**
     * @param address without a slash at the end
     * @param keyFrom where the key was found, for people
     */
    ApiClient(String address, String key, String keyFrom) {
        this.address = address;
        this.key = key;
        this.keyFrom = keyFrom;
    }

    /** A name as it stands in a path. */
    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Gets what is at a path. */
    JsonNode get(String path) throws CommandFailure, InterruptedException {
        return ask(request(path).GET());
    }

    /** Posts a message. */
    JsonNode post(String path, String contentType, byte[] body) throws CommandFailure, InterruptedException {
        return ask(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)));
    }

    /** Deletes what is at a path. */
    void delete(String path) throws CommandFailure, InterruptedException {
        ask(request(path).DELETE());
    }

    private HttpRequest.Builder request(String path) throws CommandFailure {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE);
        try {
            return request.header("Authorization", "Bearer " + key);
        } catch (IllegalArgumentException e) { // what is wrong with it, it says with the key in it
            throw new CommandFailure("the key of " + keyFrom + " has characters that can't be in a header.");
        }
    }

    /** The answer; a missing node where there is none. */
    private JsonNode ask(HttpRequest.Builder request) throws CommandFailure, InterruptedException {
        HttpResponse<byte[]> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new CommandFailure("nobody answers at " + address
                    + "; start a server with bowline serve, or say where its API is with --api.");
        } catch (HttpTimeoutException e) {
            throw new CommandFailure(address + " has not answered in time; whether it was done is not known.");
        } catch (IOException e) {
            throw new CommandFailure(
                    address + " has not answered (" + e.getMessage() + "); whether it was done is not known.");
        }
        JsonNode body = json(response);
        if (response.statusCode() / 100 == 2) {
            return body;
        }
        String detail = body.path("detail").asText("");
        if (detail.isEmpty()) {
            throw notOurs(response);
        }
        String told = address + " answered with " + response.statusCode() + ": "
                + Shown.harmless(detail).replace('\n', ' ');
        throw new CommandFailure(response.statusCode() == 401 ? told + " The key is that of " + keyFrom + "." : told);
    }

    private JsonNode json(HttpResponse<byte[]> response) throws CommandFailure {
        if (response.body().length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw notOurs(response);
        }
    }

    private CommandFailure notOurs(HttpResponse<byte[]> response) {
        return new CommandFailure(address + " answered with " + response.statusCode()
                + ", but not as Bowline's API does; say where that is with --api.");
    }
}
