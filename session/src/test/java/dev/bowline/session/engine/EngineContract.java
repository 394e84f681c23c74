package dev.bowline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Credentials;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import dev.bowline.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What holds for any engine, as seen by nodes that share it. Back ends extend it. */
public abstract class EngineContract {
    private static final Retention ALL = new Retention(1_000, 1_000_000, 1_000_000);
    private static final long NOW = 1_000_000;

    private Engine shared;
    private Loop a;
    private Loop b;
    private Loop c;
    private final List<SessionMessage> taken = new ArrayList<>(); // by sessions, wherever they are, in order

    /** A new engine, without a trace of those before. */
    protected abstract Engine engine();

    /** Credentials of a session that an engine before this one has had. */
    protected abstract Credentials fromBefore();

    /** Waits until nothing is under way but what is in the nodes' queues. */
    protected void settle() {}

    /** Whether sessions that no node has can be claimed for a while: those that were given up for a node that has left, too. */
    protected boolean outlivesClaimants() {
        return false;
    }

    /** Whether it goes by a clock of its own, and not by its nodes'. */
    protected boolean hasItsOwnClock() {
        return false;
    }

    /** How many of the orders in which things may happen are tried; of a slow engine, fewer. */
    protected int orders(int all) {
        return all;
    }

    @BeforeEach
    final void join() {
        join(engine());
    }

    private void join(Engine engine) {
        shared = engine;
        a = new Loop(engine, taken::add, this::settle);
        b = new Loop(engine, taken::add, this::settle);
        c = new Loop(engine, taken::add, this::settle);
    }

    private void run() {
        while (!isIdle()) {
            Loop.run(a, b, c);
        }
    }

    private boolean isIdle() {
        settle();
        return a.isIdle() && b.isIdle() && c.isIdle();
    }

    /** Whose keeping outlives them, if they leave. */
    private boolean keeps() {
        return a.engine().sessions().keeps();
    }

    /** Runs all tasks, in one of the orders in which they may run. */
    private void runInOrder(int order, Runnable afterEach) {
        int choices = order;
        while (!isIdle()) {
            Loop[] loops = choices % 2 == 0 ? new Loop[] {a, b, c} : new Loop[] {c, b, a};
            choices /= 2;
            for (Loop loop : loops) {
                if (!loop.isIdle()) {
                    loop.step();
                    break;
                }
            }
            afterEach.run();
        }
    }

    /** The one value that a call brings. */
    private <T> T result(Consumer<Callback<T>> call) {
        List<T> results = new ArrayList<>();
        call.accept(Callback.of(results::add, Loop.UNEXPECTED));
        run();
        assertThat(results).as("one call of the callback").hasSize(1);
        return results.get(0);
    }

    private Cursor append(Loop node, String topic, Retention retention, String text, long nowMillis) {
        return result(done ->
                node.engine().log().append(topic, topic, retention, Payload.text(text), null, null, nowMillis, done));
    }

    private Cursor append(Loop node, String topic, String text) {
        return append(node, topic, ALL, text, NOW);
    }

    private Slice read(Loop node, String topic, long after, long maxBytes) {
        return read(node, topic, after, maxBytes, NOW);
    }

    private Slice read(Loop node, String topic, long after, long maxBytes, long nowMillis) {
        return result(done -> node.engine().log().read(topic, after, maxBytes, nowMillis, done));
    }

    private static List<String> texts(Slice slice) {
        return slice.entries().stream()
                .map(entry -> entry.message().asText().replace('\n', '|'))
                .toList();
    }

    @Nested
    @DisplayName("the log")
    final class Logs {
        @Test
        void countsFromOneInOneEpoch() {
            Cursor first = append(a, "news", "one");
            Cursor second = append(b, "news", "two");
            assertThat(first.offset()).isEqualTo(1);
            assertThat(second).isEqualTo(new Cursor(first.epoch(), 2));
            Slice slice = read(c, "news", 0, Log.UNLIMITED);
            assertThat(texts(slice)).containsExactly("pub news 1|one", "pub news 2|two");
            assertThat(slice.epoch()).isEqualTo(first.epoch());
            assertThat(slice.begin()).isEqualTo(1);
            assertThat(slice.end()).isEqualTo(2);
        }

        @Test
        void hasAnEpochBeforeItsFirstMessage() {
            Slice empty = read(a, "news", 0, Log.UNLIMITED);
            assertThat(empty.begin()).isEqualTo(1);
            assertThat(empty.end()).isZero();
            assertThat(empty.entries()).isEmpty();
            assertThat(append(b, "news", "one")).isEqualTo(new Cursor(empty.epoch(), 1));
        }

