package dev.bowline.verification.interop;

import dev.bowline.testkit.Recorder;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JDK's own client. It hands out messages in parts and reports a stream that broke as an error: here as close 1006. */
public final class JdkEnd implements End, WebSocket.Listener {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Recorder<String> events = new Recorder<>();

    // Touched by one callback at a time.
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

    // Touched by the test's thread alone.
    private @Nullable WebSocket socket;
    private CompletionStage<?> sent = CompletableFuture.completedStage(null);

    /** Connects; records {@code open} or {@code refused}. */
    public static JdkEnd open(URI uri, String... subprotocols) {
        return open(CLIENT, uri, subprotocols);
    }

    static JdkEnd open(HttpClient client, URI uri, String... subprotocols) {
        JdkEnd end = new JdkEnd();
        WebSocket.Builder builder = client.newWebSocketBuilder();
        if (subprotocols.length > 0) {
            builder.subprotocols(subprotocols[0], Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
        }
        try {
            end.socket = builder.buildAsync(uri, end).join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof WebSocketHandshakeException refused)) {
                throw e;
            }
            end.events.record("refused " + refused.getResponse().statusCode());
        }
        return end;
    }

    @Override
    public void onOpen(WebSocket opened) {
        events.record("open " + (opened.getSubprotocol().isEmpty() ? "-" : opened.getSubprotocol()));
        opened.request(Long.MAX_VALUE);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            events.record(Message.event(true, StandardCharsets.UTF_8.encode(text.toString())));
            text.setLength(0);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] copy = new byte[data.remaining()];
        data.get(copy);
        binary.writeBytes(copy);
        if (last) {
            events.record(Message.event(false, ByteBuffer.wrap(binary.toByteArray())));
            binary.reset();
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer payload) {
        events.record("ping " + Message.hex(payload));
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer payload) {
        events.record("pong " + Message.hex(payload));
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        events.record("close " + code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        events.record("close 1006 ");
    }

    @Override
    public Recorder<String> events() {
        return events;
    }

    /** It takes one message at a time, so each is sent when the one before was. */
    private void then(Function<WebSocket, CompletionStage<?>> send) {
        WebSocket open = Objects.requireNonNull(socket, "not open");
        sent = sent.thenCompose(before -> send.apply(open));
    }

    @Override
    public void send(Message message) {
        sendPart(message.isText(), message.payload(), true);
    }

    @Override
    public void sendPart(boolean isText, byte[] part, boolean last) {
        if (isText) {
            String characters = new String(part, StandardCharsets.UTF_8);
            then(open -> open.sendText(characters, last));
        } else {
            then(open -> open.sendBinary(ByteBuffer.wrap(part), last));
        }
    }

    @Override
    public void ping(byte... payload) {
        then(open -> open.sendPing(ByteBuffer.wrap(payload)));
    }

    @Override
    public void close(int code, String reason) {
        then(open -> open.sendClose(code, reason));
    }

    @Override
    public void terminate() {
        Objects.requireNonNull(socket, "not open").abort();
    }
}
