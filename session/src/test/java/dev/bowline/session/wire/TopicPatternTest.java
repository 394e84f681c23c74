package dev.bowline.session.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicPatternTest {
    @ParameterizedTest
    @CsvSource({
        "news, news, true",
        "news, new, false",
        "news, newsletter, false",
        "news, news.eu, false",
        "news.eu, news, false",
        "orders.*, orders.1, true",
        "orders.*, orders, false",
        "orders.*, orders.1.items, false",
        "*.eu, news.eu, true",
        "*.eu, news.us, false",
        "orders.>, orders.1, true",
        "orders.>, orders.1.items, true",
        "orders.>, orders, false",
        ">, a, true",
        ">, a.b.c, true",
        "a.*.>, a.b.c, true",
        "a.*.>, a.b, false"
    })
    void covers(String pattern, String topic, boolean covered) {
        assertThat(new TopicPattern(pattern).matches(topic)).isEqualTo(covered);
    }

    @Test
    void agreesWithRegularExpressions() {
        Seeded.run(2_000, random -> {
            String pattern = path(random, List.of("a", "b", "ab", "*")) + random.oneOf("", "", ".>");
            String topic = path(random, List.of("a", "b", "ab"));
            String regex = pattern.replace(".", "\\.").replace("*", "[^.]+").replace(">", ".+");
            assertThat(new TopicPattern(pattern).matches(topic))
                    .as("%s %s", pattern, topic)
                    .isEqualTo(Pattern.matches(regex, topic));
        });
    }

    private static String path(Seeded random, List<String> segments) {
        List<String> chosen = new ArrayList<>();
        for (int i = random.intBetween(1, 4); i > 0; i--) {
            chosen.add(segments.get(random.intBetween(0, segments.size() - 1)));
        }
        return chosen.stream().collect(Collectors.joining("."));
    }

    @ParameterizedTest
    @CsvSource({
        "news, news, true",
        "news, *, false",
        "*, news, true",
        "*, *, true",
        "*, >, false",
        "*, a.b, false",
        ">, *, true",
        ">, a.*.>, true",
        ">, >, true",
        "*.>, >, false",
        "a.>, a.>, true",
        "a.>, a.*.>, true",
        "a.>, a, false",
        "a.*.>, a.>, false",
        "a.*, a.>, false",
        "a.*.c, a.b.c, true",
        "a.b.c, a.*.c, false",
        "$mailbox, $mailbox, true",
        ">, $mailbox, false",
        "*, $mailbox, false",
        "$x.>, $x.a, false"
    })
    void coversPatterns(String pattern, String other, boolean covered) {
        assertThat(new TopicPattern(pattern).covers(new TopicPattern(other))).isEqualTo(covered);
    }

    @Test
    void coversAPatternIfNoTopicOfItsIsOutside() {
        List<String> topics = new ArrayList<>(List.of("a", "b", "c"));
        for (int from = 0, depth = 1; depth < 5; depth++) {
            int to = topics.size();
            for (String topic : List.copyOf(topics.subList(from, to))) {
                List.of("a", "b", "c").forEach(segment -> topics.add(topic + "." + segment));
            }
            from = to;
        }
        Seeded.run(500, random -> {
            TopicPattern one = pattern(random);
            TopicPattern other = pattern(random);
            assertThat(one.covers(other))
                    .as("%s %s", one, other)
                    .isEqualTo(topics.stream().filter(other::matches).allMatch(one::matches));
        });
    }

    /** Of at most four segments, so that what it covers shows itself in topics of five; "c" stands for any other segment. */
    private static TopicPattern pattern(Seeded random) {
        return new TopicPattern(
                random.intBetween(0, 9) == 0
                        ? ">"
                        : path(random, List.of("a", "b", "*")).replaceFirst("[ab*]$", random.oneOf("$0", "$0", ">")));
    }

    @Test
    void isATopicWithoutWildcards() {
        assertThat(new TopicPattern("a.b").isTopic()).isTrue();
        assertThat(new TopicPattern("a.*").isTopic()).isFalse();
        assertThat(new TopicPattern("a.>").isTopic()).isFalse();
    }

    @Test
    void refusesWhatIsNoPattern() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopicPattern("a..b"))
                .withMessageContaining("\"a..b\"");
    }
}
