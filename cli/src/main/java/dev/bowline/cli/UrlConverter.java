package dev.bowline.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where a client is to connect to: a URL with the scheme {@code ws} or {@code wss}. */
public final class UrlConverter implements ITypeConverter<URI> {
    @Override
    public URI convert(String value) {
        try {
            URI uri = new URI(new URI(value).toASCIIString());
            if (uri.getHost() != null && List.of("ws", "wss").contains(uri.getScheme())) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Told below, with the others.
        }
        throw new TypeConversionException(
                "the URL is \"" + value + "\", but must be like ws://127.0.0.1:3000/path?query");
    }
}
