package dev.bowline.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One element of a {@code Sec-WebSocket-Extensions} header field: a name with its parameters, in the order of the wire
 * (RFC 6455 §9.1). An offer when a client sends it, the agreement when a server does.
 *
 * @param name the extension's registered token, such as {@code permessage-deflate}
 * @param parameters the parameters, duplicates and all: what they mean is for the extension to judge
 */
public record ExtensionParameters(String name, List<Parameter> parameters) {

    /**
     * One parameter.
     *
     * @param value the value without quotes, or null where there is none
     */
    public record Parameter(String name, @Nullable String value) {
        /**
         * @throws IllegalArgumentException if the name or the value is not a token (RFC 6455 §9.1), saying which
         *     character is wrong and where it stands
         */
        public Parameter {
            Tokens.requireToken("name of an extension's parameter", name);
            if (value != null) {
                Tokens.requireToken("value of the extension's parameter " + name, value);
            }
        }
    }

    /**
     * @throws IllegalArgumentException if the name is not a token, saying which character is wrong and where it stands
     */
    public ExtensionParameters {
        Tokens.requireToken("name of an extension", name);
        parameters = List.copyOf(parameters);
    }

    /** Parses the value of a header field; null if it does not follow the grammar of RFC 6455 §9.1. */
    public static @Nullable List<ExtensionParameters> parse(String fieldValue) {
        return new Parser(fieldValue).list();
    }

    /** The element as it stands in the header field. */
    public String toHeader() {
        return name
                + parameters.stream()
                        .map(p -> "; " + p.name() + (p.value() == null ? "" : "=" + p.value()))
                        .collect(Collectors.joining());
    }

    /** A recursive-descent parser, one method a grammar rule; null means "does not follow the grammar". */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        // 1#extension: empty elements are allowed between commas, but at least one must not be empty (RFC 9110 §5.6.1).
        @Nullable
        List<ExtensionParameters> list() {
            List<ExtensionParameters> found = new ArrayList<>();
            do {
                skipWhitespace();
                if (at < text.length() && text.charAt(at) != ',') {
                    ExtensionParameters extension = extension();
                    if (extension == null) {
                        return null;
                    }
                    found.add(extension);
                }
            } while (skip(','));
            return at == text.length() && !found.isEmpty() ? found : null;
        }

        private @Nullable ExtensionParameters extension() {
            String name = token();
            if (name == null) {
                return null;
            }
            List<Parameter> parameters = new ArrayList<>();
            while (skip(';')) {
                Parameter parameter = parameter();
                if (parameter == null) {
                    return null;
                }
                parameters.add(parameter);
            }
            return new ExtensionParameters(name, parameters);
        }

        private @Nullable Parameter parameter() {
            skipWhitespace();
            String name = token();
            if (name == null) {
                return null;
            }
            if (!skip('=')) {
                return new Parameter(name, null);
            }
            skipWhitespace();
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
            return value == null ? null : new Parameter(name, value);
        }

        /** A quoted string, whose content must be a token all the same (RFC 6455 §9.1). */
        private @Nullable String quoted() {
            StringBuilder content = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    skipWhitespace();
                    return Tokens.isToken(content) ? content.toString() : null;
                }
                if (c == '\\' && ++at < text.length()) {
                    c = text.charAt(at);
                }
                content.append(c);
            }
            return null;
        }

        private @Nullable String token() {
            int from = at;
            while (at < text.length() && Tokens.isTokenChar(text.charAt(at))) {
                at++;
            }
            String token = text.substring(from, at);
            skipWhitespace();
            return token.isEmpty() ? null : token;
        }

        private boolean skip(char c) {
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        private void skipWhitespace() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }
    }
}
