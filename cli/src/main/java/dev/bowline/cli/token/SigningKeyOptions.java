package dev.bowline.cli.token;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.SecretFile;
import dev.bowline.cli.ServerConfiguration;
import dev.bowline.cli.config.Settings;
import dev.bowline.cli.config.Settings.Algorithm;
import dev.bowline.cli.config.Values;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a command signs tokens with. */
final class SigningKeyOptions {
    private static final String VARIABLE = "BOWLINE_TOKEN_KEY";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = {
                "The key to sign with: a secret of at least 32 bytes for HS256, as it is or as base64url:…; or a private key of"
                        + " RSA (RS256), P-256 (ES256) or Ed25519 (EdDSA), as PEM (PKCS#8) or as a JWK."
            })
    private @Nullable Path file;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = {
                "The server's configuration, in place of --key-file: signs with the first of its keys that is for hs256.",
                "Without both: what stands in the environment variable " + VARIABLE
                        + "; or the configuration that BOWLINE_CONFIG names."
            })
    private @Nullable Path config;

    @Option(
            names = "--key-id",
            paramLabel = "ID",
            description =
                    "By what the server knows the key (kid). Default: that of the configuration or of the JWK, or none.")
    private @Nullable String id;

    /**
     * How to sign, such that the server takes it.
     *
     * @param audiences that the token is for, unless something else is asked for
     * @param issuer that it is from, likewise; null for none
     */
    record Signing(
            TokenKey key, List<String> audiences, @Nullable String issuer) {}

    /** With the key, wherever it is. */
    Signing signing() throws CommandFailure {
        if (file != null) {
            return of(key(file.toString(), SecretFile.read("key", file)));
        }
        if (config != null) {
            return of(config);
        }
        String variable = System.getenv(VARIABLE);
        if (variable != null && !variable.isEmpty()) {
            return of(key(VARIABLE, variable.getBytes(StandardCharsets.UTF_8)));
        }
        Path named = ServerConfiguration.ofEnvironment();
        if (named != null) {
            return of(named);
        }
        throw new ParameterException(
                spec.commandLine(),
                "there is no key to sign with: name its file with --key-file, or the server's configuration with --config,"
                        + " or set " + VARIABLE);
    }

    private static Signing of(TokenKey key) {
        return new Signing(key, List.of(), null);
    }

    private Signing of(Path configuration) throws CommandFailure {
        Values values = ServerConfiguration.read(configuration);
        for (Values one : values.all(Settings.KEYS)) {
            if (one.get(Settings.KEY_ALGORITHM) == Algorithm.HS256) {
                String secret = one.find(Settings.KEY_SECRET);
                byte[] material = secret == null
                        ? SecretFile.read("key", one.file(Settings.KEY_FILE))
                        : secret.getBytes(StandardCharsets.UTF_8);
                return new Signing(
                        key(one.where().toString(), material, id == null ? one.find(Settings.KEY_ID) : id),
                        values.all(Settings.AUDIENCE).stream().limit(1).toList(),
                        values.find(Settings.ISSUER));
            }
        }
        throw new CommandFailure(configuration
                + " has no key for hs256 in tokens.keys; name the one to sign with by --key-file, or begin with"
                + " bowline init, which makes one.");
    }

    private TokenKey key(String where, byte[] material) throws CommandFailure {
        return key(where, material, id);
    }

    private static TokenKey key(String where, byte[] material, @Nullable String id) throws CommandFailure {
        try {
            return TokenKey.toSign(id, material);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(where + ": " + e.getMessage() + ".");
        }
    }
}
