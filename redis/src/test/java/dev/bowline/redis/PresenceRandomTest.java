package dev.bowline.redis;

import dev.bowline.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
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

    private static void moveTo(TestNode node, Session session) {
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
            session.node.enterSoon(topic, session.user, session.id);
        } else if (what < 70) {
            session.topics.remove(topic);
            session.node.leave(topic, session.user, session.id);
        } else if (what < 90) {
            moveTo(random.oneOf(nodes), session);
        } else if (what < 92) {
            ask("FLUSHALL");
        } else if (what < 94) {
            ask("CLIENT KILL TYPE normal");
        } else if (what < 95) {
            die(random);
        }
    }

    @Test
    void inTheEndAllSeeWhoIsThere() {
        Seeded.run(8, random -> {
            for (int i = 0; i < 3; i++) {
                bear();
            }
            for (int i = 0; i < 250; i++) {
                step(random, i);
            }
            for (String topic : TOPICS) {
                String[] expected = sessions.stream()
                        .filter(session -> session.topics.contains(topic))
                        .map(session -> session.user)
                        .distinct()
                        .sorted()
                        .toArray(String[]::new);
                for (TestNode node : nodes) {
                    expectList(node, topic, expected);
                    expectSeen(node, topic, expected);
                }
            }
            nodes.forEach(node -> processOf(node).die());
            nodes.clear();
            sessions.clear();
            ask("FLUSHALL");
        });
    }
}
