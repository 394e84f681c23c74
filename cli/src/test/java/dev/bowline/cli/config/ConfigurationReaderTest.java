package dev.bowline.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.cli.config.Settings.Slow;
import dev.bowline.cli.config.Settings.Who;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {
    private static final String ANYBODY = "tokens:\n  anonymous: true\n";

    @TempDir
    private Path directory = Path.of("");

    private Path file(String text) {
        try {
            return Files.writeString(directory.resolve("bowline.yaml"), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Values read(String text, String... variables) throws ConfigurationException {
        return read(text, new Options(), variables);
    }

    private Values read(String text, Options options, String... variables) throws ConfigurationException {
        Map<String, String> environment = new java.util.HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return ConfigurationReader.read(file(text), environment, options);
    }

    /** What is told of a file that is wrong, line by line, without its directory. */
    private List<String> complaints(String text, String... variables) {
        try {
            Values values = read(text, variables);
            throw new AssertionError("nothing is wrong with " + values.describe());
        } catch (ConfigurationException e) {
            return e.problems().stream()
                    .map(problem -> problem.toString().replace(directory + "/", ""))
                    .toList();
        }
    }

    @Nested
    class AFile {
        @Test
        void mayBeEmpty() throws Exception {
            assertThat(read("").get(Settings.PORT)).isEqualTo(3000);
            assertThat(read("# nothing\nserver:\n").get(Settings.HOST)).isEqualTo("127.0.0.1");
        }

        @Test
        void mayBeAbsent() throws Exception {
            Values values = ConfigurationReader.read(null, Map.of(), new Options());
            assertThat(values.get(Settings.RESUME_WINDOW)).isEqualTo(Duration.ofMinutes(2));
            assertThat(values.find(Settings.JWKS)).isNull();
            assertThat(values.all(Settings.TOPICS)).isEmpty();
        }

        @Test
        void setsWhatItNames() throws Exception {
            Values values = read(ANYBODY + """
                    server:
                      port: 8080
                      origins: [https://a.example, https://b.example]
                      hosts: a.example
                    sessions:
                      resumeWindow: 10m
                      maxMessageBytes: 64KiB
                    topics:
                      - pattern: chat.>
                        subscribe: everyone
                        publish: users
                        slow: drop-oldest
                        behind: 7
                      - pattern: typing.*
                        log: false
                    """);
            assertThat(values.get(Settings.PORT)).isEqualTo(8080);
            assertThat(values.all(Settings.ORIGINS)).containsExactly("https://a.example", "https://b.example");
            assertThat(values.all(Settings.HOSTS)).containsExactly("a.example");
            assertThat(values.get(Settings.RESUME_WINDOW)).isEqualTo(Duration.ofMinutes(10));
            assertThat(values.get(Settings.MAX_MESSAGE_BYTES)).isEqualTo(64 << 10);
            List<Values> topics = values.all(Settings.TOPICS);
            assertThat(topics).hasSize(2);
            assertThat(topics.get(0).get(Settings.TOPIC_PUBLISH)).isEqualTo(Who.USERS);
            assertThat(topics.get(0).get(Settings.TOPIC_SLOW)).isEqualTo(Slow.DROP_OLDEST);
            assertThat(topics.get(1).get(Settings.TOPIC_LOG)).isFalse();
            assertThat(topics.get(1).get(Settings.TOPIC_SUBSCRIBE)).isEqualTo(Who.TOKEN);
        }

        @Test
        void saysWhereAValueIsFrom() throws Exception {
            Values values = read(ANYBODY + "server:\n  port: 8080\n");
            assertThat(values.place(Settings.PORT).text()).endsWith("bowline.yaml:4");
            assertThat(values.place(Settings.PORT).directory()).isEqualTo(directory.toAbsolutePath());
        }

        @Test
        void thatIsNotThereIsToldWithAWayOut() {
            assertThatThrownBy(() -> ConfigurationReader.read(Path.of("no/such.yaml"), Map.of(), new Options()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("no/such.yaml: there is no such file; bowline init no/such.yaml makes one");
        }
    }

    @Nested
    class WhatIsWrong {
        @Test
        void isToldWithLineAllowedKeysAndTheNearest() {
            assertThat(complaints("server:\n  host: 127.0.0.1\n  prot: 3000\n"))
                    .containsExactly(
                            "bowline.yaml:3: there is no key \"prot\" in server; did you mean \"port\"?"
                                    + " The keys there are host, port, origins, anyOrigin, hosts, trustedProxies, maxConnections, maxConnectionsPerAddress, tls");
        }

        @Test
        void isToldWithTheTypeThatWasWanted() {
            assertThat(complaints("server:\n  port: many\n"))
                    .containsExactly("bowline.yaml:2: server.port is \"many\", but must be a number from 0 to 65535");
        }

        @Test
        void isToldAllAtOnce() {
            assertThat(
                            complaints(
                                    "server:\n  port: 70000\nsessions:\n  resumeWindow: 0s\n  drainTimeout: 5 parsecs\nengin: memory\n"))
                    .containsExactly(
                            "bowline.yaml:2: server.port is \"70000\", but must be a number from 0 to 65535",
                            "bowline.yaml:4: sessions.resumeWindow is \"0s\", but must be a time, such as 500ms, 20s, 2m, 12h or 7d: it"
                                    + " must not be 0",
                            "bowline.yaml:5: sessions.drainTimeout is \"5 parsecs\", but must be a time, such as 500ms, 20s, 2m, 12h or"
                                    + " 7d",
                            "bowline.yaml:6: there is no key \"engin\"; did you mean \"engine\"? The keys there are server, engine,"
                                    + " redis, sessions, topics, tokens, tickets, api, hooks, requests, log, demo");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        server: 5                          | server must have keys: host, port, origins, anyOrigin, hosts, trustedProxies, maxConnections, maxConnectionsPerAddress, tls
                        server: {port: [1, 2]}             | server.port must be one value: a number from 0 to 65535
                        server: {port: }                   | server.port has no value; it must be a number from 0 to 65535
                        server: {port: 1, port: 2}         | server.port is there twice
                        server: {origins: {a: b}}          | server.origins must be a list; each of it an origin, such as https://example.com
                        topics: chat                       | topics must be a list; each of it has the keys pattern
                        topics: [{patern: a}]              | there is no key "patern" in topics[]; did you mean "pattern"?
                        tokens: {clockSkew: 10m}           | tokens.clockSkew is "10m", but must be a time from 1ms to 5m
                        requests: [{timeout: 31s}]         | requests[].timeout is "31s", but must be a time from 1ms to 30s
                        topics: [{pattern: a..b}]          | topics[].pattern is "a..b", but must be a topic or a pattern
                        log: {format: xml}                 | log.format is "xml", but must be one of text, json
                        server: {port: 1                   | this is not YAML
                        server: {origins: [example.com]}   | server.origins is "example.com", but must be an origin
                        """)
        void isToldInWords(String text, String complaint) {
            assertThat(complaints(text))
                    .anySatisfy(line ->
                            assertThat(line).startsWith("bowline.yaml:1: ").contains(complaint.strip()));
        }

        @Test
        void isToldWithoutSecrets() {
            assertThat(complaints("api:\n  keys: [hush]\ntokens:\n  keys:\n    - secret: psst\n"))
                    .containsExactly(
                            "bowline.yaml:2: api.keys must be 16 to 512 letters, digits and -._~+/, perhaps with = at the end: it has 4",
                            "bowline.yaml:5: tokens.keys[].secret must be a secret of at least 32 characters: it has 4");
        }
    }

    @Nested
    class TheEnvironment {
        @Test
        void standsAboveTheFile() throws Exception {
            Values values = read(
                    ANYBODY + "server:\n  port: 8080\n",
                    "BOWLINE_SERVER_PORT",
                    "9090",
                    "BOWLINE_SESSIONS_MAX_MESSAGE_BYTES",
                    "2MiB",
                    "BOWLINE_SERVER_ORIGINS",
                    "https://a.example, https://b.example",
                    "BOWLINE_TOPICS",
                    "[{pattern: news.>, subscribe: everyone}]");
            assertThat(values.get(Settings.PORT)).isEqualTo(9090);
            assertThat(values.place(Settings.PORT)).hasToString("BOWLINE_SERVER_PORT");
            assertThat(values.get(Settings.MAX_MESSAGE_BYTES)).isEqualTo(2 << 20);
            assertThat(values.all(Settings.ORIGINS)).hasSize(2);
            assertThat(values.all(Settings.TOPICS)).hasSize(1);
        }

        @Test
        void standsBelowTheCommandLine() throws Exception {
            Options options = new Options().set("--port", Settings.PORT, 1234).set("--host", Settings.HOST, null);
            Values values = read(ANYBODY, options, "BOWLINE_SERVER_PORT", "9090", "BOWLINE_SERVER_HOST", "localhost");
            assertThat(values.get(Settings.PORT)).isEqualTo(1234);
            assertThat(values.place(Settings.PORT)).hasToString("--port");
            assertThat(values.get(Settings.HOST)).isEqualTo("localhost");
        }

        @Test
        void isCheckedAsAFileIs() {
            assertThat(complaints(
                            "",
                            "BOWLINE_SERVER_PROT",
                            "1",
                            "BOWLINE_SERVER_PORT",
                            "x",
                            "BOWLINE_TOPICS",
                            "[{patern: x}]"))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("BOWLINE_SERVER_PORT: server.port is \"x\""),
                            line -> assertThat(line)
                                    .isEqualTo("BOWLINE_SERVER_PROT: there is no such setting; did you mean"
                                            + " \"BOWLINE_SERVER_PORT\"?"),
                            line -> assertThat(line).startsWith("BOWLINE_TOPICS: there is no key \"patern\""));
        }

        @Test
        void hasVariablesThatAreOtherProgramsOrCommands() throws Exception {
            assertThat(read("", "PATH", "/bin", "BOWLINE_JAVA_OPTIONS", "-Xmx1g", "BOWLINE_TOKEN_KEY", "x")
                            .describe())
                    .isEmpty();
        }
    }

    @Nested
    class Contradictions {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "server: {host: 0.0.0.0, anyOrigin: true}",
                    "server: {host: '::1'}",
                    "demo: {enabled: false}\ntokens: {anonymous: true}",
                    "demo: {enabled: false}\ntokens: {keys: [{secret: 0123456789012345678901234567890123456789}]}",
                    "tokens: {jwks: 'https://issuer.example/keys'}",
                    "api: {host: 0.0.0.0, keys: [0123456789abcdef]}",
                    "sessions: {resumeWindow: 2d}",
                    "hooks: [{url: 'http://[::1]:8080/a', secret: 01234567890123456789012345678901, events: session-ended}]",
                    "requests: [{name: a.>, url: 'http://app/a', plainHttp: true, secret: 01234567890123456789012345678901}]"
                })
        void areNoneHere(String text) throws Exception {
            assertThat(read(text).describe()).isNotEmpty();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        server: {host: 0.0.0.0}                                       | can be reached from other machines, so say which pages
                        server: {anyOrigin: true, origins: [https://a.example]}       | leaves nothing for server.origins
                        server: {tls: {key: key.pem}}                                 | without server.tls.certificate
                        {sessions: {resumeWindow: 2d}, engine: "redis://localhost"}   | sessions.resumeWindow must be from 1s to 1d
                        api: {host: 0.0.0.0}                                          | so it needs api.keys; bowline init
                        demo: {enabled: false}                                        | nobody could come in: give tokens.keys
                        topics: [{subscribe: users}]                                  | topics[].pattern is missing
                        topics: [{pattern: a}, {pattern: a}]                          | the pattern a is there before
                        topics: [{pattern: a, log: false, count: 5}]                  | topics[].count says what is kept
                        topics: [{pattern: a, behind: 5}]                             | belongs to topics[].slow: drop-oldest
                        tokens: {keys: [{id: a}]}                                     | either a secret or a file
                        hooks: [{events: [session-ended]}]                            | hooks[].url is missing
                        hooks: [{url: https://a.example}]                             | hooks[].secret is missing
                        hooks: [{url: https://a.example}]                             | hooks[].events is empty
                        hooks: [{url: http://127.a.example}]                          | use https, or set hooks[].plainHttp to true
                        hooks: [{url: https://a:b@a.example}]                         | must have no user, password or fragment
                        hooks: [{secret: whsec_________________________________}]     | hooks[].secret: what stands behind whsec_ is no Base64
                        requests: [{url: http://a.example}]                           | requests[].name is missing
                        requests: [{name: a}, {name: a}]                              | the name a is there before
                        requests: [{name: demo.echo}]                                 | the demo answers requests of its own
                        requests: [{name: a, url: http://a.example}]                  | use https, or set requests[].plainHttp to true
                        """)
        void areToldWithAWayOut(String text, String complaint) {
            assertThat(complaints(text)).anySatisfy(line -> assertThat(line).contains(complaint.strip()));
        }

        @Test
        void ofADemoThatHasTokens() {
            assertThat(complaints("demo: {enabled: true}\ntokens: {jwks: 'https://issuer.example/keys'}\n"))
                    .singleElement()
                    .asString()
                    .startsWith("bowline.yaml:1: the demo knows no tokens");
        }

        @Test
        void ofNodesThatShareNoSecret() {
            assertThat(complaints(ANYBODY + "engine: redis://localhost\n"))
                    .containsExactly(
                            "bowline.yaml:3: nodes that share a Redis must share tickets.secret too: set it to 32"
                                    + " characters or more");
        }
    }

    @Test
    void describesWhatIsSetWithoutSecrets() throws Exception {
        Values values = read("""
                server: {port: 8080}
                engine: redis://user:hush@localhost
                tokens: {keys: [{secret: 0123456789012345678901234567890123456789}]}
                tickets: {secret: 0123456789012345678901234567890123456789}
                api: {keys: [0123456789abcdef]}
                """);
        assertThat(values.describe())
                .map(line -> line.replace(directory + "/", ""))
                .containsExactly(
                        "server.port = 8080  (bowline.yaml:1)",
                        "engine = …  (bowline.yaml:2)",
                        "tokens.keys[0].secret = …  (bowline.yaml:3)",
                        "tickets.secret = …  (bowline.yaml:4)",
                        "api.keys = 1 of them  (bowline.yaml:5)");
    }
}
