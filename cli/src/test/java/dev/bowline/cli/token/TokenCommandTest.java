package dev.bowline.cli.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.Main;
import dev.bowline.cli.Program;
import dev.bowline.session.server.Identity;
import dev.bowline.testkit.CapturedLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The program {@code bowline token}. */
class TokenCommandTest {
    private static final String SECRET = "a secret of tests, and of no server";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private int run(String... arguments) {
        CommandLine program = Main.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(err));
        return program.execute(
                Stream.concat(Stream.of("token"), Stream.of(arguments)).toArray(String[]::new));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private static Identity identity(TokenOptions options, String token) {
        try (TokenAuthenticator server = new TokenAuthenticator(options, null)) {
            return server.authenticate(token).toCompletableFuture().join();
        }
    }

    private String token() {
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString().lines()).hasSize(1);
        return out.toString().strip();
    }

    private static TokenOptions with(TokenKey key) {
        return TokenOptions.DEFAULT.withKeys(List.of(key));
    }

    @Test
    void makesATokenThatTheServerTakes() throws IOException {
        Path key = file("secret", SECRET + "\n");
        assertThat(run(
                        "--user",
                        "42",
                        "--ttl",
                        "7d",
                        "--subscribe",
                        "chat.>",
                        "--subscribe",
                        "news",
                        "--publish",
                        "chat.a",
                        "--presence",
                        "chat.*",
                        "--request",
                        "name.>",
                        "--send",
                        "note",
                        "--audience",
                        "chat",
                        "--audience",
                        "mail",
                        "--issuer",
                        "me",
                        "--key-file",
                        key.toString(),
                        "--key-id",
                        "dev"))
                .isZero();
        TokenKey verifying = TokenKey.toVerify("dev", TokenAlgorithm.HS256, SECRET.getBytes(StandardCharsets.US_ASCII));
        Identity identity = identity(
                with(verifying).withAudiences(Set.of("chat")).withIssuer("me").withClockSkew(Duration.ZERO), token());
        assertThat(identity.user()).isEqualTo("42");
        assertThat(identity.validMillis())
                .isBetween(
                        Duration.ofDays(7).toMillis() - 60_000,
                        Duration.ofDays(7).toMillis());
        assertThat(identity.attributes())
                .isEqualTo(Map.of(
                        "rights", "subscribe=chat.>,news;publish=chat.a;presence=chat.*;request=name.>;send=note"));
    }

    @Test
    void signsWithAPrivateKeyForAnHour() throws IOException, NoSuchAlgorithmException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path key = file("key.pem", pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        assertThat(run("--user", "ada", "--key-file", key.toString())).isZero();
        TokenKey verifying = TokenKey.toVerify(
                null,
                TokenAlgorithm.EDDSA,
                pem("PUBLIC KEY", pair.getPublic().getEncoded()).getBytes(StandardCharsets.US_ASCII));
        Identity identity = identity(with(verifying), token());
        assertThat(identity.user()).isEqualTo("ada");
        assertThat(identity.validMillis()).isBetween(3_540_000L, 3_630_000L);
        assertThat(identity.attributes()).isEmpty();
    }

    private static String pem(String label, byte[] encoded) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END "
                + label + "-----\n";
    }

    @Test
    void signsWithTheKeyInTheEnvironment() {
        try (CapturedLog log = CapturedLog.of(TokenAuthenticator.class);
                Program program = Program.startWith(Map.of("BOWLINE_TOKEN_KEY", SECRET), "token", "--user", "ada")) {
            assertThat(program.exitCode()).isZero();
            assertThat(program.err()).isEmpty();
            assertThat(program.out()).hasSize(1);
            TokenKey verifying =
                    TokenKey.toVerify(null, TokenAlgorithm.HS256, SECRET.getBytes(StandardCharsets.US_ASCII));
            assertThat(identity(with(verifying), program.out().get(0)).user()).isEqualTo("ada");
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void signsAsTheServerOfAConfigurationExpects() throws IOException {
        Path configuration = file("bowline.yaml", """
                tokens:
                  audience: [chat, mail]
                  issuer: me
                  keys:
                    - id: public
                      algorithm: eddsa
                      file: other.pem
                    - id: shared
                      file: secret
                """);
        file("secret", SECRET + "\n");
        assertThat(run("--user", "ada", "--config", configuration.toString())).isZero();
        TokenKey verifying =
                TokenKey.toVerify("shared", TokenAlgorithm.HS256, SECRET.getBytes(StandardCharsets.US_ASCII));
        Identity identity =
                identity(with(verifying).withAudiences(Set.of("chat")).withIssuer("me"), token());
        assertThat(identity.user()).isEqualTo("ada");
    }

    @Test
    void aConfigurationWithoutASecretIsTold() throws IOException {
        Path configuration = file("bowline.yaml", "tokens:\n  jwks: https://id.example/keys\n");
        assertThat(run("--user", "ada", "--config", configuration.toString())).isEqualTo(1);
        assertThat(err.toString().strip())
                .isEqualTo("bowline token: " + configuration
                        + " has no key for hs256 in tokens.keys; name the one to sign with by --key-file, or begin with"
                        + " bowline init, which makes one.");
    }

    @Test
    void saysWhereItLooksForAKey() {
        try (Program program =
                Program.startWith(Map.of("BOWLINE_TOKEN_KEY", "", "BOWLINE_CONFIG", ""), "token", "--user", "ada")) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.out()).isEmpty();
            assertThat(program.err())
                    .containsExactly(
                            "bowline token: there is no key to sign with: name its file with --key-file, or the"
                                    + " server's configuration with --config, or set BOWLINE_TOKEN_KEY; see bowline token --help.");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no-such-file | there is no file FILE.",
                "short        | FILE: the secret has 5 bytes, must have at least 32.",
                "public       | FILE: the PEM holds a PUBLIC KEY, must be a PRIVATE KEY that is not encrypted; openssl"
                        + " pkcs8 -topk8 -nocrypt makes one of others.",
                "large        | FILE has more than 65536 bytes: it is no key."
            })
    void aKeyThatCanNotBeUsedIsToldInOneLine(String name, String sentence) throws IOException {
        file("short", "abcde\n");
        file("public", pem("PUBLIC KEY", new byte[20]));
        file("large", "x".repeat(70_000));
        Path file = directory.resolve(name);
        assertThat(run("--user", "ada", "--key-file", file.toString())).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().strip()).isEqualTo("bowline token: " + sentence.replace("FILE", file.toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--ttl 1h              | missing required option: '--user=NAME'",
                "--user é              | the user is \"é\", but must be 1 to 255 visible ASCII characters",
                "--user ada --ttl 90   | the time is \"90\", but must be like 30s, 5m, 1h or 7d",
                "--user ada --ttl 0s   | the time is \"0s\", but must be like",
                "--user ada --ttl -1h  | the time is \"-1h\", but must be like",
                "--user ada --publish a..b | the pattern is \"a..b\", but must be a topic, perhaps with *"
            })
    void aMistakeIsToldInOneLine(String line, String sentence) {
        assertThat(run(line.split(" ", -1))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains(sentence).endsWith(" --help." + System.lineSeparator());
        assertThat(err.toString().lines()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"1s, PT1S", "90s, PT1M30S", "5m, PT5M", "24h, PT24H", "7d, PT168H"})
    void readsTimes(String text, Duration time) {
        assertThat(new TokenCommand.TimeConverter().convert(text)).isEqualTo(time);
    }
}
