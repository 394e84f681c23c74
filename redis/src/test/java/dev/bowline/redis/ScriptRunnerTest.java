package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Retention;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ScriptRunnerTest extends RedisTestBase {
    private static final int MESSAGES = 2_000;
    private static final int UNDER_WAY = 20;
    private static final Retention ENOUGH = new Retention(MESSAGES, 1_000_000, 1_000_000);

    @Test
    void keepsTheOrderWhenRedisForgetsTheScripts() throws InterruptedException {
        // answers come in pieces, so that one message is sent between the answers to two others
        FaultProxy proxy = FaultProxy.to("127.0.0.1", redis.port());
        proxy.apply(FaultProxy.Direction.TO_CLIENT, Fault.singleBytes());
        Node a = new Node(RedisOptions.of("redis://127.0.0.1:" + proxy.port()), () -> "epoch");
        AtomicBoolean over = new AtomicBoolean();
        Thread forgetting = new Thread(() -> {
            while (!over.get()) {
                redis.ask("SCRIPT FLUSH");
            }
        });
        forgetting.start();
        List<CompletionStage<Cursor>> places = new ArrayList<>();
        try {
            for (int i = 1; i <= MESSAGES; i++) {
                places.add(a.appending("news", "news", ENOUGH, Payload.text("m" + i), null, "a", i, SERVERS_CLOCK));
                if (i > UNDER_WAY) {
                    get(places.get(i - UNDER_WAY));
                }
            }
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(get(places.get(i)).offset()).isEqualTo(i + 1);
            }
        } finally {
            over.set(true);
            forgetting.join();
            a.close();
            proxy.close();
        }
        List<String> texts = texts(node().read("news", 0));
        assertThat(texts).hasSize(MESSAGES);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(texts.get(i)).endsWith("|m" + (i + 1));
        }
    }
}
