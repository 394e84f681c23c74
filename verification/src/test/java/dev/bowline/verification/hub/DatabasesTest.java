package dev.bowline.verification.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.TopicListener;
import dev.bowline.redis.RedisOptions;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Recorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two databases of one Redis, with one prefix: a Redis has its channels for all of them together. */
@Tag("once")
class DatabasesTest {
    @RegisterExtension
    static final RedisForTests REDIS = new RedisForTests();

    private final String prefix = REDIS.newPrefix();
    private final HubNode first = node(0);
    private final HubNode second = node(1);

    private HubNode node(int database) {
        return new HubNode(
                Integer.toString(database),
                REDIS.engine(
                        RedisOptions.of(REDIS.process().uri() + "/" + database).withPrefix(prefix)));
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        REDIS.closeEngines();
    }

    @Test
    void areServersOfTheirOwn() {
        Recorder<String> told = new Recorder<>();
        try (SessionClient client = Bowline.connect(first.uri())) {
            TwoHubsTestBase.get(client.subscribe("open.news", new TopicListener() {
                        @Override
                        public void onMessage(String topic, long offset, Payload payload) {
                            told.record(offset + " " + payload.asText());
                        }

                        @Override
                        public void onReset(String topic, String code) {
                            told.record("reset " + code);
                        }
                    })
                    .ready());
            assertThat(TwoHubsTestBase.get(second.hub.topic("open.news").publish("theirs")))
                    .isEqualTo(1);
            assertThat(TwoHubsTestBase.get(first.hub.topic("open.news").publish("ours")))
                    .isEqualTo(1);
            told.expect("1 ours");
        }
    }
}
