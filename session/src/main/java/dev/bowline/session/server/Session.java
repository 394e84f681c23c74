package dev.bowline.session.server;

import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.engine.SessionState;
import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.SessionStore.Credentials;
import dev.bowline.session.wire.ClientMessage.Command;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.session.wire.TopicPattern;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A session: what it has sent and was not answered, what it was told and has not acknowledged, and what it is subscribed to. It belongs to
 * one node at a time, and is touched on that node's thread alone; on its way to another one, by nobody.
 */
final class Session implements SessionState {
    private static final Failure CANCELLED = new Failure(Failure.CANCELLED, "");

    private final SessionInfo info;
    private final String token;
    private final NodeOptions options;
    private Node node; // the one that has it, or had it last

    private @Nullable ServerConnection connection;
    private long suspendedMillis; // since when there is none
    private long attempt; // the highest that was granted (section 3.4)
    private boolean left; // its client has, for good: nobody is to be told anything
    private boolean over;
    private final Timer timer = new Timer();

    private long authEndsMillis;
    private boolean endAnnounced;

    private final DirectLog direct;
    private long counted; // of its bytes, by the node

    // Commands (section 4).
    private long handled; // taken over up to here
    private final Deque<Command> queued = new ArrayDeque<>(0); // taken over, while one before them waits for a decision
    private boolean deciding;
    private int underWay; // to the engine: messages to logs, and where it is present
    private boolean leaving; // to another node: no command is handled until that has it
    private @Nullable Runnable whenAtRest;
    private final Map<Long, Integer> outstanding = new HashMap<>(4); // without a result: their bytes
    private long outstandingBytes;
    private final Map<Long, OpenRequest> requests = new LinkedHashMap<>(2);
    private final Map<Long, Long> earlyCredit = new HashMap<>(0); // of streams that wait for a decision
    private final Set<Long> givenUp = new HashSet<>(0); // requests that wait for a decision

    final Subscriptions subscriptions;

    Session(Node node, Credentials credentials, SessionInfo info, long authEndsMillis) {
        this.node = node;
        this.options = node.options();
        this.info = info;
        this.token = credentials.token();
        this.authEndsMillis = authEndsMillis;
        this.direct = new DirectLog(options.maxDirectBytes());
        this.subscriptions = new Subscriptions(this);
    }

    @Override
    public String id() {
        return info.id();
    }

