package dev.bowline.websocket.internal.client;

import dev.bowline.websocket.WebSocketClient;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What stands behind a {@link WebSocketClient}, for Bowline's other modules. Safe from any thread. */
public final class ClientAccess {
    private static volatile @Nullable Function<WebSocketClient, Client> access;

    private ClientAccess() {}

    /** Called by the class {@link WebSocketClient} as it is initialised, so before there is a client to ask for. */
    public static void provide(Function<WebSocketClient, Client> function) {
        access = function;
    }

    /** The event loops, attempts and connections of a client. */
    public static Client of(WebSocketClient client) {
        Function<WebSocketClient, Client> function = access;
        if (function == null) {
            throw new IllegalStateException("there is a client of a class that was not initialised");
        }
        return function.apply(client);
    }
}