        @Test
        void keepsKeysAndWhatSubscribersCallIt() {
            result((Callback<Cursor> done) -> a.engine()
                    .log()
                    .append("$mailbox ada", "$mailbox", ALL, Payload.text("hi"), "key", null, NOW, done));
            Entry entry = read(b, "$mailbox ada", 0, Log.UNLIMITED).entries().get(0);
            assertThat(entry.key()).isEqualTo("key");
            assertThat(entry.message()).isEqualTo(Payload.text("pub $mailbox 1\nhi"));
        }

        @Test
        void isReadBehindAnOffset() {
            for (int i = 1; i <= 10; i++) {
                append(a, "news", "m" + i);
            }
            for (long after = 0; after <= 12; after++) {
                long from = after;
                assertThat(read(b, "news", after, Log.UNLIMITED).entries())
                        .as("behind %d", after)
                        .extracting(Entry::offset)
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(from + 1, 10).boxed().toList());
            }
        }

        @Test
        void isReadWithinALimitButNeverNothing() {
            for (int i = 1; i <= 4; i++) {
                append(a, "news", "m" + i);
            }
            int each = "pub news 1\nm1".length();
            for (long after : new long[] {0, 2}) { // from either end
                assertThat(read(b, "news", after, 2L * each).entries()).hasSize(2);
                assertThat(read(b, "news", after, 2L * each - 1).entries()).hasSize(1);
                assertThat(read(b, "news", after, 1).entries())
                        .extracting(Entry::offset)
                        .containsExactly(after + 1);
            }
            Slice state = read(b, "news", 0, 0);
            assertThat(state.entries()).isEmpty();
            assertThat(state.end()).isEqualTo(4);
        }

        @Test
        void keepsSoMany() {
            for (int i = 1; i <= 5; i++) {
                append(a, "news", new Retention(3, 1_000_000, 1_000_000), "m" + i, NOW);
            }
            Slice slice = read(b, "news", 0, Log.UNLIMITED);
            assertThat(slice.begin()).isEqualTo(3);
            assertThat(texts(slice)).containsExactly("pub news 3|m3", "pub news 4|m4", "pub news 5|m5");
        }

        @Test
        void keepsSoManyBytesButTheLatestMessage() {
            Retention two = new Retention(1_000, 2L * "pub news 1\nm1".length(), 1_000_000);
            for (int i = 1; i <= 5; i++) {
                append(a, "news", two, "m" + i, NOW);
            }
            assertThat(read(b, "news", 0, Log.UNLIMITED).begin()).isEqualTo(4);
            append(a, "news", two, "x".repeat(1_000), NOW);
            Slice slice = read(b, "news", 0, Log.UNLIMITED);
            assertThat(slice.begin()).isEqualTo(6);
            assertThat(slice.entries()).hasSize(1);
        }

        @Test
        void keepsForSoLong() {
            if (hasItsOwnClock()) {
                keepsForSoLongByItsOwnClock();
                return;
            }
            Retention minute = new Retention(1_000, 1_000_000, 60_000);
            Cursor first = append(a, "news", minute, "one", NOW);
            append(a, "news", minute, "two", NOW + 30_000);
            assertThat(read(b, "news", 0, Log.UNLIMITED, NOW + 60_000).begin()).isEqualTo(1);
            assertThat(read(b, "news", 0, Log.UNLIMITED, NOW + 60_001).begin()).isEqualTo(2);
            Slice empty = read(b, "news", 0, Log.UNLIMITED, NOW + 90_001);
            assertThat(empty.begin()).isEqualTo(3);
            assertThat(empty.end()).isEqualTo(2);
            assertThat(empty.epoch()).isEqualTo(first.epoch());
            assertThat(append(a, "news", minute, "three", NOW + 90_001)).isEqualTo(new Cursor(first.epoch(), 3));
        }

        private void keepsForSoLongByItsOwnClock() {
            Retention brief = new Retention(1_000, 1_000_000, 300);
            Cursor first = append(a, "news", brief, "one", NOW);
            assertThat(read(b, "news", 0, Log.UNLIMITED).begin()).isEqualTo(1);
            Await.until("it is too old", () -> read(b, "news", 0, Log.UNLIMITED).begin() == 2);
            Slice empty = read(b, "news", 0, Log.UNLIMITED);
            assertThat(empty.end()).isEqualTo(1);
            assertThat(empty.epoch()).isEqualTo(first.epoch());
            assertThat(append(a, "news", brief, "two", NOW)).isEqualTo(new Cursor(first.epoch(), 2));
        }

