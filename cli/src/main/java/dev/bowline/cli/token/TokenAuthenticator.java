package dev.bowline.cli.token;

import dev.bowline.realtime.Authenticator;
import dev.bowline.realtime.RefusedException;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.server.Identity;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Lets clients in by signed tokens (JWT, RFC 7519), and by {@link Tickets}. Of a token it wants a user ({@code sub}), an expiry ({@code
 * exp}), a signature by a key that it knows, and audience and issuer as they were set; it may have {@link Rights}. When it expires, so
 * does the session's authentication.
 *
 * <p>A client that may not come in is told {@code unauthorized}, and {@code unavailable} where that can't be known now. Why stands in the log of
 * this class, at INFO, without the token; at most ten lines a minute.
 *
 * <p>Safe from any thread; no method waits. Close it after the hub.
 */
public final class TokenAuthenticator implements Authenticator, AutoCloseable {
    /** How many keys a token is tried with that does not say by which it was signed. */
    private static final int MAX_TRIES = 8;

    private final TokenOptions options;
    private final @Nullable Tickets tickets;
    private final @Nullable PublishedKeys published;
    private final InstantSource clock;
    private final Refusals refusals;

    /**
     * @param tickets null where none are given out
     */
    public TokenAuthenticator(TokenOptions options, @Nullable Tickets tickets) {
        this(options, tickets, InstantSource.system(), System::nanoTime);
    }

    TokenAuthenticator(TokenOptions options, @Nullable Tickets tickets, InstantSource clock, LongSupplier nanoTime) {
        this.options = options;
        this.tickets = tickets;
        this.clock = clock;
        this.refusals = new Refusals(nanoTime);
        URI place = options.jwks();
        this.published = place == null ? null : new PublishedKeys(place, options.jwksCache(), nanoTime);
    }

    @Override
    public CompletionStage<Identity> authenticate(@Nullable String token) {
        CompletableFuture<Identity> decided = new CompletableFuture<>();
        decide(token).whenComplete((identity, failure) -> {
            if (failure == null) {
                decided.complete(identity);
            } else {
                refuse(decided, failure);
            }
        });
        return decided;
    }

    /** Tells the log why, and the client a code. */
    private void refuse(CompletableFuture<Identity> decided, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String code = cause instanceof RefusedToken ? Failure.UNAUTHORIZED : Failure.UNAVAILABLE;
        try {
            refusals.say(
                    cause instanceof RefusedToken refused
                            ? refused.reason()
                            : "whether it is good can't be known now, as " + cause.getMessage());
        } finally { // whatever becomes of the log
            decided.completeExceptionally(new RefusedException(code, ""));
        }
    }

    private CompletionStage<Identity> decide(@Nullable String token) {
        if (token == null) {
            return options.anonymous()
                    ? CompletableFuture.completedFuture(Identity.ANONYMOUS)
                    : CompletableFuture.failedFuture(new RefusedToken("there is none"));
        }
        try {
            Jwts.Header header = Jwts.header(token);
            if (!Tickets.TYPE.equals(header.type())) {
                return candidates(header).thenCompose(keys -> verified(token, header, keys));
            }
            return tickets == null
                    ? CompletableFuture.failedFuture(new RefusedToken("it is a ticket, and none are given out"))
                    : tickets.use(token);
        } catch (RefusedToken e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    // ---- Tokens ----

    /** The keys that may have signed a token. */
    private CompletionStage<List<TokenKey>> candidates(Jwts.Header header) {
        String id = header.keyId();
        List<TokenKey> own = TokenKey.candidates(options.keys(), id);
        PublishedKeys others = published;
        boolean named = id != null && own.stream().anyMatch(key -> id.equals(key.id()));
        if (others == null || named) {
            return CompletableFuture.completedFuture(own);
        }
        return others.with(id).thenApply(keys -> Stream.concat(own.stream(), TokenKey.candidates(keys, id).stream())
                .toList());
    }

    private CompletionStage<Identity> verified(String token, Jwts.Header header, List<TokenKey> keys) {
        try {
            return CompletableFuture.completedFuture(identity(token, header, keys));
        } catch (RefusedToken e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Identity identity(String token, Jwts.Header header, List<TokenKey> keys) throws RefusedToken {
        if (keys.isEmpty()) {
            throw new RefusedToken("its key (kid) is unknown: " + Jwts.shown(header.keyId()));
        }
        List<TokenKey> fitting = keys.stream()
                .filter(key -> key.algorithm().jwa().equals(header.algorithm()))
                .toList();
        if (fitting.isEmpty()) {
            throw new RefusedToken("its algorithm (alg) is not its key's: " + Jwts.shown(header.algorithm()));
        }
        if (fitting.size() > MAX_TRIES) {
            throw new RefusedToken("it does not say by which of " + fitting.size() + " keys it was signed (kid)");
        }
        Instant now = clock.instant();
        JwtClaims claims = claims(token, fitting, now);
        String user = Jwts.user(claims);
        long left = Jwts.leftMillis(claims, now, options.clockSkew());
        try {
            Rights rights = Rights.ofClaim(claims.getClaimValue(Rights.CLAIM));
            Map<String, String> attributes = rights.isEmpty() ? Map.of() : Map.of(Rights.ATTRIBUTE, rights.format());
            return new Identity(user, left, attributes);
        } catch (IllegalArgumentException e) { // rights that are none, or are too many
            throw new RefusedToken(e.getMessage() + "; user " + user);
        }
    }

    private JwtClaims claims(String token, List<TokenKey> keys, Instant now) throws RefusedToken {
        RefusedToken last = new RefusedToken("there is no key");
        for (TokenKey key : keys) {
            try {
                return Jwts.verify(token, key, now, options.clockSkew(), wanted());
            } catch (RefusedToken e) {
                if (!e.isByKey()) {
                    throw e;
                }
                last = e;
            }
        }
        throw last;
    }

    private JwtConsumerBuilder wanted() {
        JwtConsumerBuilder wanted = new JwtConsumerBuilder();
        if (!options.audiences().isEmpty()) { // else the library refuses a token that has any
            wanted.setExpectedAudience(options.audiences().toArray(String[]::new));
        }
        if (options.issuer() != null) {
            wanted.setExpectedIssuer(options.issuer());
        }
        return wanted;
    }

    /** Fetches no keys any more. */
    @Override
    public void close() {
        if (published != null) {
            published.close();
        }
    }
}
