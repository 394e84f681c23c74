package dev.bowline.cli.bench;

import dev.bowline.codec.CloseEvent;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketListener;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** Each connection opens and closes, and does so again. */
final class HandshakeLoad implements Load {
    private final Run run;
    private final WebSocketClient client;
    private final AtomicInteger underWay = new AtomicInteger(); // begun, and neither failed nor closed

    HandshakeLoad(Run run, WebSocketClient client) {
        this.run = run;
        this.client = client;
    }

    /** Not called: this load opens its connections itself. */
    @Override
    public WebSocketListener listener(int number) {
        throw new IllegalStateException("connections of this load are opened by itself");
    }

    @Override
    public void start() {
        for (int i = 0; i < run.options.connections(); i++) {
            new Visitor(run.options.urls().get(i % run.options.urls().size())).come();
        }
    }

    @Override
    public long outstanding() {
        return underWay.get();
    }

    /** One who comes and goes. */
    private final class Visitor implements WebSocketListener {
        private final URI url;
        private long begunNanos; // touched by one after the other: who starts, then event loops

        Visitor(URI url) {
            this.url = url;
        }

        void come() {
            if (run.stage.isDraining()) {
                return;
            }
            underWay.incrementAndGet();
            begunNanos = System.nanoTime();
            client.connect(url, this, run.options.client()).whenComplete((socket, failure) -> {
                if (failure != null) {
                    underWay.decrementAndGet();
                    if (!run.stage.isOver()) {
                        run.faults.notOpened(failure);
                    }
                }
            });
        }

        @Override
        public void onOpen(WebSocket socket) {
            run.meter().record(System.nanoTime() - begunNanos);
            socket.close();
        }

        @Override
        public void onClose(WebSocket socket, CloseEvent event) {
            underWay.decrementAndGet();
            if (!run.stage.isOver() && !event.wasClean()) {
                run.faults.closed(event);
            }
            come();
        }
    }
}
