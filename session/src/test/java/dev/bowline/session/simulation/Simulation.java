package dev.bowline.session.simulation;

import static dev.bowline.session.simulation.Truth.wrong;

import dev.bowline.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One course of events: clients at work while everything goes wrong that the profile has; then all is well, and everything must be in
 * order; then all clients leave, and nothing must be left.
 */
final class Simulation {
    private static final int USERS = 3;

    /** The profiles that {@code -Dbowline.profiles=kept,pauses} names; all where it names none. */
    private static final List<Profile> ONLY = Profile.named(System.getProperty("bowline.profiles", ""));

    private final Profile profile;
    private final World world;
    private final Truth truth = new Truth();
    private final SimulatedServer server;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private int made;

    Simulation(Seeded random, Profile profile, Defect defect) {
        this.profile = profile;
        this.world = new World(random);
        this.server = new SimulatedServer(world, profile, truth, defect);
    }

    /** Runs the course that a random source has, with a profile of its choice; or with one of those that a property names. */
    static long run(Seeded random, Defect defect) {
        Profile chosen = random.oneOf(Profile.EACH);
        return new Simulation(random, ONLY.contains(chosen) || ONLY.isEmpty() ? chosen : random.oneOf(ONLY), defect)
                .run();
    }

    /**
     * Runs it.
     *
     * @return what is the same whenever the same happened
     * @throws AssertionError with the last that happened, if anybody was told what is not so
     */
    long run() {
        try {
            work();
            settle();
            leave();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    e.getMessage() + "\nprofile " + profile + ", at " + world.now() + ":\n" + world.lastLines(), e);
        }
        return world.traceHash();
    }

    private void check() {
        server.check();
    }

    private void work() {
        Seeded random = world.random();
        int count = random.intBetween(2, 5);
        for (int i = 0; i < count; i++) {
            add();
        }
        int actions = random.intBetween(30, 150);
        for (int i = 0; i < actions; i++) {
            world.run(random.oneOf(0, 1, 10, 50, 500, 3_000), this::check);
            if (!fault(random.intBetween(0, 99))) {
                act();
            }
        }
    }

    private void add() {
        String user = world.random().chance(30) ? null : "user" + world.random().intBetween(1, USERS);
        SimulatedClient client = new SimulatedClient(world, server, truth, profile, "c" + ++made, user);
        world.trace(client.name(), "is " + user);
        clients.add(client);
        client.start();
    }

    private void act() {
        Seeded random = world.random();
        int dice = random.intBetween(0, 99);
        if (dice < 75) {
            SimulatedClient client = random.oneOf(clients);
            client.act();
            client.check();
        } else if (dice < 82) {
            server.publish(random.oneOf("news.a", "news.b", "short.a", "drop.a", "latest.a", "typing.a"));
        } else if (dice < 88) {
            server.sendToUser("user" + random.intBetween(1, USERS));
        } else if (dice < 94) {
            List<String> sessions = server.application().sessions();
            if (!sessions.isEmpty()) {
                String session = random.oneOf(sessions);
                int size = random.oneOf(0, 0, 50, 1_000);
                int times = random.chance(5) ? 10 : 1; // ten large ones are more than the direct log takes
                for (int i = 0; i < times; i++) {
                    server.application().sendTo(session, size);
                }
            }
        } else if (dice < 96) {
            List<String> sessions = server.application().sessions();
            if (!sessions.isEmpty()) {
                server.application().unsubscribe(random.oneOf(sessions), SimulatedClient.somePattern(random));
            }
        } else if (dice < 97) {
            server.application()
                    .unsubscribeUser("user" + random.intBetween(1, USERS), SimulatedClient.somePattern(random));
        } else if (dice < 98) {
            random.oneOf(clients).bye();
        } else if (clients.size() < 8) {
            add();
        }
    }

    /** One fault, if the dice says so. */
    private boolean fault(int dice) {
        Seeded random = world.random();
        int bound = profile.cuts();
        if (dice < bound) {
            SimulatedConnection victim = someConnection();
            if (victim != null) {
                world.trace("network", "cuts a connection");
                victim.cut(random.chance(70), random.chance(70));
            }
            return true;
        }
        bound += profile.stalls();
        if (dice < bound) {
            SimulatedConnection victim = someConnection();
            if (victim != null) {
                boolean up = random.nextBoolean();
                boolean down = !up || random.nextBoolean();
                world.trace("network", "stalls" + (up ? " up" : "") + (down ? " down" : ""));
                victim.stall(up, down);
                world.in(random.oneOf(100, 2_000, 20_000), () -> victim.stall(false, false));
            }
            return true;
        }
        bound += profile.sleeps();
        if (dice < bound) {
            random.oneOf(clients).sleep(random.oneOf(1_000, 10_000, 30_000, 90_000));
            return true;
        }
        bound += profile.thefts();
        if (dice < bound) {
            random.oneOf(clients).rob();
            return true;
        }
        bound += profile.nodeRestarts();
        if (dice < bound) {
            server.restartNode();
            return true;
        }
        bound += profile.crashes();
        if (dice < bound) {
            server.crashNode();
            return true;
        }
        bound += profile.pauses();
        if (dice < bound) {
            server.pauseNode();
            return true;
        }
        bound += profile.serverRestarts();
        if (dice < bound) {
            server.restart();
            return true;
        }
        bound += profile.dismissals();
        if (dice < bound) {
            server.dismiss(random.oneOf(0, 500, 5_000, 20_000));
            return true;
        }
        bound += profile.revocations();
        if (dice < bound) {
            server.revoke("user" + random.intBetween(1, USERS));
            return true;
        }
        bound += profile.outages();
        if (dice < bound) {
            server.outage();
            return true;
        }
        bound += profile.logRestarts();
        if (dice < bound) {
            server.restartLogs();
            return true;
        }
        return false;
    }

    private @Nullable SimulatedConnection someConnection() {
        List<SimulatedConnection> all = server.connections();
        return all.isEmpty() ? null : world.random().oneOf(all);
    }

    private void settle() {
        world.trace("all", "is well");
        server.calm();
        clients.forEach(SimulatedClient::settle);
        world.run(4 * SimulatedServer.WINDOW_MILLIS, this::check);
        clients.forEach(client -> client.checkComplete(this::usersIn));
        server.application().checkRevoked();
        server.application().checkReceipts();
        truth.checkOrder();
    }

    private Set<String> usersIn(String topic) {
        return clients.stream()
                .map(client -> client.userIn(topic))
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void leave() {
        clients.forEach(SimulatedClient::bye);
        world.run(2 * SimulatedServer.WINDOW_MILLIS, this::check);
        server.application().checkComplete();
        server.checkEmpty();
        for (String session : server.application().sessions()) {
            if (!server.isOver(session)) {
                throw wrong(session + " was not told to be over");
            }
        }
    }
}
