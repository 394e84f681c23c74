package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RedisLogTest extends RedisTestBase {
    private final Node a = node();

    private Cursor appendAs(String publisher, long number, String text) {
        return get(a.appending("news", "news", ALL, Payload.text(text), null, publisher, number, SERVERS_CLOCK));
    }

    private Slice readAt(String topic, String now) {
        return get(a.log.read(topic, 0, 10_000, now));
    }

    @Test
    void countsFromOneInOneEpochWhoeverAppends() {
        Node b = node();
        Slice empty = a.read("news", 0);
        assertThat(empty.begin()).isEqualTo(1);
        assertThat(empty.end()).isZero();
        assertThat(a.append("news", "one")).isEqualTo(new Cursor(empty.epoch(), 1));
        get(b.appending("news", "news", ALL, Payload.text("two"), null, "b", 1, SERVERS_CLOCK));
        assertThat(texts(b.read("news", 0))).containsExactly("pub news 1|one", "pub news 2|two");
        assertThat(a.append("other", "one").offset()).isEqualTo(1);
    }

    @Test
    void keepsBytesKeysAndWhatSubscribersCallIt() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {0, 10, -1, 13, 10});
        get(a.appending("$mailbox ada", "$mailbox", ALL, Payload.binary(bytes), "k y", "a", 1, SERVERS_CLOCK));
        get(a.appending("$mailbox ada", "$mailbox", ALL, Payload.NONE, null, "a", 2, SERVERS_CLOCK));
        Slice slice = a.read("$mailbox ada", 0);
        Entry first = slice.entries().get(0);
        assertThat(first.key()).isEqualTo("k y");
        assertThat(first.message().isText()).isFalse();
        assertThat(first.message())
                .isEqualTo(Entry.of("$mailbox", 1, "k y", Payload.binary(bytes)).message());
        assertThat(slice.entries().get(1).key()).isNull();
        assertThat(slice.entries().get(1).message()).isEqualTo(Payload.text("pub $mailbox 2"));
    }

    @Test
    void isReadBehindAnOffsetWithinALimitButNeverNothing() {
        for (int i = 1; i <= 100; i++) {
            a.append("news", "m" + i % 10);
        }
        for (long after : new long[] {0, 1, 63, 64, 98, 99, 100, 150}) {
            assertThat(a.read("news", after).entries())
                    .extracting(Entry::offset)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(after + 1, 100).boxed().toList());
        }
        int each = "pub news 1\nm1".length();
        assertThat(get(a.log.read("news", 2, 2L * each, SERVERS_CLOCK)).entries())
                .hasSize(2);
        assertThat(get(a.log.read("news", 2, 2L * each - 1, SERVERS_CLOCK)).entries())
                .hasSize(1);
        assertThat(get(a.log.read("news", 2, 1, SERVERS_CLOCK)).entries()).hasSize(1);
        Slice state = get(a.log.read("news", Long.MAX_VALUE, 0, SERVERS_CLOCK));
        assertThat(state.entries()).isEmpty();
        assertThat(state.end()).isEqualTo(100);
    }

    @Test
    void keepsSoManySoManyBytesAndForSoLong() {
        Retention three = new Retention(3, 1_000_000, 1_000_000);
        for (int i = 1; i <= 5; i++) {
            a.append("count", three, "m" + i, "1000");
        }
        assertThat(texts(readAt("count", "1000")))
                .containsExactly("pub count 3|m3", "pub count 4|m4", "pub count 5|m5");

        Retention two = new Retention(1_000, 2L * "pub bytes 1\nm1".length(), 1_000_000);
        for (int i = 1; i <= 5; i++) {
            a.append("bytes", two, "m" + i, "1000");
        }
        assertThat(readAt("bytes", "1000").begin()).isEqualTo(4);
        a.append("bytes", two, "x".repeat(1_000), "1000");
        assertThat(readAt("bytes", "1000").begin()).isEqualTo(6);

        Retention minute = new Retention(1_000, 1_000_000, 60_000);
        a.append("age", minute, "one", "1000");
        a.append("age", minute, "two", "31000");
        assertThat(readAt("age", "61000").begin()).isEqualTo(1);
        assertThat(readAt("age", "61001").begin()).isEqualTo(2);
        Slice empty = readAt("age", "91001");
        assertThat(empty.begin()).isEqualTo(3);
        assertThat(empty.end()).isEqualTo(2);
        assertThat(a.append("age", minute, "three", "91001").offset()).isEqualTo(3);
    }

    @Nested
    @DisplayName("a message that is tried again")
    final class Again {
        @Test
        void standsThereOnce() {
            Cursor first = appendAs("ada", 1, "one");
            Cursor second = appendAs("ada", 2, "two");
            appendAs("bob", 1, "three");
            assertThat(appendAs("ada", 2, "two")).isEqualTo(second);
            assertThat(appendAs("ada", 1, "one")).isEqualTo(first);
            assertThat(texts(a.read("news", 0)))
                    .containsExactly("pub news 1|one", "pub news 2|two", "pub news 3|three");
        }

        @Test
        void isFoundFarBack() {
            Cursor first = appendAs("ada", 1, "one");
            for (int i = 1; i <= 250; i++) {
                appendAs("bob", i, "b");
            }
            appendAs("ada", 2, "two");
            assertThat(appendAs("ada", 1, "one")).isEqualTo(first);
            assertThat(a.read("news", 250).end()).isEqualTo(252);
        }

        @Test
        void isAppendedThoughALaterOneWas() {
            appendAs("ada", 1, "one");
            Cursor three = appendAs("ada", 3, "three");
            Cursor two = appendAs("ada", 2, "two");
            assertThat(two.offset()).isEqualTo(3);
            appendAs("bob", 1, "bob");
            assertThat(appendAs("ada", 2, "two")).isEqualTo(two);
            assertThat(appendAs("ada", 3, "three")).isEqualTo(three);
            appendAs("ada", 4, "four");
            assertThat(appendAs("ada", 2, "two")).isEqualTo(two);
            assertThat(texts(a.read("news", 0)))
                    .containsExactly(
                            "pub news 1|one",
                            "pub news 2|three",
                            "pub news 3|two",
                            "pub news 4|bob",
                            "pub news 5|four");
        }

        @Test
        @DisplayName("is neither taken for there nor appended, where what it may be is not kept any more")
        void isNotKnownWhereTheLogWasTrimmed() {
            Retention two = new Retention(2, 1_000_000, 1_000_000);
            a.append("short", two, "one", SERVERS_CLOCK);
            a.append("short", two, "two", SERVERS_CLOCK);
            Cursor three = a.append("short", two, "three", SERVERS_CLOCK);
            a.append("short", two, "four", SERVERS_CLOCK);
            assertThatThrownBy(() -> get(
                            a.appending("short", "short", two, Payload.text("one"), null, "node", 1, SERVERS_CLOCK)))
                    .hasRootCauseInstanceOf(Unknown.class);
            assertThat(get(a.appending("short", "short", two, Payload.text("three"), null, "node", 3, SERVERS_CLOCK)))
                    .isEqualTo(three);
            assertThat(texts(a.read("short", 0))).containsExactly("pub short 3|three", "pub short 4|four");
        }

        @Test
        void doesNotHoldUpThoseThatComeWithIt() {
            Retention two = new Retention(2, 1_000_000, 1_000_000);
            for (String text : List.of("one", "two", "three")) {
                a.append("short", two, text, SERVERS_CLOCK);
            }
            List<@Nullable Cursor> places = get(a.log.append(
                    "short",
                    "short",
                    two,
                    List.of(message(1, "one"), message(3, "three"), message(4, "four"), message(4, "four")),
                    SERVERS_CLOCK));
            String epoch = a.read("short", 0).epoch();
            assertThat(places).containsExactly(null, new Cursor(epoch, 3), new Cursor(epoch, 4), new Cursor(epoch, 4));
            assertThat(texts(a.read("short", 0))).containsExactly("pub short 3|three", "pub short 4|four");
        }

        private RedisLog.Message message(long number, String text) {
            return new RedisLog.Message(Payload.text(text), null, "node", number);
        }
    }

    @Nested
    @DisplayName("the epoch")
    final class Epochs {
        private void restart() {
            redis.kill();
            redis.start();
        }

        @Test
        void isAnotherOneAfterARestartWithWhatWasThere() {
            Cursor before = a.append("news", "one");
            restart();
            Node b = node();
            Slice after = b.read("news", 0);
            assertThat(after.epoch()).isNotEqualTo(before.epoch());
            assertThat(after.former()).containsExactly(before); // up to there nothing is lost
            assertThat(after.carriedOver(before)).isEqualTo(new Cursor(after.epoch(), 1));
            assertThat(texts(after)).containsExactly("pub news 1|one");
            get(b.appending("news", "news", ALL, Payload.text("two"), null, "b", 1, SERVERS_CLOCK));
            restart();
            assertThat(node().read("news", 2).former()).containsExactly(new Cursor(after.epoch(), 2), before);
        }

        @Test
        void tellsWhatARollbackHasLost() throws IOException {
            Cursor first = a.append("news", "one");
            Path saved = redis.directory().resolve("saved");
            redis.kill();
            copy(redis.directory().resolve("appendonlydir"), saved);
            redis.start();
            Node b = node();
            Cursor lost = get(b.appending("news", "news", ALL, Payload.text("two"), null, "b", 1, SERVERS_CLOCK));
            assertThat(lost.offset()).isEqualTo(2);
            redis.kill();
            copy(saved, redis.directory().resolve("appendonlydir")); // as a replica that had not got the second one
            redis.start();
            Slice after = node().read("news", 0);
            assertThat(after.epoch()).isNotEqualTo(lost.epoch());
            assertThat(after.former()).containsExactly(first); // and nothing of the epoch that is gone
            assertThat(after.carriedOver(first)).isEqualTo(new Cursor(after.epoch(), 1));
            assertThat(after.carriedOver(lost)).isNull();
        }

        private void copy(Path from, Path to) throws IOException {
            Files.createDirectories(to);
            try (Stream<Path> old = Files.list(to)) {
                for (Path file : old.toList()) {
                    Files.delete(file);
                }
            }
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }
    }
}
