package dev.bowline.verification.sessions;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a blunt client: it sends what it is told to, right or wrong, and takes message by message what comes, each by a
 * deadline. Every message must be within the server's grammar, and its numbers those that follow.
 *
 * <p>It runs over the WebSocket of the JDK. Used by one thread, which answers {@code ping} when it takes messages, unless told not to.
 */
final class SpecClient implements AutoCloseable {
    static final String SUBPROTOCOL = "bowline.v1";

    /** Nothing says how fast the machine is; a server that is stuck takes longer. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** What came. */
    private sealed interface Event permits Came, Closed {}

    private record Came(SpecMessage message) implements Event {}

    private record Closed(int code, String reason) implements Event {}

    private final URI uri;
    private final SpecSession session;
    private final BlockingQueue<Event> incoming = new LinkedBlockingQueue<>();
    private final List<SpecMessage> passedOver = new ArrayList<>();
    private final WebSocket socket;
    private boolean answersPings = true;

    private SpecClient(URI uri, SpecSession session) {
        this.uri = uri;
        this.session = session;
        socket = get(HTTP.newWebSocketBuilder().subprotocols(SUBPROTOCOL).buildAsync(uri, new Listener()));
        if (!socket.getSubprotocol().equals(SUBPROTOCOL)) {
            throw new AssertionError("asked for " + SUBPROTOCOL + ", got \"" + socket.getSubprotocol() + "\"");
        }
    }

    /** Connects, and says nothing. */
    static SpecClient connect(URI uri) {
        return new SpecClient(uri, new SpecSession());
    }

    /** Connects once more for the same session, and says nothing; this connection stays as it is. */
    SpecClient reconnect() {
        return new SpecClient(uri, session);
    }

    SpecSession session() {
        return session;
    }

    /** Leaves every {@code ping} of the server's unanswered; {@link #next} then returns them. */
    SpecClient withoutPongs() {
        answersPings = false;
        return this;
    }

    // ---- To the server ----

    /** Sends a text message. */
    void say(String message) {
        get(socket.sendText(message, true));
    }

    /** Sends a binary message. */
    void sayBinary(String header, byte... payload) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes((header + "\n").getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(payload);
        sendBinary(all.toByteArray());
    }

    /** Sends a binary message as it is. */
    void sendBinary(byte... message) {
        get(socket.sendBinary(ByteBuffer.wrap(message), true));
    }

    /** Sends a control frame that is neither asked for nor answered. */
    void sendControlFrame() {
        get(socket.sendPong(ByteBuffer.allocate(0)));
    }

    /** Sends {@code hello} with these lines, and takes the {@code welcome}. */
    Welcome hello(String... lines) {
        say(lines.length == 0 ? "hello" : "hello\n" + String.join("\n", lines));
        return welcome();
    }

    /** Takes the {@code welcome}, which gives the session its name. */
    Welcome welcome() {
        Welcome welcome = Welcome.of(next());
        session.begin(welcome.session(), welcome.token());
        return welcome;
    }

    /** Goes on with the session. */
    Welcome resume() {
        return hello(session.resumption().toArray(String[]::new));
    }

    /**
     * Sends a command with the next number.
     *
     * @param command with {@code #} for the number: {@code sub # news}
     * @return the number
     */
    long command(String command) {
        long seq = session.nextSeq();
        say(command.replaceFirst("#", Long.toString(seq)));
        return seq;
    }

    /** Sends a command, and waits until it is done. */
    void does(String command) {
        await("ok * " + command(command));
    }

    /** Sends a command, and waits until it is refused with that code. */
    void isRefused(String command, String code) {
        await("err * " + command(command) + " " + code);
    }

    // ---- From the server ----

    /** The next message. */
    SpecMessage next() {
        return passedOver.isEmpty() ? receive() : passedOver.remove(0);
    }

    /** The next message, which must have this header; a field {@code *} stands for any. */
    SpecMessage next(String form) {
        SpecMessage message = next();
        if (!message.is(form)) {
            throw new AssertionError("expected " + form + ", but came " + message + "; then " + incoming);
        }
        return message;
    }

    /** The next message with this header; others before it are kept. */
    SpecMessage await(String form) {
        return await(message -> message.is(form));
    }

    /** The result of a command, {@code ok} or {@code err} with any code: for what depends on the server's application. */
    SpecMessage awaitResult(long seq) {
        return await(message -> message.is("ok * " + seq) || message.is("err * " + seq + " *"));
    }

    private SpecMessage await(Predicate<SpecMessage> wanted) {
        for (Iterator<SpecMessage> each = passedOver.iterator(); each.hasNext(); ) {
            SpecMessage message = each.next();
            if (wanted.test(message)) {
                each.remove();
                return message;
            }
        }
        while (true) {
            SpecMessage message = receive();
            if (wanted.test(message)) {
                return message;
            }
            passedOver.add(message);
        }
    }

    /** Nothing else came, nor comes before the answer to a {@code ping}. */
    void expectNothingElse() {
        say("ping");
        next("pong");
    }

    /** Answers what the server asked meanwhile, until it answers a {@code ping} itself. */
    void expectPong() {
        say("ping");
        await("pong");
    }

    private SpecMessage receive() {
        while (true) {
            Event event = poll();
            if (!(event instanceof Came came)) {
                throw new AssertionError("expected a message, but came " + event + " behind " + passedOver);
            }
            SpecMessage message = came.message();
            SpecGrammar.check(message);
            session.accept(message);
            if (!answersPings || !message.header().equals("ping")) {
                return message;
            }
            say("pong");
        }
    }

    /** The server closes with this code; messages before it do not matter. Returns the reason. */
    String expectClose(int code) {
        while (true) {
            Event event = poll();
            if (event instanceof Closed closed) {
                if (closed.code() != code) {
                    throw new AssertionError("expected the close code " + code + ", but came " + closed);
                }
                return closed.reason();
            }
        }
    }

    /** The server finds a violation of this kind (section 10.2). */
    void expectViolation(String code) {
        String reason = expectClose(4500);
        if (!reason.equals(code)) {
            throw new AssertionError("expected the violation " + code + ", but came " + reason);
        }
    }

    private Event poll() {
        try {
            Event event = incoming.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                throw new AssertionError("nothing came within " + PATIENCE + " behind " + passedOver);
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the server", e);
        }
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the connection", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the connection failed: " + e, e);
        }
    }

    /** Ends the connection as a network does: without a closing handshake. */
    void cut() {
        socket.abort();
    }

    /** Begins the closing handshake. */
    void closeHandshake() {
        get(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                incoming.add(new Came(new SpecMessage(false, text.toString().getBytes(StandardCharsets.UTF_8))));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            binary.writeBytes(part);
            if (last) {
                incoming.add(new Came(new SpecMessage(true, binary.toByteArray())));
                binary.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            incoming.add(new Closed(code, reason));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            incoming.add(new Closed(1006, error.toString()));
        }
    }
}
