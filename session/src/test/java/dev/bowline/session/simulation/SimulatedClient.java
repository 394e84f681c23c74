package dev.bowline.session.simulation;

import static dev.bowline.session.simulation.Truth.wrong;

import dev.bowline.session.client.ClientHandler;
import dev.bowline.session.client.ClientSession;
import dev.bowline.session.client.ClientSessionOptions;
import dev.bowline.session.client.Pending;
import dev.bowline.session.client.Result;
import dev.bowline.session.client.ResultListener;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.server.CloseCodes;
import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.ClientMessage.Start;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.testkit.Seeded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client: the real session, somebody who gives it commands at random, and somebody who notes what comes of them. */
final class SimulatedClient implements ClientHandler, SimulatedConnection.Peer {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long MAX_OUTBOX_BYTES = 4_000;
    private static final List<String> TOPICS =
            List.of("news.a", "news.b", "news.c", "short.a", "brief.a", "drop.a", "latest.a", "typing.a", "secret.a");
    private static final List<String> PATTERNS = List.of("news.*", "drop.*", "*.a", ">", "typing.*");

    private final World world;
    private final SimulatedServer server;
    private final Truth truth;
    private final Profile profile;
    private final String name;
    private final @Nullable String user;
    private final ClientSession session;
    private final ClientView view;
    private final Map<String, Pending> requests = new LinkedHashMap<>(); // without a result
    private final Map<String, String> awaited = new LinkedHashMap<>(); // commands without a result, and their kind

    private long count;
    private @Nullable SimulatedConnection connection;
    private long attempt;
    private boolean asleep;
    private boolean slowReader;
    private boolean settled; // all is well: connections come about
    private long armedMillis = NEVER;
    private @Nullable String id;
    private @Nullable String token;
    private long seen;
    private long heardMillis;
    private boolean robbed;
    private boolean toldWhenToRetry; // on this connection
    private long notBeforeMillis; // when it is to come back, at the earliest
    private @Nullable String mailboxEpoch;
    private @Nullable String endedFor;
    private final List<String> toldOver = new ArrayList<>(); // sessions

    SimulatedClient(
            World world, SimulatedServer server, Truth truth, Profile profile, String name, @Nullable String user) {
        this.world = world;
        this.server = server;
        this.truth = truth;
        this.profile = profile;
        this.name = name;
        this.user = user;
        this.view = new ClientView(name, user, truth);
        this.slowReader = profile.slowReaders() && world.random().chance(40);
        this.session = new ClientSession(
                new ClientSessionOptions(MAX_OUTBOX_BYTES, name),
                user == null ? null : nextAuth(),
                bound -> world.random().longBetween(0, bound - 1),
                this);
    }

    /** What it may be subscribed to. */
    static String somePattern(Seeded random) {
        return random.oneOf(random.oneOf(TOPICS), random.oneOf(PATTERNS), "$mailbox");
    }

    private String nextAuth() {
        return user + "/" + (profile.slowApplication() ? world.random().oneOf(0, 15_000, 60_000) : 0);
    }

    String name() {
        return name;
    }

    boolean isEnded() {
        return endedFor != null;
    }

    ClientSession.State state() {
        return session.state();
    }

    // ---- Time ----

    void start() {
        enter(() -> session.start(world.now()));
    }

    private void enter(Runnable action) {
        action.run();
        arm();
    }

    private void arm() {
        long deadline = session.deadlineMillis();
        if (deadline < armedMillis) {
            armedMillis = deadline;
            world.at(deadline, () -> fire(deadline));
        }
    }

    private void fire(long deadline) {
        if (armedMillis != deadline || asleep) {
            return;
        }
        armedMillis = NEVER;
        enter(() -> {
            if (session.deadlineMillis() <= world.now()) {
                session.onTime(world.now());
            }
        });
    }

    /** Nothing that is due happens, and nothing is read, for so long. */
    void sleep(long millis) {
        if (asleep) {
            return;
        }
        world.trace(name, "sleeps " + millis);
        asleep = true;
        if (connection != null) {
            connection.asleep(true);
        }
        world.in(millis, this::wake);
    }

