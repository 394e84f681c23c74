package dev.bowline.verification.sessions;

import dev.bowline.realtime.HubOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/**
 * Clauses that hold for every server, whatever its application: they are played against the one that {@code bowline.sessions.uri} names,
 * such as {@code ws://localhost:3000/}, with the token {@code bowline.sessions.token} if it wants one; without it against ours.
 */
abstract class AnyServerClauses {
    private static final @Nullable String NAMED = System.getProperty("bowline.sessions.uri");
    private static final @Nullable String TOKEN = System.getProperty("bowline.sessions.token");

    private static @Nullable HubUnderTest ours;

    private final List<SpecClient> clients = new ArrayList<>();

    /** Whether another server than ours is to be played against. */
    static boolean isNamed() {
        return NAMED != null;
    }

    private static URI uri() {
        if (NAMED != null) {
            return URI.create(NAMED);
        }
        HubUnderTest running = ours;
        if (running == null) {
            running = new HubUnderTest(HubOptions.DEFAULT);
            ours = running;
        }
        return running.uri();
    }

    /** A connection that has said nothing. */
    final SpecClient connect() {
        return also(SpecClient.connect(uri()));
    }

    /** Closed with the test. */
    final SpecClient also(SpecClient client) {
        clients.add(client);
        return client;
    }

    /** One with a new session. */
    final SpecClient begin() {
        SpecClient client = connect();
        client.hello(authenticated());
        return client;
    }

    /** These lines of a {@code hello}, and the token where the server wants one. */
    static String[] authenticated(String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        if (TOKEN != null) {
            all.add("auth " + TOKEN);
        }
        return all.toArray(String[]::new);
    }

    @AfterEach
    void disconnect() {
        clients.forEach(SpecClient::close);
    }

    @AfterAll
    static void stop() {
        if (ours != null) {
            ours.close();
            ours = null;
        }
    }
}
