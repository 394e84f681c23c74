package dev.bowline.session.server;

import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.engine.SessionRecord;
import dev.bowline.session.engine.SessionState;
import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.SessionStore.Credentials;
import dev.bowline.session.wire.ClientMessage.Command;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A session: what it has sent and was not answered, what it was told and has not acknowledged, and what it is subscribed to. It belongs to
 * one node at a time, and is touched on that node's thread alone; on its way to another one, by nobody.
 */
final class Session implements SessionState {
    /** Why it ends whose client did not come back. */
    static final String EXPIRED = "expired";

    private SessionInfo info; // another one when the client shows again who it is
    private final String token;
    private final NodeOptions options;
    private Node node; // the one that has it, or had it last

    private @Nullable ServerConnection connection;
    private long sinceMillis; // since when there is one, or none
    private long attempt; // the highest that was granted (section 3.4)
    private boolean left; // its client has, for good: nobody is to be told anything
    private boolean over;
    private final Timer timer = new Timer();

    private final AuthenticationTerm authentication;
    private final DirectMessages direct;

    // Commands (section 4).
    private final CommandNumbers numbers;
    private final Deque<Command> queued = new ArrayDeque<>(0); // taken over, while one before them waits for a decision
    private boolean deciding;
    private int underWay; // to the engine: messages to logs, and where it is present
    private boolean leaving; // to another node: no command is handled until that has it
    private @Nullable Runnable whenAtRest;
    private long refusedPiece; // the keeper's, with the last command that failed

    final Keeper keeper;
    final StartedCommands started;
    final Subscriptions subscriptions;
    final Backlog backlog = new Backlog(this);
    final CatchUp catchUp = new CatchUp(this);

    Session(Node node, Credentials credentials, SessionInfo info, long authEndsMillis) {
        this.node = node;
        this.options = node.options();
        this.info = info;
        this.token = credentials.token();
        this.authentication = new AuthenticationTerm(authEndsMillis, options.expiryNoticeMillis());
        this.numbers = new CommandNumbers(options.terms());
        this.keeper = new Keeper(this, node.engine().sessions());
        this.direct = new DirectMessages(this, keeper, options.maxDirectBytes());
        this.started = new StartedCommands(this, keeper, options);
        this.subscriptions = new Subscriptions(this);
    }

    /** A new one: all of it is to be kept. */
    void begin() {
        SessionParts.add(info, keeper::put);
        keeper.touch();
    }

    @Override
    public String id() {
        return info.id();
    }

    @Override
    public List<TopicPattern> patterns() {
        return subscriptions.patterns();
    }

    // ---- What is kept of it (for other nodes) ----

    /** What stands in the head. */
    byte[] head() {
        long settled = numbers.settled(started::contains);
        long valid = authentication.leftMillis(node.now());
        return new SessionParts.Head(settled, numbers.behind(settled, started::contains), direct.last(), valid)
                .encode();
    }

    @Override
    public Map<String, byte[]> parts() {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        parts.put(SessionParts.HEAD, head());
        SessionParts.add(info, parts::put);
        direct.addTo(parts);
        started.addTo(parts);
        subscriptions.addTo(parts);
        return parts;
    }

    @Override
    public void handedOn(boolean known) {
        keeper.handedOn(known);
    }

    /** A session that another node had, as far as it was kept; null if that is not enough to go on. */
    static @Nullable Session restore(Node node, SessionRecord record, long attempt) {
        byte[] kept = record.parts().get(SessionParts.HEAD);
        if (kept == null) {
            return null;
        }
        SessionParts.Head head = SessionParts.Head.decode(kept);
        long ends =
                head.authMillis() == Timed.NEVER ? Timed.NEVER : node.now() + head.authMillis() - record.ageMillis();
        Session session =
                new Session(node, new Credentials(record.id(), record.token()), SessionParts.info(record), ends);
        session.attempt = attempt;
        session.sinceMillis = node.now();
        session.restore(head, record.parts());
        return session;
    }

    private void restore(SessionParts.Head head, Map<String, byte[]> parts) {
        numbers.restore(head.handled(), head.beyond());
        direct.restore(head.last(), parts);
        SessionParts.started(parts).forEach((seq, one) -> numbers.add(seq, one.bytes()));
        started.restore(parts);
        subscriptions.restore(SessionParts.subscriptions(parts));
    }

    /** It goes on at this node with what was kept of it. */
    void begun() {
        node.directBudget().away(this);
        direct.count();
        subscriptions.adopt();
        started.endThoseOf(process -> !node.engine().isAlive(process));
        updateTimer();
    }

    /** All is kept up to a piece. */
    void kept(long piece) {
        if (link() instanceof Gate gate) {
            gate.open(piece);
            backlog.pump();
        }
    }

