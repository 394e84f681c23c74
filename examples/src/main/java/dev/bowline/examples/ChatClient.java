package dev.bowline.examples;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SubscribeOptions;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Talks to {@link ChatServer} from a terminal. Arguments: the user's name, the room. A line is said in the room; one that begins with
 * {@code @NAME} goes to that user alone.
 */
public final class ChatClient {
    public static void main(String[] args) throws IOException {
        String user = args.length > 0 ? args[0] : "ada";
        String room = args.length > 1 ? args[1] : "lobby";
        URI uri = URI.create("ws://localhost:" + Integer.getInteger("port", 3000));

        // snippet:client
        SessionClient client =
                Bowline.connect(uri, SessionClientOptions.builder().token(user).build());
        client.subscribe("room." + room, SubscribeOptions.DEFAULT.last(20).withPresence(), new TopicListener() {
            @Override
            public void onMessage(String topic, long offset, Payload payload) {
                System.out.println(payload.asText());
            }

            @Override
            public void onGap(String topic, long from, long to, String code) {
                System.out.println("- messages " + from + " to " + to + " are gone: " + code);
            }

            @Override
            public void onPresent(String topic, List<String> users) {
                System.out.println("- here: " + String.join(", ", users));
            }

            @Override
            public void onJoined(String topic, String who) {
                System.out.println("- " + who + " came");
            }

            @Override
            public void onLeft(String topic, String who) {
                System.out.println("- " + who + " left");
            }
        });
        client.subscribe("$mailbox", SubscribeOptions.DEFAULT.last(20), (topic, offset, payload) -> {
            System.out.println("(private) " + payload.asText());
            client.read(offset); // on every device of the user's
        });
        // end:client

        BufferedReader terminal = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = terminal.readLine(); line != null; line = terminal.readLine()) {
            boolean isPrivate = line.startsWith("@");
            client.request(isPrivate ? "whisper" : "say", isPrivate ? line.substring(1) : room + " " + line)
                    .whenComplete((offset, failure) -> {
                        if (failure != null) {
                            System.out.println("- not said: " + failure.getMessage());
                        }
                    });
        }
        client.bye().toCompletableFuture().join();
    }
}
