package dev.bowline.cli.token;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * The keys that an issuer publishes as a JWK Set (RFC 7517 §5). They are fetched when a token is there that needs them, and again when
 * they are old, or a token names a key that is not among them; where that fails, those that were fetched before are good on. Safe from
 * any thread; no method waits.
 */
final class PublishedKeys implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PublishedKeys.class.getName());

    static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_KEYS = 100;
    private static final int THREADS = 2; // a name that is being looked up holds one
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int OK = 200;

    /** Between one attempt and the next, whatever comes. */
    private static final long PAUSE_NANOS = Duration.ofSeconds(30).toNanos();

    /** From this part of their time on they are fetched anew while the old ones are in use, so that no client waits for that. */
    private static final double REFRESH = 0.8;

    private final URI place;
    private final long cacheNanos;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "bowline-keys");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient client;

    // Under the lock.
    private List<TokenKey> keys = List.of(); // empty before the first ones are there
    private long fetchedNanos; // when those were asked for
    private long triedNanos; // when any were asked for last
    private boolean failing; // the last attempt has failed
    private @Nullable CompletableFuture<List<TokenKey>> fetching;

    PublishedKeys(URI place, Duration cache, LongSupplier nanoTime) {
        this(place, cache, TIMEOUT, nanoTime);
    }

    /**
     * @param timeout for an answer, with all of it
     */
    PublishedKeys(URI place, Duration cache, Duration timeout, LongSupplier nanoTime) {
        this.place = place;
        this.cacheNanos = cache.toNanos();
        this.timeout = timeout;
        this.nanoTime = nanoTime;
        this.triedNanos = nanoTime.getAsLong() - PAUSE_NANOS;
        this.client = HttpClient.newBuilder()
                .executor(executor)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * The keys, with that of an id, if it is published.
     *
     * @param id null for any
     * @return completed by any thread; exceptionally where that key may be published and could not be asked for: later it can
     */
    CompletionStage<List<TokenKey>> with(@Nullable String id) {
        CompletableFuture<List<TokenKey>> fetched;
        List<TokenKey> known;
        boolean has;
        boolean waits;
        synchronized (this) {
            known = keys;
            has = !TokenKey.candidates(known, id).isEmpty();
            long now = nanoTime.getAsLong();
            long age = now - fetchedNanos;
            boolean wanted = !has || age >= cacheNanos * REFRESH;
            if (fetching == null && wanted && now - triedNanos >= PAUSE_NANOS) {
                fetch(now);
            }
            fetched = fetching;
            waits = !has || (age >= cacheNanos && !failing);
        }
        if (has && (!waits || fetched == null)) {
            return CompletableFuture.completedFuture(known);
        }
        if (fetched == null) {
            return CompletableFuture.failedFuture(new IOException("the published keys were asked for a moment ago"));
        }
        return has ? fetched.exceptionally(failure -> known) : fetched;
    }

    /** Under the lock. */
    private void fetch(long now) {
        triedNanos = now;
        CompletableFuture<byte[]> body = new CompletableFuture<byte[]>()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS); // the client's own timeout ends with the header
        executor.execute(() -> request(body)); // it may look up a name, and wait for that
        fetching = body.handleAsync((bytes, failure) -> fetched(bytes, failure, now), executor);
    }

    private void request(CompletableFuture<byte[]> body) {
        HttpRequest request = HttpRequest.newBuilder(place)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, header -> new BoundedBody(MAX_BYTES));
        CompletableFuture<?> unused = sent.whenComplete((response, failure) -> {
            if (failure != null) {
                body.completeExceptionally(failure);
            } else if (response.statusCode() != OK) {
                body.completeExceptionally(new IOException("its status is " + response.statusCode()));
            } else {
                body.complete(response.body());
            }
        });
        // Out of time: it is of no use any more. Where the answer came, there is nothing left to cancel.
        CompletableFuture<?> unusedToo = body.whenComplete((bytes, failure) -> sent.cancel(true));
    }

    private List<TokenKey> fetched(byte @Nullable [] body, @Nullable Throwable failure, long askedNanos) {
        try {
            if (body == null) {
                throw new IOException(reason(failure));
            }
            List<TokenKey> read = read(body);
            boolean failed;
            synchronized (this) {
                keys = read;
                fetchedNanos = askedNanos;
                failed = failing;
                failing = false;
                fetching = null;
            }
            if (failed) {
                LOG.log(Level.INFO, () -> "the keys of tokens can be had again from " + shown());
            }
            return read;
        } catch (IOException e) {
            boolean failed;
            int left;
            synchronized (this) {
                failed = failing;
                failing = true;
                fetching = null;
                left = keys.size();
            }
            if (!failed) {
                LOG.log(
                        Level.WARNING,
                        () -> "the keys of tokens can't be had from " + shown() + ": " + e.getMessage() + "; "
                                + (left == 0 ? "there are none" : "those from before are good on: " + left));
            }
            throw new CompletionException(e);
        }
    }

    private static List<TokenKey> read(byte[] body) throws IOException {
        List<TokenKey> read;
        try {
            read = new JsonWebKeySet(new String(body, StandardCharsets.UTF_8))
                    .getJsonWebKeys().stream()
                            .map(TokenKey::published)
                            .flatMap(Optional::stream)
                            .limit(MAX_KEYS)
                            .toList();
        } catch (JoseException | RuntimeException e) { // the library casts what it finds
            throw new IOException("it is no JWK Set", e);
        }
        if (read.isEmpty()) {
            throw new IOException("it holds no key for RS256, ES256 or EdDSA");
        }
        return read;
    }

    private String reason(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return "no answer in " + timeout.toMillis() + " ms";
        }
        return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
    }

    /** Without a query, which may be secret. */
    private String shown() {
        return place.getScheme() + "://" + place.getAuthority() + place.getPath();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