    private void wake() {
        if (!asleep) {
            return;
        }
        world.trace(name, "wakes");
        asleep = false;
        armedMillis = NEVER;
        boolean readsFirst = world.random().nextBoolean();
        if (readsFirst && connection != null) {
            connection.asleep(false);
        }
        world.in(readsFirst ? 5 : 0, this::arm);
        SimulatedConnection then = connection;
        if (!readsFirst && then != null) {
            world.in(5, () -> then.asleep(false));
        }
    }

    /** From now on all is well, and nothing is asked for any more. */
    void settle() {
        settled = true;
        slowReader = false;
        wake();
    }

    // ---- Commands ----

    /** Gives one command, or a few. */
    void act() {
        if (asleep || isEnded()) {
            return;
        }
        Seeded random = world.random();
        int dice = random.intBetween(0, 99);
        enter(() -> {
            if (dice < 14) {
                subscribe(random.oneOf(TOPICS), start(random), random.chance(30));
            } else if (dice < 19) {
                subscribe(random.oneOf(PATTERNS), new Start.Now(), false);
            } else if (dice < 23) {
                subscribe("$mailbox", start(random), false);
            } else if (dice < 31) {
                List<String> wanted = view.wanted();
                if (!wanted.isEmpty()) {
                    String pattern = random.oneOf(wanted);
                    unsubscribe(pattern);
                    if (random.chance(40)) {
                        subscribe(pattern, new Start.Now(), false);
                    }
                }
            } else if (dice < 60) {
                int times = random.oneOf(1, 1, 1, 5);
                String topic = random.oneOf(TOPICS);
                for (int i = 0; i < times; i++) {
                    publish(topic, random.oneOf(0, 0, 10, 200));
                }
            } else if (dice < 68) {
                request(random.oneOf("now", "now", "late", "never", "secret.a"));
            } else if (dice < 78) {
                stream(random.intBetween(1, 4));
            } else if (dice < 84) {
                if (!requests.isEmpty()) {
                    Map.Entry<String, Pending> which = random.oneOf(List.copyOf(requests.entrySet()));
                    world.trace(name, "cancels " + which.getKey());
                    session.cancel(which.getValue());
                }
            } else if (dice < 92) {
                send(random.oneOf("now", "late", "nobody", "never", "secret.a"));
            } else if (dice < 95) {
                command("read", () -> session.read(random.intBetween(1, 50), result("read")));
            } else if (dice < 98) {
                notBeforeMillis = 0; // it may come at once
                session.hint(world.now());
            } else if (user != null) {
                session.authenticate(random.chance(10) ? "bad" + "/0" : nextAuth(), result("auth"));
            }
        });
    }

    private Start start(Seeded random) {
        return switch (random.intBetween(0, 4)) {
            case 0 -> new Start.Last(random.intBetween(0, 6));
            case 1 -> {
                String topic = random.oneOf(TOPICS);
                Truth.History history = truth.history(topic);
                yield history == null
                        ? new Start.Now()
                        : new Start.From(
                                new Cursor(random.oneOf(truth.epochs(topic)), random.longBetween(0, history.end())));
            }
            default -> new Start.Now();
        };
    }

    private String next(String kind) {
        String next = name + "." + ++count;
        awaited.put(next, kind);
        return next;
    }

    private void command(String what, Runnable given) {
        world.trace(name, what);
        given.run();
    }

    /** A result of which nothing is known but that it comes. */
    private ResultListener result(String kind) {
        return new Awaiting(next(kind), kind);
    }

    private class Awaiting implements ResultListener {
        final String command;
        final String kind;

        Awaiting(String command, String kind) {
            this.command = command;
            this.kind = kind;
        }

        @Override
        public void onResult(Result result) {
            world.trace(name, command + " " + kind + " " + result);
            if (awaited.remove(command) == null) {
                throw wrong(command + " has another result: " + result);
            }
            requests.remove(command);
        }
    }

    /** Of a command that the application, or a log, has seen, or not. */
    private final class Checked extends Awaiting {
        private int parts;
        private boolean raising;
        private long credit;

        Checked(String command, String kind, long credit) {
            super(command, kind);
            this.credit = credit;
        }

