package dev.bowline.verification.bench.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.verification.bench.restart.Child;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PublisherTest {
    private static final long SHORTLY_NANOS = 50_000_000;

    @Test
    void whatIsPublishedIsCounted() throws IOException, InterruptedException {
        try (Child node = new Child(ApiNodeMain.class);
                Publisher one = new HttpPublisher((int) node.greeting()[1], 1);
                Publisher many = new HttpPublisher((int) node.greeting()[1], 7);
                Publisher session = new SocketPublisher((int) node.greeting()[0], 3)) {
            long byOne = one.publishUntil(System.nanoTime() + SHORTLY_NANOS);
            long byMany = many.publishUntil(System.nanoTime() + SHORTLY_NANOS);
            long bySession = session.publishUntil(System.nanoTime() + SHORTLY_NANOS);
            long inside = node.ask("publish " + SHORTLY_NANOS)[0];
            assertThat(new long[] {byOne, byMany, bySession, inside}).doesNotContain(0);
            assertThat(byMany % 7).isZero();
            assertThat(node.ask("published")[0]).isEqualTo(byOne + byMany + bySession + inside + 1);
        }
    }
}
