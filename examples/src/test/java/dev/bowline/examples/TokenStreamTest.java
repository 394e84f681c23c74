package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.SessionClient;
import dev.bowline.session.wire.Payload;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class TokenStreamTest extends SessionExampleTestBase {
    TokenStreamTest() {
        super(TokenStream.class);
    }

    /** Cuts the line behind every fiftieth word. */
    private final class Reader implements Flow.Subscriber<Payload> {
        private final CompletableFuture<String> whole = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private Flow.@Nullable Subscription subscription;
        private int words;

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(8);
        }

        @Override
        public void onNext(Payload word) {
            text.append(word.asText());
            if (++words % 50 == 0) {
                proxy().resetAll();
            }
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

    @Test
    void theTextIsWholeThoughTheLineWasCutInTheMiddleOfIt() throws Exception {
        SessionClient client = clientThroughProxy(null);
        Reader reader = new Reader();
        client.stream("ai.complete", "What is a knot?").subscribe(reader);
        String text = reader.whole.get(30, TimeUnit.SECONDS);

        assertThat(text.chars().filter(c -> c == ' ')).hasSize(300);
        assertThat(get(client.request("ai.checksum", "What is a knot?")).asText())
                .isEqualTo(TokenStream.crc32(text));
        assertThat(get(client.request("ai.checksum", "What is a rope?")).asText())
                .isNotEqualTo(TokenStream.crc32(text));
        assertThat(proxy().acceptedCount()).isGreaterThan(5); // one after each cut
    }

    @Test
    void theClientChecksTheTextThatCameThroughACutLine() throws Exception {
        try (Program line = Program.server(CutLine.class, "-Dserver=" + server().port());
                Program client = Program.client(TokenStreamClient.class, line.port(), "What is a sheet bend?")) {
            assertThat(client.exitCode()).as(client.output()).isZero();
            Matcher verdict = Pattern.compile("whole after ([0-9]+) cuts").matcher(client.output());
            assertThat(verdict.find()).as(client.output()).isTrue();
            assertThat(Integer.parseInt(verdict.group(1))).isPositive();
        }
    }
}