        @Test
        void knowsAMessageAgainByItsKey() {
            Cursor first = appendOnce(a, "news", ALL, "key-1", "one");
            assertThat(appendOnce(b, "news", ALL, "key-1", "one")).isEqualTo(first);
            Cursor second = appendOnce(b, "news", ALL, "key-2", "two");
            assertThat(second.offset()).isEqualTo(2);
            assertThat(appendOnce(c, "news", ALL, "key-1", "another"))
                    .as("the latest but one")
                    .isEqualTo(first);
            assertThat(appendOnce(c, "other", ALL, "key-1", "one").offset())
                    .as("a key is one topic's")
                    .isEqualTo(1);
            assertThat(append(a, "news", "three").offset()).isEqualTo(3);
            assertThat(texts(read(b, "news", 0, Log.UNLIMITED)))
                    .containsExactly("pub news 1|one", "pub news 2|two", "pub news 3|three");
        }

        @Test
        void knowsAMessageByItsKeyThoughItIsKeptNoMore() {
            Retention latest = new Retention(1, 1_000_000, 1_000_000);
            Cursor first = appendOnce(a, "news", latest, "key", "one");
            append(a, "news", latest, "two", NOW);
            assertThat(appendOnce(b, "news", latest, "key", "one")).isEqualTo(first);
            assertThat(texts(read(b, "news", 0, Log.UNLIMITED))).containsExactly("pub news 2|two");
        }

        @Test
        void takesAMessageOnceFromTwoWhoAppendItAtOnce() {
            List<Cursor> places = new ArrayList<>();
            for (Loop node : List.of(a, b, c, a)) { // nobody runs in between
                node.engine()
                        .log()
                        .append(
                                "news",
                                "news",
                                ALL,
                                Payload.text("one"),
                                null,
                                Log.Origin.ofKey("key"),
                                NOW,
                                Callback.of(places::add, Loop.UNEXPECTED));
            }
            run();
            assertThat(places).hasSize(4).containsOnly(places.get(0));
            assertThat(read(b, "news", 0, Log.UNLIMITED).end()).isEqualTo(1);
        }

        private Cursor appendOnce(Loop node, String topic, Retention retention, String key, String text) {
            return result(done -> node.engine()
                    .log()
                    .append(topic, topic, retention, Payload.text(text), null, Log.Origin.ofKey(key), NOW, done));
        }