        @Override
        public void onResult(Result result) {
            super.onResult(result);
            truth.check(command, result);
            if (result instanceof Result.Answered answered
                    && !answered.payload().asText().equals("re " + command)) {
                throw wrong(command + " has the answer " + answered.payload().asText());
            }
            if (kind.equals("stream")
                    && result instanceof Result.Done
                    && parts != SimulatedApplication.partsOf(command)) {
                throw wrong(command + " has ended after " + parts + " of " + SimulatedApplication.partsOf(command)
                        + " parts");
            }
        }

        @Override
        public void onPart(Payload part) {
            if (!part.equals(SimulatedApplication.part(command, parts))) {
                throw wrong(command + " got \"" + part.asText() + "\" for its part " + parts);
            }
            parts++;
            if (parts > credit) {
                throw wrong(command + " got " + parts + " parts for a credit of " + credit);
            }
            if (!raising && (parts == credit || world.random().chance(20))) {
                raising = true;
                raiseSoon();
            }
        }

        /** Grants more, when there was time to. */
        private void raiseSoon() {
            world.in(world.random().oneOf(0, 5, 100), () -> {
                Pending stream = requests.get(command);
                if (asleep) {
                    raiseSoon();
                } else if (stream != null) {
                    raising = false;
                    enter(() -> raise(stream, world.random().intBetween(1, 3)));
                }
            });
        }

        void raise(Pending stream, long more) {
            credit += more;
            session.grant(stream, credit);
        }
    }

    private void subscribe(String pattern, Start start, boolean presence) {
        boolean logged = !pattern.startsWith("typing.");
        Start from = logged ? start : new Start.Now();
        boolean watches = presence && !pattern.equals("$mailbox");
        world.trace(name, "subscribes to " + pattern + " " + from + (watches ? " with presence" : ""));
        Object subscription = view.wants(pattern, from, watches);
        String command = next("sub");
        session.subscribe(pattern, from, watches, new Awaiting(command, "sub " + pattern) {
            @Override
            public void onResult(Result result) {
                super.onResult(result);
                if (result instanceof Result.Done) {
                    view.confirmed(subscription);
                } else if (result instanceof Result.Refused) {
                    view.refused();
                } else if (result instanceof Result.NotSent) {
                    view.ends(pattern);
                }
            }
        });
    }

    private void unsubscribe(String pattern) {
        world.trace(name, "unsubscribes from " + pattern);
        Object ending = view.givesUp(pattern);
        session.unsubscribe(pattern, new Awaiting(next("unsub"), "unsub " + pattern) {
            @Override
            public void onResult(Result result) {
                super.onResult(result);
                view.ended(ending);
            }
        });
    }

    private void publish(String topic, int size) {
        String command = next("pub");
        world.trace(name, "publishes " + command + " to " + topic);
        session.publish(topic, payload(command, size), new Checked(command, "pub", 0));
    }

    private static Payload payload(String command, int size) {
        return Payload.text(command + " " + "x".repeat(size));
    }

    private void request(String what) {
        String command = next("req");
        world.trace(name, "asks " + command + " for " + what);
        keep(command, session.request(what, payload(command, 0), new Checked(command, "req", 0)));
    }

    private void stream(long credit) {
        String command = next("stream");
        world.trace(name, "asks " + command + " for a stream " + credit);
        Checked listener = new Checked(command, "stream", credit);
        Pending stream = session.stream("stream", payload(command, 0), credit, listener);
        keep(command, stream);
        if (awaited.containsKey(command) && world.random().chance(30)) {
            listener.raise(stream, 1);
        }
    }

    private void keep(String command, Pending pending) {
        if (awaited.containsKey(command)) {
            requests.put(command, pending);
        }
    }

    private void send(String what) {
        String command = next("send");
        world.trace(name, "sends " + command + " to " + what);
        session.send(what, payload(command, world.random().oneOf(0, 100)), new Checked(command, "send", 0));
    }

    void bye() {
        if (!isEnded()) {
            world.trace(name, "says bye");
            enter(() -> session.bye(world.now()));
        }
    }

    // ---- Faults ----

