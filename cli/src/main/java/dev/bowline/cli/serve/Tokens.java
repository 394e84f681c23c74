package dev.bowline.cli.serve;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.config.Setting;
import dev.bowline.cli.config.Settings;
import dev.bowline.cli.config.Values;
import dev.bowline.cli.token.Rights;
import dev.bowline.cli.token.Tickets;
import dev.bowline.cli.token.TokenAlgorithm;
import dev.bowline.cli.token.TokenAuthenticator;
import dev.bowline.cli.token.TokenKey;
import dev.bowline.cli.token.TokenOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the configuration says of tokens and tickets. */
final class Tokens implements AutoCloseable {
    private final Tickets tickets;
    private final TokenAuthenticator authenticator;

    private Tokens(Tickets tickets, TokenAuthenticator authenticator) {
        this.tickets = tickets;
        this.authenticator = authenticator;
    }

    /** @param uses keeps in mind which tickets were used */
    static Tokens of(Values values, Tickets.Uses uses) throws CommandFailure {
        Duration skew = values.get(Settings.CLOCK_SKEW);
        String secret = values.find(Settings.TICKET_SECRET);
        Tickets tickets =
                new Tickets(secret == null ? Tickets.newSecret() : secret.getBytes(StandardCharsets.UTF_8), skew, uses);
        try {
            TokenOptions options = new TokenOptions(
                    keys(values.all(Settings.KEYS)),
                    values.find(Settings.JWKS),
                    TokenOptions.DEFAULT.jwksCache(),
                    Set.copyOf(values.all(Settings.AUDIENCE)),
                    values.find(Settings.ISSUER),
                    skew,
                    values.get(Settings.ANONYMOUS));
            return new Tokens(tickets, new TokenAuthenticator(options, tickets));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("tokens: " + e.getMessage() + ".");
        }
    }

    private static List<TokenKey> keys(List<Values> all) throws CommandFailure {
        List<TokenKey> keys = new ArrayList<>();
        for (Values one : all) {
            TokenAlgorithm algorithm =
                    TokenAlgorithm.valueOf(one.get(Settings.KEY_ALGORITHM).name());
            try {
                keys.add(TokenKey.toVerify(one.find(Settings.KEY_ID), algorithm, material(one)));
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(place(one) + ": " + e.getMessage() + ".");
            } catch (IOException e) {
                throw new CommandFailure(place(one) + ": can't read the file " + e.getMessage() + ".");
            }
        }
        return keys;
    }

    private static byte[] material(Values key) throws IOException {
        String secret = key.find(Settings.KEY_SECRET);
        return secret == null
                ? Files.readAllBytes(file(key, Settings.KEY_FILE))
                : secret.getBytes(StandardCharsets.UTF_8);
    }

    /** A file, seen from the one that names it. */
    static Path file(Values values, Setting<Path> setting) {
        return values.file(setting);
    }

    private static String place(Values key) {
        return key.where().toString();
    }

    TokenAuthenticator authenticator() {
        return authenticator;
    }

    /** A ticket, as the API gives them out. */
    dev.bowline.cli.api.parts.Tickets.Ticket issue(dev.bowline.cli.api.parts.Tickets.Order order) {
        Rights rights = Rights.ofNames(order.rights());
        Map<String, String> attributes = new HashMap<>(order.attributes());
        if (!rights.isEmpty()) {
            attributes.put(Rights.ATTRIBUTE, rights.format());
        }
        Duration ttl = order.ttl() == null ? Tickets.DEFAULT_TTL : order.ttl();
        Duration sessionTtl = order.sessionTtl() == null ? Tickets.DEFAULT_SESSION_TTL : order.sessionTtl();
        return new dev.bowline.cli.api.parts.Tickets.Ticket(
                tickets.issue(order.user(), attributes, ttl, sessionTtl), ttl);
    }

    @Override
    public void close() {
        authenticator.close();
    }
}
