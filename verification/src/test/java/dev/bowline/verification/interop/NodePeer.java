package dev.bowline.verification.interop;

import dev.bowline.codec.CloseCode;
import dev.bowline.testkit.Recorder;
import dev.bowline.verification.support.LineProcess;
import dev.bowline.verification.support.Node;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Other implementations in Node.js: the Java half of {@code peer.js}. One process, any number of connections. */
final class NodePeer implements AutoCloseable {
    private final LineProcess process;
    private final Map<String, Recorder<String>> events = new ConcurrentHashMap<>();
    private final AtomicInteger lastLink = new AtomicInteger();

    /** @param kind the implementation, as {@code peer.js} names it */
    NodePeer(String kind) {
        process = Node.start(this::dispatch, "peer.js", kind);
    }

    private void dispatch(String line) {
        String[] linkAndEvent = line.split(" ", 2);
        eventsOf(linkAndEvent[0]).record(linkAndEvent[1]);
    }

    private Recorder<String> eventsOf(String link) {
        return events.computeIfAbsent(link, any -> new Recorder<>());
    }

    /** The port that it listens on, where it is a server. */
    int listeningPort() {
        String event = eventsOf("0").expect(said -> said.startsWith("listening "), "a port");
        return Integer.parseInt(event.substring("listening ".length()));
    }

    /** A connection that is still to be opened. */
    Link newLink() {
        return new Link(Integer.toString(lastLink.incrementAndGet()));
    }

    @Override
    public void close() {
        process.close();
    }

    /** Its end of one connection. */
    final class Link implements End {
        private final String number;

        private Link(String number) {
            this.number = number;
        }

        private void say(String command) {
            process.say(number + " " + command);
        }

        private static String base64(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }

        /** Connects, as a client. */
        Link open(URI uri, String... subprotocols) {
            say(("open " + uri + " " + String.join(" ", subprotocols)).strip());
            return this;
        }

        /** The query by which a server knows this link. */
        String query() {
            return "?link=" + number;
        }

        @Override
        public Recorder<String> events() {
            return eventsOf(number);
        }

        @Override
        public void send(Message message) {
            say((message.isText() ? "text " : "binary ") + base64(message.payload()));
        }

        @Override
        public void sendPart(boolean isText, byte[] part, boolean last) {
            say((isText ? "text-part " : "binary-part ") + (last ? "1 " : "0 ") + base64(part));
        }

        @Override
        public void ping(byte... payload) {
            say("ping " + base64(payload));
        }

        @Override
        public void close(int code, String reason) {
            say(
                    code == CloseCode.NO_STATUS_RECEIVED
                            ? "close"
                            : "close " + code + " " + base64(reason.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void terminate() {
            say("terminate");
        }
    }
}
