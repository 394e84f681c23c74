package dev.bowline.verification.sessions;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.HubOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Clauses for which the server must have a certain application, or certain options: they are played against ours alone. */
abstract class OwnServerClauses {
    private final List<SpecClient> clients = new ArrayList<>();
    private @Nullable HubUnderTest server;

    @BeforeEach
    void isForOurServer() {
        assumeFalse(AnyServerClauses.isNamed(), "needs an application that only our own server has");
    }

    /** Starts a server with other options than the defaults. */
    final void serve(HubOptions.Builder options) {
        if (server != null) {
            throw new IllegalStateException("it serves already");
        }
        server = new HubUnderTest(options.build());
    }

    final HubUnderTest server() {
        if (server == null) {
            serve(HubOptions.builder());
        }
        HubUnderTest running = server;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    final Hub hub() {
        return server().hub();
    }

    /** Publishes as the application, and waits until it is in the log. */
    final void publish(String topic, String... messages) {
        for (String message : messages) {
            HubUnderTest.get(hub().topic(topic).publish(message));
        }
    }

    /** A connection that has said nothing. */
    final SpecClient connect() {
        return also(SpecClient.connect(server().uri()));
    }

    /** One with a new session. */
    final SpecClient begin() {
        SpecClient client = connect();
        client.hello();
        return client;
    }

    /** One with a new session of a user. */
    final SpecClient begin(String token) {
        SpecClient client = connect();
        client.hello("auth " + token);
        return client;
    }

    /** Cuts the connection, and resumes the session on another one. */
    final SpecClient comeBack(SpecClient client) {
        client.cut();
        SpecClient back = also(client.reconnect());
        String outcome = back.resume().outcome();
        if (!outcome.startsWith("resumed ")) {
            throw new AssertionError("expected to resume, but the session is " + outcome);
        }
        return back;
    }

    /** Closed with the test. */
    final SpecClient also(SpecClient client) {
        clients.add(client);
        return client;
    }

    @AfterEach
    void stop() {
        clients.forEach(SpecClient::close);
        if (server != null) {
            server.close();
        }
    }
}