    /** Somebody who knows its secret takes the session over, and goes. */
    void rob() {
        String stolen = id;
        String secret = token;
        if (stolen == null || secret == null || isEnded()) {
            return;
        }
        world.trace(name, "is robbed of " + stolen);
        robbed = true;
        long known = seen;
        SimulatedConnection thief = server.connect(
                new SimulatedConnection.Peer() {
                    @Override
                    public void received(SimulatedConnection from, Payload message) {}

                    @Override
                    public void closed(SimulatedConnection from, int code, String reason) {}
                },
                false);
        thief.sendUp(new ClientMessage.Hello(
                        user == null ? null : user + "/0",
                        new ClientMessage.Resume(stolen, secret, known, Grammar.MAX_NUMBER, Map.of()),
                        List.of(),
                        "thief")
                .toWire());
        world.in(world.random().oneOf(5, 100, 5_000), thief::closeUp);
    }

    @Nullable
    SimulatedConnection connection() {
        return connection;
    }

    // ---- The session's connections ----

    @Override
    public void connect() {
        long mine = ++attempt;
        if (world.now() < notBeforeMillis) {
            throw wrong(name + " comes back " + (notBeforeMillis - world.now()) + " ms too early");
        }
        notBeforeMillis = 0;
        toldWhenToRetry = false;
        Seeded random = world.random();
        boolean fails = !settled && profile.cuts() > 0 && random.chance(15);
        boolean straggles = !settled && profile.stalls() > 0 && random.chance(10);
        world.in(random.oneOf(1, 20, fails ? 4_000 : 200), () -> {
            if (mine != attempt || session.state() != ClientSession.State.CONNECTING) {
                return;
            }
            if (fails) {
                enter(() -> session.disconnected(1006, "no way", world.now()));
                return;
            }
            connection = server.connect(this, slowReader);
            if (asleep) {
                connection.asleep(true);
            }
            heardMillis = world.now();
            enter(() -> session.connected(world.now()));
            if (straggles) {
                world.trace(name, "gives its hello up, which arrives late");
                connection.straggle(random.oneOf(100, 1_500, 4_000));
            }
        });
    }

    @Override
    public void send(Payload message) {
        if (connection == null) {
            throw wrong(name + " sends without a connection");
        }
        connection.sendUp(message);
    }

    @Override
    public void close(int code, String reason) {
        world.trace(name, "closes " + code + " " + reason);
        if (code == 4500) {
            throw wrong(name + " finds a violation by the server: " + reason);
        }
        if (connection != null) {
            connection.asleep(false);
            connection.closeUp();
            connection = null;
        }
    }

    @Override
    public void received(SimulatedConnection from, Payload message) {
        if (from != connection) {
            return;
        }
        heardMillis = world.now();
        ServerMessage parsed = ServerMessage.parse(message);
        if (!(parsed instanceof ServerMessage.Ping)) {
            world.trace(name, "< " + parsed);
        }
        if (parsed instanceof ServerMessage.At at) {
            view.at(at.topic(), at.cursor());
        } else if (parsed instanceof ServerMessage.Reset reset) {
            view.elsewhere(reset.topic(), reset.cursor());
        } else if (parsed instanceof ServerMessage.Retry retry) {
            toldWhenToRetry = true;
            notBeforeMillis = world.now() + retry.millis();
        } else if (parsed instanceof ServerMessage.Direct direct) {
            seen = Math.max(seen, direct.n());
        } else if (parsed instanceof ServerMessage.Welcome welcome) {
            token = welcome.token();
        }
        noteMailbox(parsed);
        enter(() -> session.received(message, world.now()));
    }

    /** What it can have told the server that it has of the mailbox. */
    private void noteMailbox(ServerMessage message) {
        if (message instanceof ServerMessage.At at && at.topic().equals("$mailbox")) {
            mailboxEpoch = at.cursor().epoch();
            mailboxAt(at.cursor().offset());
        } else if (message instanceof ServerMessage.TopicMessage one
                && one.topic().equals("$mailbox")) {
            mailboxAt(one.offset());
        } else if (message instanceof ServerMessage.Gap gap && gap.topic().equals("$mailbox")) {
            mailboxAt(gap.to());
        } else if (message instanceof ServerMessage.Reset reset && reset.topic().equals("$mailbox")) {
            mailboxEpoch = reset.cursor().epoch();
            mailboxAt(reset.cursor().offset());
        }
    }

    private void mailboxAt(long offset) {
        if (user != null && mailboxEpoch != null) {
            server.application().mailboxAt(user, new Cursor(mailboxEpoch, offset));
        }
    }