    /**
     * Another node has it, or nobody; what of it is still here is nothing to anybody. That a client which is still here has gone there is not
     * known: if it has not, it comes back.
     */
    void taken() {
        fence(CloseCodes.COME_BACK, "this node was taken for dead");
        keeper.stop();
        over = true;
        abandon();
        subscriptions.withdraw();
    }

    SessionInfo info() {
        return info;
    }

    String token() {
        return token;
    }

    Node node() {
        return node;
    }

    long handled() {
        return numbers.handled();
    }

    boolean isOver() {
        return over;
    }

    boolean isConnected() {
        return connection != null;
    }

    /** The way to the client; null without a connection. */
    @Nullable
    Link link() {
        ServerConnection now = connection;
        return now == null ? null : now.link();
    }

    // ---- Connections ----

    /** Why somebody may not have it; null if they may. */
    @Nullable
    Claim refusal(Claimant claimant) {
        if (!claimant.knows(token)) {
            return new Claim.Refused("token");
        }
        if (left || over) {
            return new Claim.Refused("expired");
        }
        if (claimant.attempt() <= attempt) {
            return new Claim.Superseded();
        }
        if (claimant.identified() && !Objects.equals(claimant.user(), info.user())) {
            return new Claim.Refused("user");
        }
        return null;
    }

    /** A claim was granted: one of an earlier attempt comes too late. */
    void granted(Claimant claimant) {
        attempt = claimant.attempt();
    }

    long attempt() {
        return attempt;
    }

    /** A connection speaks for it from now on; one that did before has lost its say. */
    void connect(ServerConnection next) {
        fence();
        connection = next;
        sinceMillis = node.now();
        node.counters().connected(1);
        node.directBudget().notAway(this);
        authentication.newConnection();
        updateTimer();
    }

    /** Whoever speaks for it no longer does (section 3.4). */
    void fence() {
        fence(CloseCodes.TAKEN_OVER, "another connection has taken the session over");
    }

    private void fence(int code, String reason) {
        ServerConnection old = connection;
        if (old != null) {
            disconnected();
            old.detach(code, reason);
        }
    }

    /** After the {@code welcome}: what the client has not seen comes again, and its topics go on from their cursors. */
    void resume(long seen, Map<String, Cursor> cursors) {
        catchUp.begin();
        boolean full = !direct.hasRoom();
        List<Receipt> due = direct.acknowledge(seen);
        direct.forEach(message -> {
            catchUp.directAgain();
            send(message);
        });
        acknowledged(due, full); // what this adds to the log goes out behind what it repeats
        subscriptions.resume(cursors);
    }

    /** Whether the client can have seen a direct message. */
    boolean canResumeBehind(long seen) {
        return direct.canResumeBehind(seen);
    }

    /** For how long it has had no connection; 0 if it has one. */
    long awayMillis() {
        return connection != null ? 0 : node.now() - sinceMillis;
    }

    /** Its connection has ended; another one may come. */
    void suspend() {
        disconnected();
        node.directBudget().away(this);
        updateTimer();
    }

    private void disconnected() {
        connection = null;
        catchUp.stop();
        sinceMillis = node.now();
        node.counters().connected(-1);
        subscriptions.park();
    }

    /** Its client leaves for good: it ends when the commands that came before are handled (section 3.5). */
    void bye() {
        ServerConnection last = connection;
        if (last != null && deciding) {
            suspend();
            left = true;
            last.detach(CloseCodes.BYE, "bye");
            node.left(this);
        } else {
            end(CloseCodes.BYE, "bye");
        }
    }

    /** Closes its connection; the client is to come back. */
    void disconnect(int code, String reason) {
        ServerConnection now = connection;
        if (now != null) {
            now.end(code, reason);
        }
    }

    /** It leaves its node for another one, and nothing of it is touched until that has it. */
    void abandon() {
        direct.leaveBudget();
        subscriptions.abandon();
        node.timers().remove(timer);
    }

    /** It belongs to another node now, without a connection until that one connects it. */
    void adopt(Node next) {
        node = next;
        leaving = false;
        node.directBudget().away(this);
        direct.count();
        subscriptions.adopt();
        updateTimer();
    }

    /** Whether another node waits for it: no command is handled then. */
    boolean isLeaving() {
        return leaving;
    }

    /**
     * Calls when no decision about a command is awaited, and nothing of its is on its way to the engine: until then it can't go to another
     * node, which might be quicker there. No command is handled from now on, until {@link #adopt}.
     */
    void whenAtRest(Runnable action) {
        leaving = true;
        whenAtRest = action;
        restIfPossible();
    }

    private void restIfPossible() {
        Runnable action = whenAtRest;
        if (action != null && !deciding && underWay == 0) {
            whenAtRest = null;
            action.run();
        }
    }

