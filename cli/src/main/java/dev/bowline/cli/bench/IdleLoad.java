package dev.bowline.cli.bench;

import dev.bowline.codec.CloseEvent;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;

/** The connections are open, and nothing else happens. */
final class IdleLoad implements Load {
    private final Run run;

    IdleLoad(Run run) {
        this.run = run;
    }

    @Override
    public WebSocketListener listener(int number) {
        return new WebSocketListener() {
            @Override
            public void onClose(WebSocket socket, CloseEvent event) {
                if (!run.stage.isOver()) {
                    run.faults.closed(event);
                }
            }
        };
    }

    @Override
    public void start() {}

    @Override
    public long outstanding() {
        return 0;
    }
}
