package dev.bowline.cli.token;

import dev.bowline.cli.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a command signs tokens with. */
final class SigningKeyOptions {
    private static final String VARIABLE = "BOWLINE_TOKEN_KEY";
    private static final int MAX_BYTES = 64 * 1024;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = {
                "The key to sign with: a secret of at least 32 bytes for HS256, as it is or as base64url:…; or a private key of"
                        + " RSA (RS256), P-256 (ES256) or Ed25519 (EdDSA), as PEM (PKCS#8) or as a JWK.",
                "Default: what stands in the environment variable " + VARIABLE + "."
            })
    private @Nullable Path file;

    @Option(
            names = "--key-id",
            paramLabel = "ID",
            description = "By what the server knows the key (kid). Default: that of the JWK, or none.")
    private @Nullable String id;

    /** The key, wherever it is. */
    TokenKey key() throws CommandFailure {
        String variable = System.getenv(VARIABLE);
        if (file != null) {
            return key(file.toString(), read(file));
        }
        if (variable != null && !variable.isEmpty()) {
            return key(VARIABLE, variable.getBytes(StandardCharsets.UTF_8));
        }
        throw new ParameterException(
                spec.commandLine(), "there is no key to sign with: name its file with --key-file, or set " + VARIABLE);
    }

    private TokenKey key(String where, byte[] material) throws CommandFailure {
        try {
            return TokenKey.toSign(id, material);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(where + ": " + e.getMessage() + ".");
        }
    }

    private static byte[] read(Path file) throws CommandFailure {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new CommandFailure(file + " has more than " + MAX_BYTES + " bytes: it is no key.");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new CommandFailure("there is no file " + file + ".");
        } catch (IOException e) {
            throw new CommandFailure("could not read " + file + ": " + e.getMessage() + ".");
        }
    }
}