    @Override
    public List<TopicPattern> patterns() {
        return subscriptions.patterns();
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
        return handled;
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
        if (!MessageDigest.isEqual(bytes(token), bytes(claimant.token()))) { // in constant time
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

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A claim was granted: one of an earlier attempt comes too late. */
    void granted(Claimant claimant) {
        attempt = claimant.attempt();
    }

    /** A connection speaks for it from now on; one that did before has lost its say. */
    void connect(ServerConnection next) {
        fence();
        connection = next;
        node.directBudget().notAway(this);
        endAnnounced = false; // the notice was for the connection before
        updateTimer();
    }

    /** Whoever speaks for it no longer does (section 3.4). */
    void fence() {
        ServerConnection old = connection;
        if (old != null) {
            connection = null;
            suspendedMillis = node.now();
            subscriptions.park();
            old.detach(CloseCodes.TAKEN_OVER, "another connection has taken the session over");
        }
    }

    /** After the {@code welcome}: what the client has not seen comes again, and its topics go on from their cursors. */
    void resume(long seen, Map<String, Cursor> cursors) {
        boolean full = !direct.hasRoom();
        List<Receipt> due = direct.acknowledge(seen);
        count();
        direct.forEach(this::send);
        acknowledged(due, full); // what this adds to the log goes out behind what it repeats
        subscriptions.resume(cursors);
    }

    /** Whether the client can have seen a direct message: one that was sent and, if it forgot it, is kept. */
    boolean canResumeBehind(long seen) {
        return seen <= direct.last() && seen >= direct.first() - 1;
    }

    /** Its connection has ended; another one may come. */
    void suspend() {
        connection = null;
        node.directBudget().away(this);
        suspendedMillis = node.now();
        subscriptions.park();
        updateTimer();
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
        leaveBudget();
        subscriptions.abandon();
        node.timers().remove(timer);
    }

    /** It belongs to another node now, without a connection until that one connects it. */
    void adopt(Node next) {
        node = next;
        leaving = false;
        node.directBudget().away(this);
        count();
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
        ServerConnection last = connection;
        connection = null;
        subscriptions.leaveAll();
        giveUp();
        leaveBudget();
        node.timers().remove(timer);
        if (last != null) {
            last.detach(code, reason);
        }
        node.ended(this);
        Runnable action = whenAtRest;
        if (action != null) { // whoever waits for it need not, now that it is over
            whenAtRest = null;
            action.run();
        }
    }

    /** Its node has stopped, and has left the engine before: nothing can be said of it there any more. */
    void lose() {
        over = true;
        giveUp();
    }

    /** Nothing more comes of what is open. */
    private void giveUp() {
        List.copyOf(requests.keySet()).forEach(seq -> node.application().onCancelled(id(), seq));
        requests.clear();
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
            send(message.toWire());
        }
    }

    /** Appends to the direct log, and sends. A session whose log is full is over: what it must be told can't be. */
    private boolean tell(LongFunction<? extends ServerMessage.Direct> message, @Nullable Receipt receipt) {
        if (left) {
            return false;
        }
        Payload wire = direct.append(message, receipt);
        if (wire == null) {
            end(CloseCodes.DIRECT_LOG_FULL, "more than " + options.maxDirectBytes() + " bytes are unacknowledged");
            return false;
        }
        count();
        if (!node.directBudget().makeRoomFor(this)) {
            end(CloseCodes.DIRECT_LOG_FULL, "the direct logs of all sessions are full");
            return false;
        }
        send(wire);
        return true;
    }

    long directBytes() {
        return direct.bytes();
    }

    private void count() {
        node.directBudget().add(direct.bytes() - counted);
        counted = direct.bytes();
    }

    private void leaveBudget() {
        node.directBudget().notAway(this);
        node.directBudget().add(-counted);
        counted = 0;
    }

    /** The client has everything up to a number; false if that is not possible. */
    boolean acknowledge(long n) {
        if (n > direct.last()) {
            return false;
        }
        boolean full = !direct.hasRoom();
        List<Receipt> due = direct.acknowledge(n);
        count();
        acknowledged(due, full);
        return true;
    }

    private void acknowledged(List<Receipt> due, boolean wasFull) {
        due.forEach(Receipt::received);
        if (wasFull && direct.hasRoom()) {
            List.copyOf(requests.values()).forEach(this::goOnWith);
        }
    }

    /** Something for the session from the application; false if it is over, or has no such request or subscription. */
    boolean take(SessionMessage message) {
        if (over || (left && !(message instanceof SessionMessage.End))) {
            return false;
        }
        if (message instanceof SessionMessage.Direct one) {
            return tell(n -> new ServerMessage.DirectMessage(n, one.name(), one.payload()), one.receipt());
        }
        if (message instanceof SessionMessage.Respond response) {
            return requests.containsKey(response.seq())
                    && finish(response.seq(), n -> new ServerMessage.Response(n, response.seq(), response.payload()));
        }
        if (message instanceof SessionMessage.Fail failure) {
            return fail(failure.seq(), failure.failure());
        }
        if (message instanceof SessionMessage.Part part) {
            return part(part.seq(), part.payload());
        }
        if (message instanceof SessionMessage.Finish end) {
            return finishStream(end.seq());
        }
        if (message instanceof SessionMessage.Unsubscribe end) {
            return unsubscribe(end.pattern(), end.code());
        }
        if (message instanceof SessionMessage.End end) {
            end(end.code(), end.reason());
        }
        return true;
    }

    /** The server ends a subscription; false if there is none. */
    boolean unsubscribe(String pattern, String code) {
        return subscriptions.remove(pattern) && tell(n -> new ServerMessage.Out(n, pattern, code), null);
    }

    // ---- Commands ----

    /** A command that came; a number out of turn is the connection's to complain about. */
    void receive(Command command, int bytes) {
        if (command.seq() <= handled) {
            return; // it came before
        }
        handled = command.seq();
        outstanding.put(command.seq(), bytes);
        outstandingBytes += bytes;
        queued.addLast(command);
        handleQueued();
    }

    /** Whether one more command, of that size, is within what the client was told. A single one may be larger. */
    boolean hasRoomFor(int bytes) {
        return outstanding.size() < options.terms().maxPending()
                && (outstanding.isEmpty()
                        || outstandingBytes + bytes <= options.terms().maxPendingBytes());
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
        return finish(seq, n -> new ServerMessage.Err(n, seq, failure.code(), Payload.text(failure.text())));
    }

    private boolean finish(long seq, LongFunction<? extends ServerMessage.Direct> result) {
        Integer bytes = outstanding.remove(seq);
        if (bytes == null || over) {
            return false;
        }
        outstandingBytes -= bytes;
        requests.remove(seq);
        earlyCredit.remove(seq);
        givenUp.remove(seq);
        return tell(result, null);
    }

    // ---- Requests ----

    /** A request that is decided; false if the client has given it up before that. */
    boolean open(OpenRequest request) {
        if (givenUp.contains(request.seq)) {
            fail(request.seq, CANCELLED);
            return false;
        }
        Long early = earlyCredit.remove(request.seq);
        if (request.stream && early != null) {
            request.credit = Math.max(request.credit, early);
        }
        requests.put(request.seq, request);
        updateTimer();
        return true;
    }

    /** The client gives a request up; without effect if that has its result. */
    void cancel(long seq) {
        if (requests.containsKey(seq)) {
            close(seq, CANCELLED);
        } else if (outstanding.containsKey(seq)) { // no request yet, while its decision is awaited; or none at all
            givenUp.add(seq);
        }
    }

    /** Ends a request before its handler does. */
    private void close(long seq, Failure failure) {
        if (requests.containsKey(seq)) {
            fail(seq, failure);
            node.application().onCancelled(id(), seq);
        }
    }

    /** The client lets a stream have so many parts in all. */
    void more(long seq, long total) {
        OpenRequest request = requests.get(seq);
        if (request == null) {
            if (outstanding.containsKey(seq)) { // no request yet, while its decision is awaited
                earlyCredit.merge(seq, total, Math::max);
            }
        } else if (request.stream && total > request.credit) {
            request.credit = total;
            goOnWith(request);
        }
    }

    private boolean part(long seq, Payload payload) {
        OpenRequest request = requests.get(seq);
        if (request == null || !request.stream || !request.offer(payload)) {
            return false;
        }
        request.deadlineMillis = node.now() + options.handlerMillis();
        sendParts(request);
        updateTimer();
        if (!over && !waitsForClient(request)) {
            node.application().onSent(id(), seq);
        }
        return !over;
    }

    private boolean finishStream(long seq) {
        OpenRequest request = requests.get(seq);
        if (request == null) {
            return ok(seq);
        }
        if (request.hasWaiting()) {
            request.finished = true;
            return true;
        }
        return finish(seq, n -> new ServerMessage.End(n, seq));
    }

    /** There is more room than before for the parts of a stream, on the client's side or in the direct log. */
    private void goOnWith(OpenRequest request) {
        if (!request.stream) {
            return;
        }
        request.deadlineMillis = node.now() + options.handlerMillis(); // until now the client had to act
        sendParts(request);
        updateTimer();
        if (!over && !request.finished && !waitsForClient(request)) {
            node.application().onReady(id(), request.seq);
        }
    }

    private void sendParts(OpenRequest request) {
        while (request.maySend() && direct.hasRoom() && !over) {
            Payload part = request.next();
            tell(n -> new ServerMessage.Part(n, request.seq, part), null);
        }
        if (request.finished && !request.hasWaiting() && !over) {
            finish(request.seq, n -> new ServerMessage.End(n, request.seq));
        }
    }

    /** Whether a stream's next part could not go out before the client grants credit, or acknowledges. */
    private boolean waitsForClient(OpenRequest request) {
        return request.stream && (request.hasWaiting() || request.sent >= request.credit || !direct.hasRoom());
    }

    // ---- Authentication ----

    /** The client has shown again who it is. */
    void authenticated(long validMillis) {
        authEndsMillis = Timed.later(node.now(), validMillis);
        endAnnounced = false;
        updateTimer();
    }

    boolean isAuthenticated() {
        return node.now() < authEndsMillis;
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
        long deadline = subscriptions.deadlineMillis();
        for (OpenRequest request : requests.values()) {
            deadline = Math.min(deadline, handlerDeadline(request));
        }
        if (connection == null) {
            return Math.min(deadline, suspendedMillis + options.terms().windowMillis());
        }
        return Math.min(
                deadline,
                endAnnounced || authEndsMillis == Timed.NEVER
                        ? authEndsMillis
                        : authEndsMillis - options.expiryNoticeMillis());
    }

    /** A stream that waits for its client is not the handler's fault. */
    private long handlerDeadline(OpenRequest request) {
        return request.finished || waitsForClient(request) ? Timed.NEVER : request.deadlineMillis;
    }

    private void onTime(long nowMillis) {
        for (OpenRequest request : List.copyOf(requests.values())) {
            if (handlerDeadline(request) <= nowMillis) {
                close(request.seq, new Failure(Failure.TIMEOUT, "no answer in " + options.handlerMillis() + " ms"));
            }
        }
        if (over) {
            return;
        }
        if (connection == null) {
            if (nowMillis - suspendedMillis >= options.terms().windowMillis()) {
                end(CloseCodes.COME_BACK, "expired");
            }
            return;
        }
        if (nowMillis >= authEndsMillis) {
            end(CloseCodes.NOT_AUTHENTICATED, "the authentication has ended");
            return;
        }
        if (!endAnnounced
                && authEndsMillis != Timed.NEVER
                && authEndsMillis - nowMillis <= options.expiryNoticeMillis()) {
            endAnnounced = true;
            sendNow(new ServerMessage.Expiring(authEndsMillis - nowMillis));
        }
        if (subscriptions.deadlineMillis() <= nowMillis) {
            disconnect(CloseCodes.TOO_SLOW, "too slow");
        }
    }

    // ---- What subscriptions say ----

    void pump() {
        subscriptions.pump();
    }

    void hasFallenBehind(Subscriber subscriber) {
        subscriptions.hasFallenBehind(subscriber);
    }

    void caughtUp(Subscriber subscriber) {
        subscriptions.caughtUp(subscriber);
    }

    void mailboxSent(Cursor sent) {
        ServerConnection now = connection;
        if (now != null) {
            now.mailboxSent(sent);
        }
    }

    @Override
    public String toString() {
        return "Session[" + info + (over ? " over" : connection == null ? " suspended" : " connected") + "]";
    }
}
