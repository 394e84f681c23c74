package dev.bowline.realtime;

import dev.bowline.codec.CloseEvent;
import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.ClientMessage.Hello;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.session.wire.ServerMessage.Outcome;
import dev.bowline.session.wire.ServerMessage.Terms;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.WebSocket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link ScriptedServer}. Acknowledgements are noted apart, as they come when the client likes. */
final class ScriptedConnection {
    private final WebSocket socket;
    private final AtomicLong lastN;
    private final Recorder<ClientMessage> messages = new Recorder<>();
    private final Recorder<String> closes = new Recorder<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private @Nullable Hello hello;

    ScriptedConnection(WebSocket socket, AtomicLong lastN) {
        this.socket = socket;
        this.lastN = lastN;
    }

    // ---- The server's threads ----

    void came(ClientMessage message) {
        if (message instanceof ClientMessage.Ack ack) {
            acknowledged.set(ack.n());
        } else {
            messages.record(message);
        }
    }

    void closed(CloseEvent event) {
        closes.record(event.code() + (event.reason().isEmpty() ? "" : " " + event.reason()));
    }

    // ---- The test's thread ----

    void awaitHello() {
        hello = messages.expect(Hello.class);
    }

    Hello hello() {
        return Objects.requireNonNull(hello, "hello");
    }

    /** Begins a new session. */
    ScriptedConnection welcome(String session, @Nullable String reason) {
        return welcome(session, reason, ScriptedServer.TERMS);
    }

    ScriptedConnection welcome(String session, @Nullable String reason, Terms terms) {
        lastN.set(0);
        return say(new ServerMessage.Welcome(session, "secret", "ada", new Outcome.Fresh(reason), terms, List.of()));
    }

    /** Goes on with the session that the client has named. */
    ScriptedConnection resumed(long handled) {
        String session = Objects.requireNonNull(hello().resume(), "resume").session();
        return say(new ServerMessage.Welcome(
                session, "secret", "ada", new Outcome.Resumed(handled), ScriptedServer.TERMS, List.of()));
    }

    ScriptedConnection say(ServerMessage message) {
        return say(message.toWire());
    }

    /** Says what may break a rule. */
    ScriptedConnection say(Payload wire) {
        if (wire.isText()) {
            socket.send(wire.asText());
        } else {
            socket.send(wire.bytes());
        }
        return this;
    }

    /** The next number of the direct log. */
    long n() {
        return lastN.incrementAndGet();
    }

    /** Says what the last number of the direct log is, where it was not {@link #n}'s. */
    void lastN(long n) {
        lastN.set(n);
    }

    ScriptedConnection ok(long seq) {
        return say(new ServerMessage.Ok(n(), seq));
    }

    ScriptedConnection refuse(long seq, String code) {
        return say(new ServerMessage.Err(n(), seq, code, Payload.NONE));
    }

    ScriptedConnection part(long seq, String text) {
        return say(new ServerMessage.Part(n(), seq, Payload.text(text)));
    }

    /** The next message must be this one. */
    ScriptedConnection expect(ClientMessage expected) {
        messages.expect(expected);
        return this;
    }

    /** The next message must be one that publishes this to the topic "news". */
    ScriptedConnection expectPublish(long seq, String text) {
        return expect(new ClientMessage.Publish(seq, "news", Payload.text(text)));
    }

    void awaitAcknowledged(long n) {
        Await.untilEquals("acknowledged", acknowledged::get, n);
    }

    void close(int code, String reason) {
        socket.close(code, reason);
    }

    /** Cuts the stream. */
    void cut() {
        socket.terminate();
    }

    /** The connection must end like this. */
    void expectClose(String codeAndReason) {
        closes.expect(codeAndReason);
    }
}
