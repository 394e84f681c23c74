package dev.bowline.cli.client;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.config.ConfigurationException;
import dev.bowline.cli.config.ConfigurationReader;
import dev.bowline.cli.config.Options;
import dev.bowline.cli.serve.Service;
import dev.bowline.testkit.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A server with tokens and an API, in the process of the tests, by a configuration that commands can be given. */
final class ServerForTests implements AutoCloseable {
    static final String KEY = "key-of-tests-0123456789";

    private final Service service;
    private final Path configuration;
    private final int apiPort;

    private ServerForTests(Service service, Path configuration, int apiPort) {
        this.service = service;
        this.configuration = configuration;
        this.apiPort = apiPort;
    }

    static ServerForTests start(Path directory) {
        int apiPort = FreePorts.next();
        String text = """
                server:
                  port: 0
                sessions:
                  resumeWindow: 1m
                topics:
                  - pattern: news.>
                    subscribe: users
                  - pattern: short
                    subscribe: users
                    count: 2
                tokens:
                  audience: [tests, others]
                  issuer: the tests
                  keys:
                    - id: first
                      secret: a secret of tests, and of no server
                api:
                  port: %d
                  keys: [%s]
                log:
                  connections: false
                """.formatted(apiPort, KEY);
        try {
            Path file = Files.writeString(directory.resolve("bowline.yaml"), text);
            return new ServerForTests(
                    Service.start(ConfigurationReader.read(file, Map.of(), new Options())), file, apiPort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigurationException | CommandFailure e) {
            throw new AssertionError(e);
        }
    }

    /** The file that it was started by. */
    String configuration() {
        return configuration.toString();
    }

    /** Its port for WebSockets. */
    int port() {
        return service.port();
    }

    String apiAddress() {
        return "http://127.0.0.1:" + apiPort;
    }

    ApiClient api() {
        return new ApiClient(apiAddress(), KEY, "the tests");
    }

    @Override
    public void close() {
        service.close();
    }
}
