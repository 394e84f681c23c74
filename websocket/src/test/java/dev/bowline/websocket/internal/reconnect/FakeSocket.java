package dev.bowline.websocket.internal.reconnect;

import dev.bowline.codec.Compression;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.websocket.ReadyState;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.UpgradeRequest;
import dev.bowline.websocket.WebSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes texts until told otherwise, and keeps them. What it took before it closed was sent. */
class FakeSocket implements WebSocket {
    final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    volatile SendResult answer = SendResult.ACCEPTED;
    volatile long buffered;

    @Override
    public SendResult send(String text, Compression compression) {
        return send(PreparedMessage.text(text, compression));
    }

    @Override
    public SendResult send(ByteBuffer data, Compression compression) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized SendResult send(PreparedMessage message) {
        SendResult result = answer;
        if (result.isAccepted()) {
            sent.add(StandardCharsets.UTF_8.decode(message.payload()).toString());
            buffered += message.payloadBytes() + Outbox.OVERHEAD_BYTES;
        }
        return result;
    }

    @Override
    public SendResult ping(ByteBuffer payload) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized void close(int code, String reason) {
        answer = SendResult.CLOSED;
    }

    @Override
    public synchronized void terminate() {
        answer = SendResult.CLOSED;
    }

    @Override
    public ReadyState readyState() {
        return answer == SendResult.CLOSED ? ReadyState.CLOSED : ReadyState.OPEN;
    }

    @Override
    public long bufferedAmount() {
        return buffered;
    }

    @Override
    public String protocol() {
        return "";
    }

    @Override
    public String extensions() {
        return "";
    }

    @Override
    public UpgradeRequest request() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable String user() {
        return null;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Duration> roundTripTime() {
        return Optional.empty();
    }

    @Override
    public void pauseReading() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resumeReading() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Object attachment() {
        return null;
    }

    @Override
    public void attach(@Nullable Object attachment) {
        throw new UnsupportedOperationException();
    }
}
