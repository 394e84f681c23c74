package dev.bowline.session.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.SessionStore.Kept;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.testkit.Seeded;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That the simulation bites: whatever is wrong with what stands around the sessions, some course of events brings it to light. */
@Tag("once")
final class MutantsTest {
    private static final int MOST_COURSES = 300;

    /** What is wrong, and only that. */
    static Stream<Named<Defect>> mutants() {
        return Stream.of(
                Named.of(
                        "a direct message is lost",
                        down(message -> message instanceof ServerMessage.Direct direct && direct.n() % 7 == 0)),
                Named.of(
                        "a message of a topic is lost",
                        down(message -> message instanceof ServerMessage.TopicMessage one
                                && one.offset() % 3 == 0
                                && one.offset() > 0)),
                Named.of("a message of a topic comes twice", new Defect() {
                    @Override
                    List<Payload> down(Payload message) {
                        return ServerMessage.parse(message) instanceof ServerMessage.TopicMessage
                                ? List.of(message, message)
                                : List.of(message);
                    }
                }),
                Named.of("a gap is not told", down(message -> message instanceof ServerMessage.Gap)),
                Named.of("a reset is not told", down(message -> message instanceof ServerMessage.Reset)),
                Named.of("the end of a subscription is not told", new Defect() {
                    @Override
                    List<Payload> down(Payload message) {
                        return ServerMessage.parse(message) instanceof ServerMessage.Out out
                                ? List.of(new ServerMessage.DirectMessage(out.n(), "late", Payload.NONE).toWire())
                                : List.of(message);
                    }
                }),
                Named.of("who leaves is not told", down(message -> message instanceof ServerMessage.Leave)),
                Named.of("a command is lost", new Defect() {
                    @Override
                    List<Payload> up(Payload message) {
                        return ClientMessage.parse(message) instanceof ClientMessage.Send
                                ? List.of()
                                : List.of(message);
                    }
                }),
                Named.of("all acknowledgements are lost", new Defect() {
                    @Override
                    List<Payload> up(Payload message) {
                        return ClientMessage.parse(message) instanceof ClientMessage.Ack ? List.of() : List.of(message);
                    }
                }),
                Named.of("more is acknowledged than came", new Defect() {
                    @Override
                    List<Payload> up(Payload message) {
                        return ClientMessage.parse(message) instanceof ClientMessage.Ack ack
                                ? List.of(new ClientMessage.Ack(ack.n() + 1).toWire())
                                : List.of(message);
                    }
                }),
                Named.of("the cursor of a resume is one too high", new Defect() {
                    @Override
                    List<Payload> up(Payload message) {
                        if (ClientMessage.parse(message) instanceof ClientMessage.Hello hello
                                && hello.resume() != null) {
                            ClientMessage.Resume resume = hello.resume();
                            Map<String, Cursor> cursors = new LinkedHashMap<>();
                            resume.topics()
                                    .forEach((topic, cursor) ->
                                            cursors.put(topic, new Cursor(cursor.epoch(), cursor.offset() + 1)));
                            return List.of(withResume(hello, resume.attempt(), cursors));
                        }
                        return List.of(message);
                    }
                }),
                Named.of("attempts are not compared", new Defect() {
                    private long attempts;

                    @Override
                    List<Payload> up(Payload message) {
                        return ClientMessage.parse(message) instanceof ClientMessage.Hello hello
                                        && hello.resume() != null
                                ? List.of(withResume(
                                        hello, ++attempts, hello.resume().topics()))
                                : List.of(message);
                    }
                }),
                Named.of("a trimmed log begins one too early", new Defect() {
                    @Override
                    Slice read(Slice slice, long after) {
                        return slice.begin() > 1
                                ? new Slice(
                                        slice.epoch(), slice.begin() - 1, slice.end(), slice.entries(), slice.former())
                                : slice;
                    }
                }),
                Named.of("a read leaves the first out", new Defect() {
                    @Override
                    Slice read(Slice slice, long after) {
                        List<Entry> entries = slice.entries();
                        return entries.size() > 1
                                ? new Slice(
                                        slice.epoch(),
                                        slice.begin(),
                                        slice.end(),
                                        entries.subList(1, entries.size()),
                                        slice.former())
                                : slice;
                    }
                }),
                Named.of("a log ends where nothing is", new Defect() {
                    @Override
                    Slice read(Slice slice, long after) {
                        List<Entry> entries = slice.entries();
                        return entries.isEmpty()
                                ? slice
                                : new Slice(
                                        slice.epoch(),
                                        slice.begin(),
                                        slice.end() - 1,
                                        entries.subList(0, entries.size() - 1),
                                        slice.former());
                    }
                }),
                Named.of("a former epoch is said to reach further than it does", new Defect() {
                    @Override
                    Slice read(Slice slice, long after) {
                        return withFormer(
                                slice,
                                slice.former().stream()
                                        .map(reach -> new Cursor(reach.epoch(), reach.offset() + 4))
                                        .toList());
                    }
                }),
                Named.of("what a log has of its former epoch is not said", new Defect() {
                    @Override
                    Slice read(Slice slice, long after) {
                        return withFormer(slice, List.of());
                    }
                }),
                Named.of(
                        "that a log has another epoch is not told",
                        down(message -> message instanceof ServerMessage.At at
                                && at.cursor().epoch().contains("_"))),
                Named.of("a message is appended twice", new Defect() {
                    @Override
                    int appends() {
                        return 2;
                    }
                }),
                Named.of("nobody hears that a topic has grown", new Defect() {
                    @Override
                    boolean losesGrowth() {
                        return true;
                    }
                }),
                Named.of("a session is lost on its way", new Defect() {
                    @Override
                    boolean leavesOwner() {
                        return true;
                    }
                }),
                Named.of("a message to a session is said twice", new Defect() {
                    @Override
                    boolean repeatsToSession() {
                        return true;
                    }
                }),
                Named.of("a revocation is not told", new Defect() {
                    @Override
                    boolean losesRevocations() {
                        return true;
                    }
                }),
                Named.of("more of the mailbox is reported than came", new Defect() {
                    @Override
                    Cursor received(Cursor cursor) {
                        return new Cursor(cursor.epoch(), cursor.offset() + 1);
                    }
                }),
                Named.of(
                        "who is sent away is not told for how long",
                        down(message -> message instanceof ServerMessage.Retry)),
                Named.of("results are said before they are kept", new Defect() {
                    @Override
                    boolean promises(Map<String, byte @Nullable []> changes) {
                        return has(changes, "m:");
                    }
                }),
                Named.of("handlers are started before that is kept", new Defect() {
                    @Override
                    boolean promises(Map<String, byte @Nullable []> changes) {
                        return has(changes, "c:") && !has(changes, "m:");
                    }
                }),
                Named.of("who is fenced off is not told", new Defect() {
                    @Override
                    Kept answer(Kept kept) {
                        return kept == Kept.TAKEN ? Kept.DONE : kept;
                    }
                }),
                Named.of("it is not kept which commands were started", keptWithout("c:")),
                Named.of("it is not kept where receipts go", keptWithout("a:")),
                Named.of("what came to a pattern between two nodes is lost", new Defect() {
                    @Override
                    boolean forgetsPatterns() {
                        return true;
                    }
                }),
                Named.of("the engine does not answer", new Defect() {
                    @Override
                    boolean losesResult() {
                        return true;
                    }
                }));
    }

