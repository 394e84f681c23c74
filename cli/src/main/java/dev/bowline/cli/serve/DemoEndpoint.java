package dev.bowline.cli.serve;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.TextHeartbeat;
import dev.bowline.websocket.UpgradeDecision;
import dev.bowline.websocket.UpgradeRequest;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the demo says on a plain WebSocket: a greeting, then every message back as it was; but a text
 * {@code @NAME words…} goes to the connections of the user NAME.
 *
 * <p>Any client may take any name: this is a demo, and authenticates nobody.
 */
final class DemoEndpoint implements WebSocketListener {
    private static final System.Logger LOG = System.getLogger(DemoEndpoint.class.getName());

    private static final int MAX_USER_CHARACTERS = 64;

    private final String greeting;
    private final Function<String, Collection<WebSocket>> connectionsOf;

    /**
     * @param greeting what each connection is told first; empty for nothing
     * @param connectionsOf the open connections of a user
     */
    DemoEndpoint(String greeting, Function<String, Collection<WebSocket>> connectionsOf) {
        this.greeting = greeting;
        this.connectionsOf = connectionsOf;
    }

    // ---- Opening and closing ----

    UpgradeDecision decide(UpgradeRequest request) {
        UpgradeDecision decision = UpgradeDecision.accept();
        String user = request.queryParameter("user");
        if (user != null && !user.isEmpty()) {
            if (!isAddressable(user)) {
                return UpgradeDecision.refuse(
                        400,
                        "The user's name must have 1 to " + MAX_USER_CHARACTERS
                                + " characters, none of them white space: a message to a user ends its name there.");
            }
            decision = decision.user(user);
        }
        String heartbeat = request.queryParameter("heartbeat");
        if (heartbeat != null && !heartbeat.isEmpty()) {
            if (!heartbeat.equals("text")) {
                return UpgradeDecision.refuse(400, "The only heartbeat to choose is \"text\".");
            }
            decision = decision.textHeartbeat(TextHeartbeat.PING_PONG);
        }
        String subprotocol = spoken(request);
        return subprotocol == null ? decision : decision.subprotocol(subprotocol);
    }

    private static boolean isAddressable(String user) {
        return user.length() <= MAX_USER_CHARACTERS
                && user.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
    }

    /**
     * An echo speaks whatever the client does, and browsers fail a connection whose offer was not taken up; but Bowline's
     * own subprotocols mean more than an echo.
     */
    private static @Nullable String spoken(UpgradeRequest request) {
        return request.subprotocols().stream()
                .filter(name -> !name.startsWith("bowline."))
                .findFirst()
                .orElse(null);
    }

    @Override
    public void onOpen(WebSocket socket) {
        LOG.log(Level.INFO, () -> "open " + describe(socket));
        Outbox outbox = new Outbox(socket);
        socket.attach(outbox);
        if (!greeting.isEmpty()) {
            outbox.send(greeting);
        }
    }

    @Override
    public void onClose(WebSocket socket, CloseEvent event) {
        LOG.log(
                Level.INFO,
                () -> "closed " + describe(socket) + ": " + event.code()
                        + (event.reason().isEmpty() ? "" : " " + event.reason()));
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        LOG.log(Level.WARNING, () -> "failed " + describe(socket), error);
    }

    private static String describe(WebSocket socket) {
        return Connections.describe(socket.request(), socket.user());
    }

    // ---- Messages ----

    @Override
    public void onText(WebSocket socket, String text) {
        int nameEnd = text.startsWith("@") ? firstWhiteSpace(text) : -1;
        if (nameEnd > 1 && nameEnd < text.length() - 1) {
            String name = text.substring(1, nameEnd);
            String answer = deliver(name, text.substring(nameEnd + 1));
            if (answer != null) {
                outbox(socket).send(answer);
            }
        } else {
            outbox(socket).send(text);
        }
    }

    @Override
    public void onBinary(WebSocket socket, ByteBuffer data) {
        outbox(socket).send(data);
    }

    @Override
    public void onDrained(WebSocket socket) {
        outbox(socket).drained();
    }

    private static int firstWhiteSpace(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isWhitespace(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    /** Sends to all connections of a user; returns what the sender must know, or null where all went well. */
    private @Nullable String deliver(String name, String words) {
        PreparedMessage message = PreparedMessage.text(words);
        int accepted = 0;
        int full = 0;
        for (WebSocket device : connectionsOf.apply(name)) {
            SendResult result = device.send(message);
            accepted += result == SendResult.ACCEPTED ? 1 : 0;
            full += result == SendResult.QUEUE_FULL ? 1 : 0;
        }
        if (full > 0) {
            return name + " reads too slowly: not delivered to " + full + " of " + (accepted + full) + " connections";
        }
        return accepted > 0 ? null : name + " is not connected";
    }

    private static Outbox outbox(WebSocket socket) {
        if (socket.attachment() instanceof Outbox outbox) {
            return outbox;
        }
        throw new IllegalStateException("onOpen did not come first on " + socket);
    }
}
