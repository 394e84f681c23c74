package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.session.engine.Retention;
import dev.bowline.session.wire.TopicPattern;
import org.junit.jupiter.api.Test;

class TopicRulesTest {
    private static final Retention FEW = new Retention(2, 100, 1_000);

    @Test
    void theFirstThatCoversATopicHolds() {
        TopicRule few = TopicRule.of("a.*").retention(FEW);
        TopicRule drop = TopicRule.of("a.>").dropOldest(5);
        TopicRules rules = TopicRules.DEFAULT.and(few).and(drop);
        assertThat(rules.of("a.b")).isEqualTo(few);
        assertThat(rules.of("a.b.c")).isEqualTo(drop);
        assertThat(rules.of("b")).isEqualTo(TopicRule.DEFAULT);
        assertThat(TopicRules.DEFAULT.of("a.b")).isEqualTo(TopicRule.DEFAULT);
    }

    @Test
    void mailboxesHaveTheirOwn() {
        TopicRules rules = TopicRules.DEFAULT.and(TopicRule.of(">").unlogged());
        assertThat(rules.of("$mailbox")).isEqualTo(TopicRule.MAILBOX);
        TopicRule few = TopicRule.of("$mailbox").retention(FEW);
        assertThat(rules.and(few).of("$mailbox")).isEqualTo(few);
    }

    @Test
    void mailboxesKeepALog() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TopicRules.DEFAULT.and(TopicRule.of("$mailbox").unlogged()))
                .withMessageContaining("must keep a log");
    }

    @Test
    void logsOfMailboxesAreNoTopics() {
        String log = TopicRules.mailboxOf("ada");
        assertThat(TopicRules.nameOf(log)).isEqualTo("$mailbox");
        assertThat(TopicRules.nameOf("news")).isEqualTo("news");
        assertThat(new TopicPattern(">").matches(log)).isFalse();
        assertThat(new TopicPattern("$mailbox").matches(log)).isFalse();
    }

    @Test
    void whatContradictsItselfIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicRule.of("a").unlogged().dropOldest(1))
                .withMessageContaining("keeps no log");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicRule.of("a").unlogged().conflate(payload -> null))
                .withMessageContaining("keeps no log");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicRule.of("a").dropOldest(0))
                .withMessageContaining("must be at least 1");
    }
}