    private static boolean has(Map<String, byte @Nullable []> changes, String kind) {
        return changes.keySet().stream().anyMatch(part -> part.startsWith(kind));
    }

    private static Defect keptWithout(String kind) {
        return new Defect() {
            @Override
            boolean changesKept() {
                return true;
            }

            @Override
            Map<String, byte @Nullable []> kept(Map<String, byte @Nullable []> changes) {
                Map<String, byte @Nullable []> without = new LinkedHashMap<>(changes);
                without.keySet().removeIf(part -> part.startsWith(kind));
                return without;
            }
        };
    }

    private static Slice withFormer(Slice slice, List<Cursor> former) {
        return new Slice(slice.epoch(), slice.begin(), slice.end(), slice.entries(), former);
    }

    private static Payload withResume(ClientMessage.Hello hello, long attempt, Map<String, Cursor> cursors) {
        ClientMessage.Resume resume = Objects.requireNonNull(hello.resume());
        return new ClientMessage.Hello(
                        hello.auth(),
                        new ClientMessage.Resume(resume.session(), resume.token(), resume.seen(), attempt, cursors),
                        hello.features(),
                        hello.agent())
                .toWire();
    }

    private static Defect down(Predicate<ServerMessage> lost) {
        return new Defect() {
            @Override
            List<Payload> down(Payload message) {
                return lost.test(ServerMessage.parse(message)) ? List.of() : List.of(message);
            }
        };
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Defect mutant) {
        assertThat(isCaughtBy(mutant)).as("caught in %s courses", MOST_COURSES).isTrue();
    }

    private static boolean isCaughtBy(Defect defect) {
        for (int seed = 1; seed <= MOST_COURSES; seed++) {
            try {
                Simulation.run(Seeded.of(seed), defect);
            } catch (AssertionError expected) {
                return true;
            }
        }
        return false;
    }
}
