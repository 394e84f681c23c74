package dev.bowline.redis;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Three processes, whatever happens: in the end the list is what it should be, and so is what every watcher was told. */
class PresenceRandomTest extends PresenceTestBase {
    private static final String[] TOPICS = {"room", "hall", "yard"};

    /** A session: of one user, and with one node at a time. */
    private static final class Session {
        private final String id;
        private final String user;
        private final TreeSet<String> topics = new TreeSet<>();
        private TestNode node;
        private CompletableFuture<Void> entered = CompletableFuture.completedFuture(null);

        Session(String id, String user, TestNode node) {
            this.id = id;
            this.user = user;
            this.node = node;
        }
    }

    private final Map<TestNode, TestProcess> processOf = new HashMap<>();
    private final List<TestNode> nodes = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private int born;

    private void bear() {
        TestProcess process = process("p" + ++born, SHORT, SHORT).start();
        for (int i = 0; i < 2; i++) {
            TestNode node = process.node(i);
            nodes.add(node);
            processOf.put(node, process);
            for (String topic : TOPICS) {
                node.watch(topic);
            }
        }
    }

    private TestProcess processOf(TestNode node) {
        return Objects.requireNonNull(processOf.get(node));
    }

    /** A process dies; its sessions resume elsewhere, or end with it. */
    private void die(Seeded random) {
        TestProcess dying = processOf(random.oneOf(nodes));
        List<TestNode> dead =
                nodes.stream().filter(node -> processOf(node) == dying).toList();
        sessions.stream()
                .filter(session -> dead.contains(session.node))
                .forEach(session -> RedisTestBase.get(session.entered)); // what it says does not come behind its end
        dying.die();
        nodes.removeAll(dead);
        bear();
        for (Session session : List.copyOf(sessions)) {
            if (dead.contains(session.node)) {
                if (random.nextBoolean()) {
                    moveTo(random.oneOf(nodes), session);
                } else {
                    sessions.remove(session);
                }
            }
        }
    }

    private void moveTo(TestNode node, Session session) {
        RedisTestBase.get(session.entered); // it must not leave before
        processOf(session.node).presence.released(session.node.index, session.id, session.topics);
        session.node = node;
        session.topics.forEach(topic -> node.enter(topic, session.user, session.id));
    }

    private void step(Seeded random, int number) {
        int what = random.intBetween(0, 99);
        if (what < 10 || sessions.isEmpty()) {
            sessions.add(new Session("s" + number, "user" + random.intBetween(0, 4), random.oneOf(nodes)));
            return;
        }
        Session session = random.oneOf(sessions);
        String topic = random.oneOf(TOPICS);
        if (what < 45) {
            session.topics.add(topic);
            CompletableFuture<Void> entering = session.node.entering(topic, session.user, session.id);
            session.entered = CompletableFuture.allOf(session.entered, entering);
        } else if (what < 70) {
            session.topics.remove(topic);
            session.node.leave(topic, session.user, session.id);
        } else if (what < 90) {
            moveTo(random.oneOf(nodes), session);
        } else if (what < 92) {
            ask("CLIENT KILL TYPE normal");
        } else if (what < 93) {
            settle(); // one loss at a time: what is in nobody's memory any more, nobody can say again
            ask("FLUSHALL");
        } else if (what < 94) {
            settle();
            die(random);
        }
    }

    private List<TestProcess> processes() {
        return nodes.stream().map(this::processOf).distinct().toList();
    }

    /** How many seats each process has in a topic, and how many there are. */
    private List<String> seatsWished(String topic) {
        List<Session> there = sessions.stream()
                .filter(session -> session.topics.contains(topic))
                .toList();
        Stream<String> each = processes().stream()
                .map(process -> ":"
                        + there.stream()
                                .filter(session -> processOf(session.node) == process)
                                .count());
        return Stream.concat(each, Stream.of(":" + there.size())).toList();
    }

    private List<String> seatsInRedis(String topic) {
        Stream<String> each = processes().stream()
                .map(process -> ask("EVAL \"local n = 0 for _, seat in ipairs(redis.call('HVALS', KEYS[1])) do "
                        + "if string.find(seat, ' ' .. ARGV[1] .. '/', 1, true) then n = n + 1 end end return n\" 1 "
                        + seats(topic) + " " + process.processes.name()));
        return Stream.concat(each, Stream.of(ask("HLEN " + seats(topic)))).toList();
    }

    /** What is in Redis, and what every watcher was told, is what it should be. */
    private void settle() {
        processes().forEach(TestProcess::beat);
        for (String topic : TOPICS) {
            String[] expected = sessions.stream()
                    .filter(session -> session.topics.contains(topic))
                    .map(session -> session.user)
                    .distinct()
                    .sorted()
                    .toArray(String[]::new);
            Await.untilEquals("seats in " + topic, () -> seatsInRedis(topic), seatsWished(topic));
            for (TestNode node : nodes) {
                expectList(node, topic, expected);
                expectSeen(node, topic, expected);
            }
        }
    }

    @Test
    void inTheEndAllSeeWhoIsThere() {
        Seeded.run(5, random -> {
            for (int i = 0; i < 3; i++) {
                bear();
            }
            for (int i = 0; i < 200; i++) {
                step(random, i);
            }
            settle();
            nodes.forEach(node -> processOf(node).die());
            nodes.clear();
            sessions.clear();
            ask("FLUSHALL");
        });
    }
}
