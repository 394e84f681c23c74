package dev.bowline.cli.client;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.SecretFile;
import dev.bowline.cli.ServerConfiguration;
import dev.bowline.cli.config.Settings;
import dev.bowline.cli.config.Types;
import dev.bowline.cli.config.Values;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which HTTP API a command asks, and with which key. */
final class ApiAccess {
    private static final String VARIABLE = "BOWLINE_API_KEY";
    private static final String STANDARD = "http://127.0.0.1:3001";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--api",
            paramLabel = "URL",
            converter = AddressConverter.class,
            description = "Where the server's HTTP API is. Default: where --config has it, or " + STANDARD + ".")
    private @Nullable URI address;

    @Option(names = "--key-file", paramLabel = "FILE", description = "File with a key of the API's.")
    private @Nullable Path keyFile;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = {
                "The server's configuration, which says where the API is, and has a key.",
                "Without both files the key is what stands in the environment variable " + VARIABLE
                        + "; or in the configuration that BOWLINE_CONFIG names."
            })
    private @Nullable Path config;

    private record Key(String text, String from) {}

    /** The API, which nobody has asked yet. */
    ApiClient client() throws CommandFailure {
        Path file = config == null ? ServerConfiguration.ofEnvironment() : config;
        Values values = file == null || (address != null && keyFile != null) ? null : ServerConfiguration.read(file);
        Key key = key(values);
        return new ApiClient(address(values), key.text, key.from);
    }

    private String address(@Nullable Values values) throws CommandFailure {
        if (address != null) {
            return address.toString().replaceFirst("/+$", "");
        }
        if (values == null) {
            return STANDARD;
        }
        int port = values.get(Settings.API_PORT);
        if (!values.get(Settings.API_ENABLED) || port == 0) {
            throw new CommandFailure(
                    port == 0
                            ? "the configuration gives the API any free port; say which it has with --api."
                            : "the configuration has no API; set api.enabled to true ("
                                    + values.place(Settings.API_ENABLED) + ").");
        }
        String host = values.get(Settings.API_HOST);
        String reached = host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "::1" : host;
        return "http://" + (reached.contains(":") ? "[" + reached + "]" : reached) + ":" + port;
    }

    /** What stands in a file that was named counts before the environment. */
    private Key key(@Nullable Values values) throws CommandFailure {
        if (keyFile != null) {
            String text = new String(SecretFile.read("key", keyFile), StandardCharsets.UTF_8).strip();
            return new Key(text, keyFile.toString());
        }
        List<String> configured = values == null ? List.of() : values.all(Settings.API_KEYS);
        String variable = System.getenv(VARIABLE);
        boolean hasVariable = variable != null && !variable.isEmpty();
        if (values != null && !configured.isEmpty() && (config != null || !hasVariable)) {
            return new Key(configured.get(0), values.place(Settings.API_KEYS).toString());
        }
        if (variable != null && hasVariable) {
            return new Key(variable, VARIABLE);
        }
        throw new ParameterException(
                spec.commandLine(),
                "there is no key for the API: name the server's configuration with --config, or a file with the key with"
                        + " --key-file, or set " + VARIABLE);
    }

    static final class AddressConverter implements ITypeConverter<URI> {
        @Override
        public URI convert(String value) {
            try {
                return Types.HTTP_ADDRESS.read(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "the API's address is \"" + value + "\", but must be like " + STANDARD);
            }
        }
    }
}