    /** Something of its is on its way to the engine, up to {@link #settled}. */
    void underWay() {
        underWay++;
    }

    void settled() {
        underWay--;
        restIfPossible();
    }

    /** Ends it for good; the connection is closed with a code from 4500 on, or 1000 or 4007. */
    void end(int code, String reason) {
        if (over) {
            return;
        }
        over = true;
        keeper.stop();
        ServerConnection last = connection;
        if (last != null) {
            disconnected();
        }
        subscriptions.leaveAll();
        direct.leaveBudget();
        node.timers().remove(timer);
        if (last != null) {
            last.detach(code, reason);
        }
        node.ended(this, code, reason);
        Runnable action = whenAtRest;
        if (action != null) { // whoever waits for it need not, now that it is over
            whenAtRest = null;
            action.run();
        }
    }

    /** Its node has stopped, and has left the engine before: nothing can be said of it there any more. */
    void lose() {
        keeper.stop();
        over = true;
        if (!keeper.isOn()) { // else another node goes on with it
            giveUp();
        }
    }

    /** Nothing more comes of what is open. */
    void giveUp() {
        started.giveUp();
        direct.receipts().forEach(Receipt::lost);
    }

    // ---- What it is told ----

    private void send(Payload message) {
        ServerConnection now = connection;
        if (now != null) {
            now.send(message);
        }
    }

    /** Sends what is not kept: without a connection nobody misses it. */
    void sendNow(ServerMessage message) {
        if (connection != null) {
            catchUp.sent(message);
            send(message.toWire());
        }
    }

    /** Appends to the direct log, and sends. A session whose log is full is over: what it must be told can't be. */
    boolean tell(LongFunction<? extends ServerMessage.Direct> message, @Nullable Receipt receipt) {
        if (left) {
            return false;
        }
        Payload wire = direct.append(message, receipt);
        if (wire == null) {
            node.counters().refused(NodeCounters.DIRECT_LOG);
            end(CloseCodes.DIRECT_LOG_FULL, "more than " + options.maxDirectBytes() + " bytes are unacknowledged");
            return false;
        }
        node.counters().direct();
        if (!node.directBudget().makeRoomFor(this)) {
            node.counters().refused(NodeCounters.DIRECT_LOGS);
            end(CloseCodes.DIRECT_LOG_FULL, "the direct logs of all sessions are full");
            return false;
        }
        send(wire);
        return true;
    }

    /** Whether its direct log has room for what can wait. */
    boolean hasDirectRoom() {
        return direct.hasRoom();
    }

    long directBytes() {
        return direct.bytes();
    }

    /** The client has everything up to a number; false if that is not possible. */
    boolean acknowledge(long n) {
        if (n > direct.last()) {
            return false;
        }
        boolean full = !direct.hasRoom();
        acknowledged(direct.acknowledge(n), full);
        return true;
    }

    private void acknowledged(List<Receipt> due, boolean wasFull) {
        due.forEach(Receipt::received);
        if (wasFull && direct.hasRoom()) {
            started.goOn();
        }
    }

    /** Something for the session from the application; false if it is over, or has no such request or subscription. */
    boolean take(SessionMessage message) {
        if (over || (left && !(message instanceof SessionMessage.End))) {
            return false;
        }
        return SaidToSession.say(this, message);
    }

    /** The server ends a subscription; false if there is none. */
    boolean unsubscribe(String pattern, String code) {
        return subscriptions.remove(pattern) && tell(n -> new ServerMessage.Out(n, pattern, code), null);
    }

    // ---- Commands ----

    /** A command that came; a number out of turn is the connection's to complain about. */
    void receive(Command command, int bytes) {
        if (!numbers.receive(command.seq(), bytes)) {
            return; // it came before
        }
        node.counters().command(command);
        queued.addLast(command);
        handleQueued();
    }

    /** Whether one more command, of that size, is within what the client was told. A single one may be larger. */
    boolean hasRoomFor(int bytes) {
        return numbers.hasRoomFor(bytes);
    }

    /** One after the other: a command that waits for a decision holds up those behind it, as they are to be handled in order. */
    private void handleQueued() {
        while (!deciding && !leaving && !queued.isEmpty() && !over) {
            deciding = true;
            node.commands().handle(this, queued.removeFirst());
        }
        if (left && !deciding) {
            end(CloseCodes.BYE, "bye");
        }
    }

    /** The command is taken over: the next one's turn. */
    void decided() {
        deciding = false;
        restIfPossible();
        handleQueued();
    }

    /** Goes on with commands that came to the node before, or with it. */
    void goOn() {
        handleQueued();
    }

    /** The good result of a command that has no answer; false if it has its result. */
    boolean ok(long seq) {
        return finish(seq, n -> new ServerMessage.Ok(n, seq));
    }

