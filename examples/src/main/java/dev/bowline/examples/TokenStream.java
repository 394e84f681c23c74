package dev.bowline.examples;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.Request;
import dev.bowline.realtime.StreamSender;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Streams the words of a model's answer as it thinks of them, through any number of cuts of the line: see {@link TokenStreamClient} and
 * {@link CutLine}.
 *
 * <ul>
 *   <li>stream {@code ai.complete} with a prompt: the answer, a word in each part
 *   <li>request {@code ai.checksum} with a prompt: the CRC-32 of the whole answer in UTF-8, for who wants to check it
 * </ul>
 */
public final class TokenStream {
    private static final List<String> WORDS =
            List.of("a knot that holds and never jams is made of one loop around which the rope comes back to itself"
                    .split(" "));
    private static final int ANSWER_WORDS = 300;

    /** How long the model thinks about a word. */
    private static final Executor THINKING = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);

    public static void main(String[] args) throws IOException {
        Hub hub = Hub.builder().build();
        hub.onStream("ai.complete", TokenStream::complete).onRequest("ai.checksum", TokenStream::checksum);
        WebSocketServer.builder()
                .port(Integer.getInteger("port", 3000))
                .endpoint(hub.serve(Endpoint.of("/", new WebSocketListener() {})))
                .start();
    }

    // snippet:server
    private static void complete(Request request, StreamSender stream) {
        sendNext(think(request.text()).iterator(), stream);
    }

    /** The next word waits until the client has room for it; for ever, if the client has given the answer up. */
    private static void sendNext(Iterator<String> words, StreamSender stream) {
        if (words.hasNext()) {
            stream.send(words.next() + " ").thenRunAsync(() -> sendNext(words, stream), THINKING);
        } else {
            stream.finish();
        }
    }
    // end:server

    private static CompletionStage<Payload> checksum(Request request) {
        StringBuilder answer = new StringBuilder();
        think(request.text()).forEach(word -> answer.append(word).append(' '));
        return CompletableFuture.completedFuture(Payload.text(crc32(answer.toString())));
    }

    static String crc32(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    /** Stands in for a model: words at random, but the same ones for the same prompt. */
    private static Stream<String> think(String prompt) {
        return new Random(prompt.hashCode()).ints(ANSWER_WORDS, 0, WORDS.size()).mapToObj(WORDS::get);
    }
}
