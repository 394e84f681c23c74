package dev.bowline.examples;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.session.wire.Payload;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer of {@link TokenStream} and checks that it is whole, whatever became of the line meanwhile. Argument: the prompt.
 * Ends with 1 if a word is missing, or was said twice.
 */
public final class TokenStreamClient {
    public static void main(String[] args) {
        String prompt = args.length > 0 ? args[0] : "What is a bowline?";
        URI uri = URI.create("ws://localhost:" + Integer.getInteger("port", 3000));
        AtomicInteger cuts = new AtomicInteger();
        SessionClient client = Bowline.connect(uri, SessionClientOptions.DEFAULT, new SessionListener() {
            @Override
            public void onDisconnect(SessionClient session, int code, String reason) {
                System.out.print("[cut " + cuts.incrementAndGet() + "] ");
            }
        });
        Answer answer = new Answer();
        client.stream("ai.complete", prompt).subscribe(answer);
        String text = answer.whole.join();
        String checksum = client.request("ai.checksum", prompt)
                .toCompletableFuture()
                .join()
                .asText();
        client.bye().toCompletableFuture().join();

        boolean whole = checksum.equals(TokenStream.crc32(text));
        System.out.println("\n" + (whole ? "whole" : "BROKEN") + " after " + cuts + " cuts");
        System.exit(whole ? 0 : 1);
    }

    // snippet:client
    /** Prints words as they come. What it requests is what the server may send: a slow terminal slows the model down. */
    private static final class Answer implements Flow.Subscriber<Payload> {
        private static final int AHEAD = 16;

        private final CompletableFuture<String> whole = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(AHEAD);
        }

        @Override
        public void onNext(Payload word) {
            System.out.print(word.asText());
            text.append(word.asText());
            Objects.requireNonNull(subscription).request(1);
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            whole.complete(text.toString());
        }
    }
    // end:client
}