    boolean fail(long seq, Failure failure) {
        boolean told = finish(
                seq, failure.code(), n -> new ServerMessage.Err(n, seq, failure.code(), Payload.text(failure.text())));
        if (told) {
            refusedPiece = Math.max(refusedPiece, keeper.pending());
        }
        return told;
    }

    /** Whether another node would not know of a command that had no effect that it was refused. */
    boolean hasUnkeptRefusals() {
        return refusedPiece > keeper.kept();
    }

    /** Whether another node may have handled a command that this one does not know of. */
    boolean mayBeRepeated(long seq) {
        return numbers.mayBeRepeated(seq);
    }

    boolean finish(long seq, LongFunction<? extends ServerMessage.Direct> result) {
        return finish(seq, NodeCounters.OK, result);
    }

    private boolean finish(long seq, String outcome, LongFunction<? extends ServerMessage.Direct> result) {
        if (!numbers.finish(seq) || over) {
            return false;
        }
        started.remove(seq);
        node.counters().result(outcome);
        return tell(result, null);
    }

    /** Whether a command has come that has no result. */
    boolean isOutstanding(long seq) {
        return numbers.isOutstanding(seq);
    }

    /** The size of a command that has no result. */
    int bytesOf(long seq) {
        return numbers.bytesOf(seq);
    }

    // ---- Authentication ----

    /** The client has shown again who it is. */
    void authenticated(Identity identity) {
        authentication.renew(Timed.later(node.now(), identity.validMillis()));
        if (!identity.attributes().equals(info.attributes())) {
            info = new SessionInfo(info.id(), info.user(), info.agent(), identity.attributes());
            if (info.attributes().isEmpty()) {
                keeper.remove(SessionParts.ATTRIBUTES);
            } else {
                keeper.put(SessionParts.ATTRIBUTES, SessionParts.encode(info.attributes()));
            }
            subscriptions.decideAgain();
        }
        keeper.touch();
        updateTimer();
    }

    boolean isAuthenticated() {
        return !authentication.isOver(node.now());
    }

    // ---- Time ----

    void updateTimer() {
        node.timers().update(timer);
    }

    /** What wakes it, in one node's queue. */
    private final class Timer extends Timed {
        @Override
        long deadlineMillis() {
            return Session.this.deadlineMillis();
        }

        @Override
        void onTime(long nowMillis) {
            Session.this.onTime(nowMillis);
        }
    }

    private long deadlineMillis() {
        if (over) {
            return Timed.NEVER;
        }
        long deadline = Math.min(backlog.deadlineMillis(), started.deadlineMillis());
        if (connection == null) {
            return Math.min(deadline, windowEndMillis());
        }
        return Math.min(deadline, authentication.deadlineMillis());
    }

    /** While the store is away nobody can come back: that does not count. */
    private long windowEndMillis() {
        return keeper.isFailing() ? Timed.NEVER : sinceMillis + options.terms().windowMillis();
    }

    /** The store was away, and is back. */
    void storeIsBack() {
        if (connection == null) {
            sinceMillis = node.now();
        }
        updateTimer();
    }

    private void onTime(long nowMillis) {
        started.onTime(nowMillis);
        if (over) {
            return;
        }
        if (connection == null) {
            if (nowMillis >= windowEndMillis()) {
                end(CloseCodes.COME_BACK, EXPIRED);
            }
            return;
        }
        if (authentication.isOver(nowMillis)) {
            end(CloseCodes.NOT_AUTHENTICATED, "the authentication has ended");
            return;
        }
        if (authentication.announce(nowMillis)) {
            sendNow(new ServerMessage.Expiring(authentication.leftMillis(nowMillis)));
        }
        if (backlog.deadlineMillis() <= nowMillis) {
            disconnect(CloseCodes.TOO_SLOW, "too slow");
        }
    }

    // ---- What subscriptions say ----

    void caughtUp(Subscriber subscriber) {
        backlog.remove(subscriber);
        catchUp.tellIfDone();
    }

    void mailboxSent(Cursor sent) {
        ServerConnection now = connection;
        if (now == null) {
            return;
        }
        if (now.link() instanceof Gate gate) {
            gate.then(() -> now.mailboxSent(sent)); // they may not have gone out yet
        } else {
            now.mailboxSent(sent);
        }
    }

    /** As those see it who look after the server. */
    SessionView view() {
        return new SessionView(
                info,
                connection != null,
                node.now() - sinceMillis,
                subscriptions.count(),
                direct.unacknowledged(),
                direct.bytes());
    }

    @Override
    public String toString() {
        return "Session[" + info + (over ? " over" : connection == null ? " suspended" : " connected") + "]";
    }
}