        @Test
        void isOnesOwn() {
            Cursor news = append(a, "news", "one");
            Cursor other = append(a, "other", "one");
            assertThat(other.offset()).isEqualTo(1);
            assertThat(texts(read(a, "other", 0, Log.UNLIMITED))).containsExactly("pub other 1|one");
            assertThat(news.offset()).isEqualTo(1);
        }
    }

    @Nested
    @DisplayName("who follows")
    final class Following {
        @Test
        void isToldOfWhatGrows() {
            a.engine().bus().follow("news");
            run();
            append(b, "news", "one");
            append(b, "other", "one");
            append(b, "news", "two");
            assertThat(a.notes()).containsExactly("grown news news behind 0", "grown news news behind 1");
            assertThat(b.notes()).isEmpty();
            a.engine().bus().unfollow("news");
            run();
            append(b, "news", "three");
            assertThat(a.notes()).isEmpty();
        }

        @Test
        void isToldByPattern() {
            a.followAll("orders.*");
            run();
            append(a, "orders.1", "one");
            append(b, "orders.2", "one");
            append(b, "orders.2.x", "one");
            result((Callback<Cursor> done) ->
                    b.engine().log().append("$mailbox orders", "$mailbox", ALL, Payload.NONE, null, null, NOW, done));
            assertThat(a.notes())
                    .containsExactly("grown orders.1 orders.1 behind 0", "grown orders.2 orders.2 behind 0");
            a.engine().bus().unfollowAll(new TopicPattern("orders.*"));
            run();
            append(b, "orders.2", "two");
            assertThat(a.notes()).isEmpty();
        }

        @Test
        void isToldOnceHoweverOftenItFollows() {
            a.engine().bus().follow("orders.1");
            a.followAll("orders.*");
            a.followAll(">");
            run();
            append(b, "orders.1", "one");
            assertThat(a.notes()).containsExactly("grown orders.1 orders.1 behind 0");
            a.engine().bus().unfollowAll(new TopicPattern(">"));
            a.engine().bus().unfollow("orders.1");
            run();
            append(b, "orders.1", "two");
            assertThat(a.notes()).containsExactly("grown orders.1 orders.1 behind 1");
        }

        @Test
        void isToldOfWhatItHasReadBeforeItsWaitEnds() {
            a.followAll("orders.*");
            run();
            for (int i = 1; i <= 20; i++) {
                String topic = "orders." + i;
                List<String> order = new ArrayList<>();
                // Told when it is in the log, and not when the others have been told.
                Consumer<Cursor> appended = at ->
                        a.engine().bus().whenTold(topic, Callback.of(told -> order.addAll(a.notes()), Loop.UNEXPECTED));
                b.engine()
                        .log()
                        .append(
                                topic,
                                topic,
                                ALL,
                                Payload.text("one"),
                                null,
                                null,
                                NOW,
                                Callback.of(appended, Loop.UNEXPECTED));
                run();
                assertThat(order).containsExactly("grown " + topic + " " + topic + " behind 0");
            }
        }

        @Test
        void isToldOfUnloggedMessages() {
            a.engine().bus().follow("typing");
            b.followAll(">");
            run();
            a.engine().bus().publish("typing", Entry.unlogged("typing", Payload.text("ada")));
            run();
            assertThat(a.notes()).containsExactly("unlogged typing pub typing -|ada");
            assertThat(b.notes()).containsExactly("unlogged typing pub typing -|ada");
            assertThat(c.notes()).isEmpty();
        }

        @Test
        void isToldOfEachTopicInOrder() {
            a.engine().bus().follow("news");
            a.engine().bus().follow("typing");
            run();
            List<Cursor> places = new ArrayList<>();
            for (int i = 0; i < 2; i++) { // nobody runs in between
                b.engine()
                        .log()
                        .append(
                                "news",
                                "news",
                                ALL,
                                Payload.text("m"),
                                null,
                                null,
                                NOW,
                                Callback.of(places::add, Loop.UNEXPECTED));
                b.engine().bus().publish("typing", Entry.unlogged("typing", Payload.NONE));
            }
            run();
            List<String> notes = a.notes();
            assertThat(notes) // of one topic: what is said on others may go another way
                    .filteredOn(note -> note.startsWith("grown"))
                    .containsExactly("grown news news behind 0", "grown news news behind 1");
            assertThat(notes)
                    .filteredOn(note -> note.startsWith("unlogged"))
                    .containsExactly("unlogged typing pub typing -", "unlogged typing pub typing -");
            assertThat(notes).hasSize(4);
        }

        @Test
        void isToldNothingOnceItHasLeft() {
            a.engine().bus().follow("news");
            run();
            a.engine().leave();
            append(b, "news", "one");
            assertThat(a.notes()).isEmpty();
        }
    }

    @Nested
    @DisplayName("sessions")
    final class Sessions {
        @Test
        void haveCredentialsOfTheirOwn() {
            Credentials first = a.create(null);
            Credentials second = a.create(null);
            assertThat(first.id()).isNotEqualTo(second.id());
            assertThat(first.token()).isNotEqualTo(second.token()).isNotEqualTo(first.id());
        }

        @Test
        void goToWhoClaimsThem() {
            Credentials session = a.create("ada");
            b.claim(session);
            run();
            assertThat(b.notes()).containsExactly("granted");
            assertThat(a.has(session)).isFalse();
            assertThat(b.has(session)).isTrue();
            a.claim(session);
            run();
            assertThat(a.has(session)).isTrue();
            assertThat(b.has(session)).isFalse();
        }

        @Test
        void areRefusedToWhoDoesNotKnowTheToken() {
            Credentials session = a.create(null);
            b.claim(new Credentials(session.id(), session.token() + "x"));
            run();
            assertThat(b.notes()).containsExactly("refused token");
            assertThat(a.has(session)).isTrue();
        }

        @Test
        void stayWithAnOwnerThatKeepsThem() {
            Credentials session = a.create("ada");
            a.keepsNext(new Claim.Superseded());
            b.claim(session, 3, "eve");
            run();
            c.claim(session, 4, null);
            run();
            assertThat(a.notes()).containsExactly("keeps it from Claimant[" + session.id() + ", attempt 3, as eve]");
            assertThat(b.notes()).containsExactly("superseded");
            assertThat(c.notes()).containsExactly("granted");
            c.keepsNext(new Claim.Refused("user"));
            b.claim(session, 5, null);
            run();
            c.engine().bus().toUser("ada", new UserMessage.ReadMark(7));
            run();
            assertThat(c.has(session)).isTrue();
            assertThat(c.notes())
                    .containsExactly(
                            "keeps it from Claimant[" + session.id() + ", attempt 5]",
                            "to ada " + new UserMessage.ReadMark(7));
            assertThat(b.notes()).containsExactly("refused user");
            assertThat(isConnected("ada")).isTrue();
        }

        @Test
        void thatEndedHaveExpired() {
            Credentials session = a.create("ada");
            a.end(session);
            run();
            b.claim(session);
            run();
            assertThat(b.notes()).containsExactly("refused expired");
            assertThat(result((Callback<List<String>> done) ->
                            b.engine().sessions().users(done)))
                    .isEmpty();
        }

        @Test
        void thatEndBeforeTheyAreReleasedHaveExpired() {
            Credentials session = a.create("ada");
            b.claim(session);
            a.end(session);
            c.claim(session);
            run();
            assertThat(b.notes()).containsExactly("refused expired");
            assertThat(c.notes()).containsExactly("refused expired");
        }

        @Test
        void ofAnotherLifeAreLost() {
            a.claim(fromBefore());
            run();
            assertThat(a.notes()).containsExactly("refused lost");
        }

        @Test
        void ofANodeThatLeftAreLost() {
            Credentials session = a.create("ada");
            b.claim(session);
            a.engine().leave();
            run();
            c.claim(session);
            run();
            if (keeps()) {
                assertThat(b.notes()).containsExactly("granted");
                assertThat(c.notes()).containsExactly("granted");
                return;
            }
            assertThat(b.notes()).containsExactly("refused lost");
            assertThat(c.notes()).containsExactly("refused lost");
            assertThat(result((Callback<Boolean> done) -> b.engine().sessions().isConnected("ada", done)))
                    .isFalse();
        }

        @Test
        void stayWhereWhoClaimedThemHasLeft() {
            Credentials session = a.create("ada");
            b.claim(session);
            b.engine().leave();
            run();
            if (!outlivesClaimants()) {
                assertThat(a.has(session)).isTrue();
            }
            c.claim(session);
            run();
            assertThat(c.has(session)).isTrue();
        }

        @Test
        void thatWereReleasedForANodeThatLeftAreLostOrTheNextOnes() {
            Credentials session = a.create("ada");
            a.holdReleases();
            b.claim(session);
            run();
            b.engine().leave();
            a.answerRelease(session);
            run();
            c.claim(session);
            run();
            assertThat(c.notes()).containsExactly(outlivesClaimants() ? "granted" : "refused lost");
        }

        @Test
        void haveOneOwnerWhateverTheOrder() {
            for (int order = 0; order < orders(64); order++) {
                join(shared);
                String asked = "order " + order;
                Credentials session = a.create("ada");
                b.claim(session);
                c.claim(session);
                b.claim(session);
                runInOrder(order, () -> assertThat(
                                (a.has(session) ? 1 : 0) + (b.has(session) ? 1 : 0) + (c.has(session) ? 1 : 0))
                        .as("owners, %s", asked)
                        .isLessThanOrEqualTo(1));
                assertThat(b.has(session)).as("who claimed last, %s", asked).isTrue();
                assertThat(b.notes()).as(asked).endsWith("granted").hasSize(2);
                assertThat(c.notes())
                        .as(asked)
                        .isSubsetOf("granted", "superseded")
                        .hasSize(1);
            }
        }

        @Test
        void ofUsersAreKnown() {
            Credentials first = a.create("ada");
            Credentials second = b.create("ada");
            b.create("eve");
            b.create(null);
            assertThat(result((Callback<List<String>> done) ->
                            c.engine().sessions().users(done)))
                    .containsExactlyInAnyOrder("ada", "eve");
            assertThat(isConnected("ada")).isTrue();
            a.engine().sessions().connected(first.id(), false);
            run();
            assertThat(isConnected("ada")).isTrue();
            b.engine().sessions().connected(second.id(), false);
            run();
            assertThat(isConnected("ada")).isFalse();
            a.engine().sessions().connected(first.id(), true);
            run();
            assertThat(isConnected("ada")).isTrue();
            a.end(first);
            run();
            assertThat(isConnected("ada")).isFalse();
            assertThat(isConnected("nobody")).isFalse();
        }

        @Test
        void ofAUserAreListedWhereverTheyAre() {
            Credentials first = a.create("ada");
            Credentials second = b.create("ada");
            b.create("eve");
            assertThat(sessionsOf("ada")).containsExactlyInAnyOrder(first.id(), second.id());
            b.engine().sessions().connected(second.id(), false);
            c.claim(first);
            run();
            assertThat(sessionsOf("ada")).containsExactlyInAnyOrder(first.id(), second.id());
            b.end(second);
            run();
            assertThat(sessionsOf("ada")).containsExactly(first.id());
            assertThat(sessionsOf("nobody")).isEmpty();
        }

        private List<String> sessionsOf(String user) {
            return result((Callback<List<String>> done) -> c.engine().sessions().sessionsOf(user, done));
        }

        private boolean isConnected(String user) {
            return result((Callback<Boolean> done) -> c.engine().sessions().isConnected(user, done));
        }

        @Test
        void areAskedAboutByTheirOwnersAlone() {
            Credentials session = a.create("ada");
            b.engine().sessions().connected(session.id(), false);
            b.engine().sessions().remove(session.id(), own -> {});
            run();
            assertThat(isConnected("ada")).isTrue();
        }

        @Test
        void ofAUserShareAReadMark() {
            assertThat(mark(a, 0)).isZero();
            assertThat(mark(a, 5)).isEqualTo(5);
            assertThat(mark(b, 3)).isEqualTo(5);
            assertThat(mark(b, 7)).isEqualTo(7);
            assertThat(mark(c, 0)).isEqualTo(7);
        }

        private long mark(Loop node, long offset) {
            return result((Callback<Long> done) -> node.engine().sessions().read("ada", offset, done));
        }

        @Test
        void ofAUserShareWhatWasReceived() {
            List<String> received = new ArrayList<>();
            b.engine().sessions().whenReceived("ada", new Cursor("e", 2), () -> received.add("two"));
            b.engine().sessions().whenReceived("ada", new Cursor("e", 5), () -> received.add("five"));
            b.engine().sessions().whenReceived("ada", new Cursor("other", 1), () -> received.add("other"));
            run();
            a.engine().sessions().received("ada", new Cursor("e", 1));
            a.engine().sessions().received("eve", new Cursor("e", 9));
            run();
            assertThat(received).isEmpty();
            a.engine().sessions().received("ada", new Cursor("e", 3));
            run();
            assertThat(received).containsExactly("two");
            a.engine().sessions().received("ada", new Cursor("e", 1));
            c.engine().sessions().whenReceived("ada", new Cursor("e", 3), () -> received.add("three"));
            run();
            assertThat(received).containsExactly("two", "three");
            a.engine().sessions().received("ada", new Cursor("e", 7));
            run();
            assertThat(received).containsExactly("two", "three", "five");
        }
    }

    @Nested
    @DisplayName("a key that is to be had once")
    final class Once {
        private boolean take(Loop node, String key, long ttlMillis, long nowMillis) {
            return result((Callback<Boolean> done) -> node.engine().sessions().once(key, ttlMillis, nowMillis, done));
        }

        @Test
        void isHadByTheFirst() {
            assertThat(take(a, "x", 60_000, NOW)).isTrue();
            assertThat(take(a, "x", 60_000, NOW)).isFalse();
            assertThat(take(b, "x", 60_000, NOW)).isFalse();
            assertThat(take(c, "y", 60_000, NOW)).isTrue();
            assertThat(take(b, "}{:~", 60_000, NOW)).isTrue();
            assertThat(take(c, "}{:~", 60_000, NOW)).isFalse();
        }

        @Test
        void isHadByOneOfThoseWhoAskAtOnce() {
            List<Boolean> had = new ArrayList<>();
            for (Loop node : List.of(a, b, c, a, b, c)) {
                node.engine().sessions().once("x", 60_000, NOW, Callback.of(had::add, Loop.UNEXPECTED));
            }
            run();
            assertThat(had).containsExactlyInAnyOrder(true, false, false, false, false, false);
        }

        @Test
        void isFreeAgainWhenItsTimeIsOver() {
            if (hasItsOwnClock()) {
                assertThat(take(a, "x", 1_500, NOW)).isTrue();
                assertThat(take(b, "x", 60_000, NOW))
                        .as("which does not prolong it")
                        .isFalse();
                Await.until("it is free again", () -> take(b, "x", 60_000, NOW));
            } else {
                assertThat(take(a, "x", 300, NOW)).isTrue();
                assertThat(take(b, "x", 60_000, NOW + 299))
                        .as("which does not prolong it")
                        .isFalse();
                assertThat(take(b, "x", 60_000, NOW + 300)).isTrue();
            }
            assertThat(take(c, "x", 60_000, NOW + 300)).isFalse();
        }

        @Test
        void staysTakenWhenItsNodeLeaves() {
            assertThat(take(a, "x", 60_000, NOW)).isTrue();
            a.engine().leave();
            assertThat(take(b, "x", 60_000, NOW)).isFalse();
        }
    }

    @Nested
    @DisplayName("presence")
    final class Present {
        private int entered;

        @Test
        void isToldOncePerUser() {
            assertThat(watch(c)).isEmpty();
            enter(a, "room", "ada", "phone");
            enter(b, "room", "ada", "page");
            enter(a, "room", "ada", "phone");
            enter(a, "other", "eve", "x");
            run();
            assertThat(c.notes()).containsExactly("join room ada");
            assertThat(entered).as("each is told when it is in effect").isEqualTo(4);
            a.engine().presence().leave("room", "ada", "phone");
            a.engine().presence().leave("room", "ada", "phone");
            run();
            assertThat(c.notes()).isEmpty();
            b.engine().presence().leave("room", "ada", "page");
            run();
            assertThat(c.notes()).containsExactly("leave room ada");
        }

        private void enter(Loop node, String topic, String user, String session) {
            node.engine().presence().enter(topic, user, session, () -> entered++);
        }

        private List<String> watch(Loop node) {
            return result(
                    (Callback<List<String>> done) -> node.engine().presence().watch("room", done));
        }

        private List<String> list() {
            return result((Callback<List<String>> done) -> b.engine().presence().list("room", done));
        }

        @Test
        void isListedAndThenTold() {
            enter(a, "room", "ada", "phone");
            run();
            assertThat(watch(b)).containsExactly("ada");
            enter(a, "room", "eve", "page");
            run();
            assertThat(b.notes()).containsExactly("join room eve");
            assertThat(list()).containsExactlyInAnyOrder("ada", "eve");
            b.engine().presence().unwatch("room");
            a.engine().presence().leave("room", "eve", "page");
            run();
            assertThat(b.notes()).isEmpty();
            assertThat(list()).containsExactly("ada");
        }

        @Test
        void movesWithASession() {
            assertThat(watch(c)).isEmpty();
            enter(a, "room", "ada", "phone");
            run();
            enter(b, "room", "ada", "phone"); // it has moved
            run();
            a.engine().presence().leave("room", "ada", "phone"); // says one that no longer has it
            run();
            assertThat(c.notes()).containsExactly("join room ada");
            b.engine().presence().leave("room", "ada", "phone");
            run();
            assertThat(c.notes()).containsExactly("leave room ada");
        }

        @Test
        void endsWithItsNode() {
            assertThat(watch(c)).isEmpty();
            enter(a, "room", "ada", "phone");
            enter(a, "room", "eve", "page");
            enter(b, "room", "eve", "watch");
            run();
            c.notes();
            a.engine().leave();
            run();
            if (outlivesClaimants()) { // for a while, in which sessions may resume
                assertThat(c.notes()).isEmpty();
                assertThat(list()).containsExactlyInAnyOrder("ada", "eve");
                return;
            }
            assertThat(c.notes()).containsExactly("leave room ada");
            assertThat(list()).containsExactly("eve");
        }
    }

    @Nested
    @DisplayName("the bus")
    final class Between {
        private final SessionMessage message = new SessionMessage.Finish(7);

        private boolean say(Loop from, Credentials session) {
            return result((Callback<Boolean> done) -> from.engine().bus().toSession(session.id(), message, done));
        }

        @Test
        void findsSessions() {
            Credentials session = a.create(null);
            assertThat(say(a, session)).isTrue();
            assertThat(say(b, session)).isTrue();
            assertThat(a.notes()).containsExactly("message " + message, "message " + message);
            b.claim(session);
            run();
            assertThat(say(a, session)).isTrue();
            assertThat(b.notes()).containsExactly("granted", "message " + message);
            b.end(session);
            run();
            assertThat(say(a, session)).isFalse();
            assertThat(say(a, new Credentials("unheard-of", "x"))).isFalse();
        }

        @Test
        void findsSessionsOnTheirWayWhateverTheOrder() {
            for (int order = 0; order < orders(64); order++) {
                join(shared);
                Credentials session = a.create(null);
                b.claim(session);
                List<Boolean> told = new ArrayList<>();
                c.engine().bus().toSession(session.id(), message, Callback.of(told::add, Loop.UNEXPECTED));
                runInOrder(order, () -> {});
                assertThat(told).as("order %d", order).containsExactly(true);
                assertThat(b.notes()).filteredOn(("message " + message)::equals).hasSizeLessThanOrEqualTo(1);
            }
        }

        @Test
        void keepsTheOrderOfWhatOneNodeSaysToASessionThatMoves() {
            for (int order = 0; order < orders(256); order++) {
                join(shared);
                taken.clear();
                Credentials session = a.create(null);
                b.claim(session);
                List<SessionMessage> said = new ArrayList<>();
                int choices = order;
                for (int i = 1; i <= 8; i++) {
                    SessionMessage next = new SessionMessage.Finish(i);
                    said.add(next);
                    c.engine().bus().toSession(session.id(), next, Callback.of(any -> {}, Loop.UNEXPECTED));
                    if (i == 4) {
                        a.claim(session);
                    }
                    Loop loop = choices % 2 == 0 ? a : b;
                    choices /= 2;
                    if (!loop.isIdle()) {
                        loop.step();
                    }
                }
                run();
                assertThat(taken).as("order %d", order).containsExactlyElementsOf(said);
            }
        }

        @Test
        void answersWhatIsSaidToASessionThatEndsOnItsWay() {
            Credentials session = a.create(null);
            a.holdReleases();
            b.claim(session);
            run();
            List<Boolean> told = new ArrayList<>();
            c.engine().bus().toSession(session.id(), message, Callback.of(told::add, Loop.UNEXPECTED));
            a.end(session);
            run();
            a.answerRelease(session);
            run();
            assertThat(told).containsExactly(false);
            assertThat(b.notes()).containsExactly("refused expired");
        }

        @Test
        void reachesAllSessionsOfAUser() {
            a.create("ada");
            a.create("ada");
            b.create("ada");
            c.create("eve");
            c.engine().bus().toUser("ada", new UserMessage.Revoke("fired"));
            run();
            assertThat(a.notes()).containsExactly("to ada " + new UserMessage.Revoke("fired"));
            assertThat(b.notes()).containsExactly("to ada " + new UserMessage.Revoke("fired"));
            assertThat(c.notes()).isEmpty();
        }

        @Test
        void reachesAUsersSessionOnItsWay() {
            Credentials session = a.create("ada");
            a.holdReleases();
            b.claim(session);
            run();
            c.engine().bus().toUser("ada", new UserMessage.ReadMark(7));
            run();
            a.answerRelease(session);
            run();
            assertThat(b.notes()).containsExactly("granted", "to ada " + new UserMessage.ReadMark(7));
        }

        @Test
        void reachesAUsersSessionThatIsGrantedButNotThereYet() {
            Credentials session = a.create("ada");
            b.claim(session);
            settle();
            Loop.run(a);
            settle(); // b still has to hear of it
            c.engine().bus().toUser("ada", new UserMessage.ReadMark(7));
            run();
            assertThat(b.notes()).containsExactly("granted", "to ada " + new UserMessage.ReadMark(7));
        }

        @Test
        void doesNotRepeatWhatWasSaidBeforeASessionMoved() {
            Credentials session = a.create("ada");
            c.engine().bus().toUser("ada", new UserMessage.ReadMark(7));
            run();
            b.claim(session);
            run();
            assertThat(b.notes()).containsExactly("granted");
        }

        @Test
        void passesOnWhatComesToAMovingSessionsPatterns() {
            Credentials session = a.create(null, "orders.*");
            b.claim(session);
            c.engine()
                    .log()
                    .append(
                            "orders.1",
                            "orders.1",
                            ALL,
                            Payload.NONE,
                            null,
                            null,
                            NOW,
                            Callback.of(x -> {}, Loop.UNEXPECTED));
            settle();
            a.step(); // it gives the session up, and has not been told of orders.1
            a.engine().bus().unfollowAll(new TopicPattern("orders.*"));
            c.engine()
                    .log()
                    .append(
                            "orders.2",
                            "orders.2",
                            ALL,
                            Payload.NONE,
                            null,
                            null,
                            NOW,
                            Callback.of(x -> {}, Loop.UNEXPECTED));
            run();
            assertThat(b.notes())
                    .startsWith("granted")
                    .contains("grown orders.1 orders.1 behind 0", "grown orders.2 orders.2 behind 0");
        }

        @Test
        void passesOnLittleElse() {
            Credentials session = a.create(null, "orders.*");
            append(c, "orders.1", "one");
            append(c, "other", "one");
            b.claim(session);
            run();
            assertThat(a.notes()).containsExactly("grown orders.1 orders.1 behind 0");
            assertThat(b.notes()) // an engine that goes by time may tell it again
                    .startsWith("granted")
                    .isSubsetOf("granted", "grown orders.1 orders.1 behind 0");
        }
    }
}