    @Override
    public void closed(SimulatedConnection from, int code, String reason) {
        if (from == connection) {
            world.trace(name, "is closed " + code + " " + reason);
            if (code == CloseCodes.LEAVING && !toldWhenToRetry) {
                throw wrong(name + " was sent away, and not told for how long");
            }
            if (code == CloseCodes.DIRECT_LOG_FULL && id != null) {
                toldOver.add(id);
            }
            connection = null;
            enter(() -> session.disconnected(code, reason, world.now()));
        }
    }

    // ---- What the session says ----

    @Override
    public void onState(ClientSession.State state) {
        world.trace(name, state.toString());
    }

    @Override
    public void onWelcome(String welcomed, @Nullable String as, boolean resumed, @Nullable String reason) {
        String before = id;
        if (resumed) {
            if (!welcomed.equals(before)) {
                throw wrong(name + " goes on with " + welcomed + " in place of " + before);
            }
            if (profile.keeps()) {
                view.resumed();
            }
        } else {
            seen = 0;
            if (profile.keeps() && profile.logRestarts() == 0 && "lost".equals(reason)) {
                throw wrong(name + " was told that " + before + " is lost, and nothing was");
            }
            if (before != null) {
                toldOver.add(before);
                view.newSession();
            }
        }
        id = welcomed;
    }

    @Override
    public void onEnded(int code, String reason) {
        endedFor = code + " " + reason;
        boolean known =
                switch (code) {
                    case 1000 -> true;
                    case 4501 -> user != null;
                    case 4502 -> server.application().wasRevoked(user);
                    case 4503 -> robbed;
                    default -> false;
                };
        if (!known) {
            throw wrong(name + " was ended: " + endedFor);
        }
    }

    @Override
    public void onDirect(String called, Payload payload) {
        if (called.equals("note")) {
            server.application().received(String.valueOf(id), Truth.idOf(payload));
        }
    }

    @Override
    public void onTopicMessage(String topic, long offset, Payload payload) {
        view.message(topic, offset, Truth.idOf(payload));
    }

    @Override
    public void onGap(String topic, long from, long to, String code) {
        view.gap(topic, from, to, code, begin(topic));
    }

    @Override
    public void onReset(String topic, String code) {
        view.reset(topic, code.equals("lost"));
    }

    /** Where a topic's log begins now. */
    private Cursor begin(String topic) {
        Slice now = server.engine().log(topic.equals("$mailbox") ? "$mailbox " + user : topic);
        return new Cursor(now.epoch(), now.begin());
    }

    @Override
    public void onSubscriptionEnded(String pattern, String code) {
        view.endedByServer(pattern);
    }

    @Override
    public void onPresent(String topic, List<String> users) {
        view.here(topic, users);
    }

    @Override
    public void onJoined(String topic, String who) {
        view.joined(topic, who);
    }

    @Override
    public void onLeft(String topic, String who) {
        view.left(topic, who);
    }

    @Override
    public void onExpiring(long millis) {
        if (settled || world.random().chance(80)) {
            session.authenticate(settled ? user + "/0" : nextAuth(), result("auth"));
        }
    }

    // ---- Checks ----

    void check() {
        if (session.outboxBytes() > MAX_OUTBOX_BYTES + 20 * 100) {
            throw wrong(name + " has " + session.outboxBytes() + " bytes in its outbox");
        }
    }

    /** Its user, if it is in a topic; else null. */
    @Nullable
    String userIn(String topic) {
        return !isEnded() && view.isWanted(topic) ? user : null;
    }

    /** When nothing happens any more: it is open, has all its results, and is at the end of its topics. */
    void checkComplete(Function<String, Set<String>> there) {
        if (!awaited.isEmpty()) {
            throw wrong(name + " (" + session.state() + ") has no result of " + new ArrayList<>(awaited.entrySet()));
        }
        for (String session : toldOver) {
            if (!server.isOver(session)) {
                throw wrong(name + " was told that " + session + " is over, which it is not");
            }
        }
        if (isEnded()) {
            return;
        }
        if (session.state() != ClientSession.State.OPEN) {
            throw wrong(name + " is " + session.state());
        }
        view.checkComplete(server.engine(), there);
    }

    @Override
    public String toString() {
        return name + " " + session.state() + " heard " + (world.now() - heardMillis) + " ms ago";
    }
}
