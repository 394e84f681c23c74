package dev.bowline.session.client;

import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.ClientMessage.Start;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Malformed;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.session.wire.TopicPattern;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A client's session over any number of connections.
 *
 * <p><b>Life.</b> {@link #start} asks for a connection. Whoever owns this object tells it what happens to connections
 * ({@link #connected}, {@link #disconnected}), what comes ({@link #received}) and what time it is ({@link #onTime}, at
 * {@link #deadlineMillis}); it says what to do and what came through its {@link ClientHandler}.
 *
 * <p><b>Commands.</b> Each has exactly one {@link Result}. They may be given in any state, and wait for a session; the outbox is
 * bounded in bytes.
 *
 * <p><b>Threads.</b> Not thread-safe. It has no clock: {@code nowMillis} is the caller's, and never goes back.
 */
public final class ClientSession {
    /** Where a session stands. */
    public enum State {
        /** Not started. */
        IDLE,
        /** A connection was asked for. */
        CONNECTING,
        /** There is a connection, and the server's {@code welcome} is awaited. */
        GREETING,
        /** Everything flows. */
        OPEN,
        /** There is no connection; the next attempt comes later. */
        WAITING,
        /** Over. */
        ENDED
    }

    /** No deadline. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int NOTHING_HEARD = 4001;
    private static final int VIOLATION = 4500;
    private static final int NORMAL = 1000;
    private static final int NO_CLOSING_HANDSHAKE = 1006;

    private static final String ENDED_TEXT = "the session has ended";

    private static final int MAX_HELLO_BYTES = 65_536;

    /** For a connection to come about, and then for its welcome. */
    private static final long ATTEMPT_MILLIS = 10_000;

    private final ClientSessionOptions options;
    private final ClientHandler handler;
    private final Outbox outbox;
    private final Subscriptions subscriptions = new Subscriptions();
    private final SubscriptionCommands subscriptionCommands;
    private final TopicReader topics;
    private final Acknowledgement acknowledgement = new Acknowledgement();
    private final Liveness liveness = new Liveness();
    private final Backoff backoff;

    private State state = State.IDLE;
    private long stateMillis; // since when
    private long attemptMillis = NEVER; // of the next connection, while waiting
    private @Nullable String auth;

    // The session, once there was one.
    private @Nullable String id;
    private @Nullable String token;
    private long attempts; // to go on with it
    private ServerMessage.@Nullable Terms terms;
    private @Nullable String brokenOff; // why this end gave the session up

    /**
     * @param auth the application's token; null for none
     * @param random a number from 0 up to, and without, its argument
     */
    public ClientSession(
            ClientSessionOptions options, @Nullable String auth, LongUnaryOperator random, ClientHandler handler) {
        this.options = options;
        this.auth = auth;
        this.handler = handler;
        this.outbox = new Outbox(options.maxOutboxBytes());
        this.subscriptionCommands = new SubscriptionCommands(subscriptions, handler);
        this.topics = new TopicReader(subscriptions, handler);
        this.backoff = new Backoff(random);
    }

    public State state() {
        return state;
    }

    /** The bytes of the commands without a result. */
    public long outboxBytes() {
        return outbox.bytes();
    }

    /** Enters a state; false if whoever was told has left it again. */
    private boolean change(State next, long nowMillis) {
        state = next;
        stateMillis = nowMillis;
        handler.onState(next);
        return state == next;
    }

    // ---- Connections ----

    /** Asks for the first connection. */
    public void start(long nowMillis) {
        if (state != State.IDLE) {
            throw new IllegalStateException("the session was started before");
        }
        connect(nowMillis);
    }

    private void connect(long nowMillis) {
        attemptMillis = NEVER;
        if (change(State.CONNECTING, nowMillis)) {
            handler.connect();
        }
    }

    /** A connection is open: says hello. */
    public void connected(long nowMillis) {
        if (state != State.CONNECTING) {
            return; // given up meanwhile
        }
        liveness.heard(nowMillis);
        if (!change(State.GREETING, nowMillis)) {
            return;
        }
        handler.send(hello());
    }

    /** The first message: names as many cursors as it has room for. */
    private Payload hello() {
        if (id == null || token == null) {
            return hello(null);
        }
        ClientMessage.Resume bare = new ClientMessage.Resume(id, token, acknowledgement.say(), ++attempts, Map.of());
        Map<String, Cursor> cursors =
                subscriptions.cursors(MAX_HELLO_BYTES - hello(bare).size());
        return hello(new ClientMessage.Resume(id, token, bare.seen(), attempts, cursors));
    }

    private Payload hello(ClientMessage.@Nullable Resume resume) {
        return new ClientMessage.Hello(auth, resume, List.of(), options.agent()).toWire();
    }

    /**
     * The connection has ended, or could not be made.
     *
     * @param code as the closing handshake or its failure has it: 1006 without one
     */
    public void disconnected(int code, String reason, long nowMillis) {
        if (state == State.CONNECTING || state == State.GREETING || state == State.OPEN) {
            if (isFinal(code)) {
                end(code, reason, nowMillis);
            } else {
                await(nowMillis);
            }
        }
    }

    /**
     * No connection could be made, and another attempt would end likewise: the session is over.
     *
     * @param reason what the server, or whatever stands before it, has answered
     */
    public void refused(String reason, long nowMillis) {
        if (state == State.CONNECTING) {
            end(NO_CLOSING_HANDSHAKE, reason, nowMillis);
        }
    }

    /** Whether a close code means not to come back (section 10.2). */
    static boolean isFinal(int code) {
        return switch (code) {
            case 1000, 1002, 1003, 1007, 1008, 1009 -> true;
            default -> code >= 4500 && code <= 4999;
        };
    }

    private void await(long nowMillis) {
        long open = state == State.OPEN ? nowMillis - stateMillis : 0;
        attemptMillis = nowMillis + backoff.nextMillis(open);
        change(State.WAITING, nowMillis);
    }

    private void drop(int code, String reason, long nowMillis) {
        handler.close(code, reason);
        await(nowMillis);
    }

    private void end(int code, String reason, long nowMillis) {
        attemptMillis = NEVER;
        change(State.ENDED, nowMillis);
        String why = "the session has ended: " + code + (reason.isEmpty() ? "" : " " + reason);
        List<Pending> sent = outbox.restart();
        List<Pending> waiting = outbox.withdrawAll(command -> true);
        sent.forEach(command -> command.listener().onResult(new Result.Unknown(why)));
        waiting.forEach(command -> command.listener().onResult(new Result.NotSent(why)));
        handler.onEnded(code, reason);
    }

    /** Ends the session, for good. What was sent before is handled, but its results no longer come. */
    public void bye(long nowMillis) {
        if (state == State.ENDED) {
            return;
        }
        if (state == State.OPEN) {
            handler.send(new ClientMessage.Bye().toWire());
        }
        if (state == State.OPEN || state == State.GREETING || state == State.CONNECTING) {
            handler.close(NORMAL, "bye");
        }
        end(NORMAL, "bye", nowMillis);
    }

    /** There is reason to look: the network is back, a page has become visible. Connects at once, or probes the line. */
    public void hint(long nowMillis) {
        if (state == State.WAITING) {
            connect(nowMillis);
        } else if (state == State.OPEN && !liveness.isProbing()) {
            probe(nowMillis);
        }
    }

    // ---- Time ----

    /** When to call {@link #onTime}, at the latest; {@link #NEVER} for not at all. */
    public long deadlineMillis() {
        return switch (state) {
            case IDLE, ENDED -> NEVER;
            case WAITING -> attemptMillis;
            case CONNECTING, GREETING -> stateMillis + ATTEMPT_MILLIS;
            case OPEN -> Math.min(acknowledgement.dueMillis(), liveness.deadlineMillis(terms()));
        };
    }

    private ServerMessage.Terms terms() {
        if (terms == null) {
            throw new IllegalStateException("there was no welcome yet");
        }
        return terms;
    }

    /** Tells the time. */
    public void onTime(long nowMillis) {
        if (nowMillis < deadlineMillis()) {
            return;
        }
        switch (state) {
            case IDLE, ENDED -> {}
            case WAITING -> connect(nowMillis);
            case CONNECTING -> drop(NOTHING_HEARD, "no connection within " + ATTEMPT_MILLIS + " ms", nowMillis);
            case GREETING -> drop(NOTHING_HEARD, "no welcome within " + ATTEMPT_MILLIS + " ms", nowMillis);
            case OPEN -> whileOpen(nowMillis);
        }
    }

    private void whileOpen(long nowMillis) {
        acknowledge(nowMillis);
        long lateMillis = nowMillis - liveness.deadlineMillis(terms());
        if (liveness.mayHaveSlept(lateMillis)) {
            probe(nowMillis);
        } else if (lateMillis >= 0) {
            drop(NOTHING_HEARD, liveness.isProbing() ? "no answer to a ping" : "nothing heard", nowMillis);
        }
    }

    private void probe(long nowMillis) {
        liveness.probed(nowMillis);
        handler.send(new ClientMessage.Ping().toWire());
    }

    // ---- What comes ----

    /**
     * The connection has given a sign of life that was no message: a control frame. Or its silence says nothing, as this end does not
     * read.
     */
    public void heard(long nowMillis) {
        liveness.heard(nowMillis);
    }

    /** A message came on the connection. */
    public void received(Payload message, long nowMillis) {
        if (state != State.GREETING && state != State.OPEN) {
            return; // of a connection that was given up
        }
        heard(nowMillis);
        ServerMessage parsed = ServerMessage.parse(message);
        if (parsed instanceof Malformed malformed) {
            violation(malformed.code(), malformed.detail(), nowMillis);
        } else if (parsed instanceof ServerMessage.Ping) {
            handler.send(new ClientMessage.Pong().toWire());
        } else if (parsed instanceof ServerMessage.Retry retry) {
            backoff.advise(retry.millis());
        } else if (parsed instanceof ServerMessage.Welcome welcome) {
            welcome(welcome, nowMillis);
        } else if (state == State.GREETING) {
            if (!(parsed instanceof ServerMessage.Pong)) {
                violation("hello", "the first message must be welcome", nowMillis);
            }
        } else if (parsed instanceof ServerMessage.Direct direct) {
            direct(direct, message.size(), nowMillis);
        } else if (parsed instanceof ServerMessage.Expiring expiring) {
            handler.onExpiring(expiring.millis());
        } else {
            String wrong = topics.read(parsed);
            if (wrong != null) {
                violation("number", wrong, nowMillis);
            }
        }
    }

    /** The server broke a rule: this session can't be trusted any more. The next connection begins another one. */
    private void violation(String code, String detail, long nowMillis) {
        id = null;
        token = null;
        brokenOff = "violation by the server: " + detail;
        drop(VIOLATION, code, nowMillis);
    }

    private void welcome(ServerMessage.Welcome welcome, long nowMillis) {
        if (state != State.GREETING) {
            violation("hello", "a second welcome", nowMillis);
            return;
        }
        if (welcome.outcome() instanceof ServerMessage.Outcome.Resumed resumed) {
            if (!welcome.session().equals(id)) {
                violation("hello", "another session than the one named was resumed", nowMillis);
            } else if (resumed.handled() > outbox.lastSeq()) {
                violation("number", "more was handled than was sent: " + resumed.handled(), nowMillis);
            } else {
                accept(welcome);
                outbox.resend(resumed.handled(), handler::send);
                outbox.forEachSent(this::sayAgain);
                open(welcome, null, nowMillis, () -> {});
            }
        } else if (welcome.outcome() instanceof ServerMessage.Outcome.Fresh fresh) {
            boolean first = id == null && brokenOff == null;
            String reason = first ? null : fresh.reason() != null ? fresh.reason() : brokenOff;
            accept(welcome);
            Restoration restoration = begin();
            String why = reason == null ? "the session is new" : "the session is new: " + reason;
            open(welcome, reason, nowMillis, () -> restoration.end(new Result.Unknown(why)));
        }
    }

    private void accept(ServerMessage.Welcome welcome) {
        id = welcome.session();
        token = welcome.token();
        terms = welcome.terms();
        brokenOff = null;
        backoff.opened();
    }

    /**
     * The session is open. What goes first was sent, or stands first in the outbox: whoever is told may add to it.
     *
     * @param results tells what the welcome has decided
     */
    private void open(ServerMessage.Welcome welcome, @Nullable String reason, long nowMillis, Runnable results) {
        // What waits was given before the server has said, or has changed, how much it takes.
        long most = welcome.terms().maxMessageBytes();
        List<Pending> tooLarge = outbox.withdrawAll(command -> command.bytes() > most);
        if (change(State.OPEN, nowMillis)) {
            boolean resumed = welcome.outcome() instanceof ServerMessage.Outcome.Resumed;
            handler.onWelcome(welcome.session(), welcome.user(), resumed, reason);
        }
        results.run();
        tooLarge.forEach(command -> command.listener().onResult(tooLarge(command)));
        pump();
    }

    /** A new session: numbers begin anew, and what it was subscribed to is restored before anything else is sent. */
    private Restoration begin() {
        acknowledgement.restart();
        attempts = 0;
        List<Pending> lost = outbox.restart();
        // Of subscriptions what is wanted is known, so it is said once: the commands that led there have their results
        // from that.
        List<Pending> superseded = outbox.withdrawAll(command -> command.kind().isOfSubscriptions());
        Restoration restoration = new Restoration(subscriptionCommands);
        lost.forEach(restoration::consider);
        superseded.forEach(restoration::consider);
        subscriptions.restore(restoration);
        outbox.first(restoration.commands());
        return restoration;
    }

    /** What is not numbered may be lost with a connection. */
    private void sayAgain(Pending command) {
        if (command.isCancelled()) {
            handler.send(new ClientMessage.Cancel(command.seq()).toWire());
        } else if (command.credit() > 0) {
            handler.send(new ClientMessage.More(command.seq(), command.credit()).toWire());
        }
    }

    private void direct(ServerMessage.Direct direct, int bytes, long nowMillis) {
        long seen = acknowledgement.seen();
        if (direct.n() <= seen) {
            return; // it came before
        }
        if (direct.n() != seen + 1) {
            violation("number", "direct message " + direct.n() + " after " + seen, nowMillis);
            return;
        }
        ServerMessage.Answer answer = direct instanceof ServerMessage.Answer one ? one : null;
        Pending command = answer == null ? null : outbox.find(answer.seq());
        if (answer != null && command == null) {
            violation("number", "a result for command " + answer.seq() + ", which has none due", nowMillis);
            return;
        }
        if (direct instanceof ServerMessage.Part && command != null && !command.takePart()) {
            violation("number", "a part beyond the credit of request " + command.seq(), nowMillis);
            return;
        }
        acknowledgement.came(bytes, nowMillis);
        if (direct instanceof ServerMessage.DirectMessage message) {
            handler.onDirect(message.name(), message.payload());
        } else if (direct instanceof ServerMessage.Out out) {
            subscriptionCommands.endedByServer(out.pattern(), out.code());
        } else if (direct instanceof ServerMessage.Part part && command != null) {
            command.listener().onPart(part.payload());
        } else if (answer != null && command != null) {
            outbox.settle(answer.seq());
            command.listener().onResult(result(answer));
            pump();
        }
        acknowledge(nowMillis); // now that it was handed over
    }

    private static Result result(ServerMessage.Answer answer) {
        if (answer instanceof ServerMessage.Err err) {
            return new Result.Refused(err.code(), err.text().asText());
        }
        return answer instanceof ServerMessage.Response response
                ? new Result.Answered(response.payload())
                : new Result.Done();
    }

    private void acknowledge(long nowMillis) {
        if (state == State.OPEN && acknowledgement.isDue(nowMillis)) {
            handler.send(new ClientMessage.Ack(acknowledgement.say()).toWire());
        }
    }

    // ---- Commands ----

    private Result tooLarge(Pending command) {
        return new Result.NotSent(
                "the message has up to " + command.bytes() + " bytes, the server takes " + terms().maxMessageBytes());
    }

    private void pump() {
        if (state == State.OPEN) {
            outbox.send(terms().maxPending(), terms().maxPendingBytes(), handler::send);
        }
    }

    private Pending submit(Pending command) {
        if (state != State.ENDED && terms != null && command.bytes() > terms.maxMessageBytes()) {
            command.listener().onResult(tooLarge(command));
        } else if (state != State.ENDED && !outbox.hasRoomFor(command)) {
            command.listener()
                    .onResult(new Result.NotSent("the outbox is full: " + outbox.bytes() + " of "
                            + options.maxOutboxBytes() + " bytes wait for their results"));
        } else {
            put(command);
        }
        return command;
    }

    /** Takes a command, whatever room there is. */
    private void put(Pending command) {
        if (state == State.ENDED) {
            command.listener().onResult(new Result.NotSent(ENDED_TEXT));
        } else {
            outbox.add(command);
            pump();
        }
    }

    private Pending submit(LongFunction<? extends ClientMessage.Command> command, ResultListener listener, int bytes) {
        return submit(new Pending((seq, credit) -> command.apply(seq), listener, bytes, 0));
    }

    /** Publishes to a topic. */
    public Pending publish(String topic, Payload payload, ResultListener listener) {
        new ClientMessage.Publish(1, topic, payload); // refuses what can't be sent, before it is kept
        return submit(seq -> new ClientMessage.Publish(seq, topic, payload), listener, payload.size() + topic.length());
    }

    /** Sends a message to the application. */
    public Pending send(String name, Payload payload, ResultListener listener) {
        new ClientMessage.Send(1, name, payload);
        return submit(seq -> new ClientMessage.Send(seq, name, payload), listener, payload.size() + name.length());
    }

    /** Asks for one answer. */
    public Pending request(String name, Payload payload, ResultListener listener) {
        new ClientMessage.Request(1, name, ClientMessage.Request.NO_STREAM, payload);
        return submit(
                seq -> new ClientMessage.Request(seq, name, ClientMessage.Request.NO_STREAM, payload),
                listener,
                payload.size() + name.length());
    }

    /**
     * Asks for a stream.
     *
     * @param credit how many parts may come for now, at least 1
     */
    public Pending stream(String name, Payload payload, long credit, ResultListener listener) {
        new ClientMessage.Request(1, name, credit, payload);
        return submit(new Pending(
                (seq, raised) -> new ClientMessage.Request(seq, name, raised, payload),
                listener,
                payload.size() + name.length(),
                credit));
    }

    /** Lets a stream have so many parts in all; less than before changes nothing. */
    public void grant(Pending stream, long total) {
        if (stream.raiseCredit(total) && state == State.OPEN && isOutstanding(stream)) {
            handler.send(new ClientMessage.More(stream.seq(), total).toWire());
        }
    }

    private boolean isOutstanding(Pending command) {
        return command.seq() != 0 && outbox.find(command.seq()) == command;
    }

    /** Gives a request up: it still has its result, one way or the other. */
    public void cancel(Pending request) {
        if (outbox.withdraw(request)) {
            request.listener().onResult(new Result.NotSent("cancelled"));
        } else if (isOutstanding(request) && request.cancel() && state == State.OPEN) {
            handler.send(new ClientMessage.Cancel(request.seq()).toWire());
        }
    }

    /**
     * Subscribes.
     *
     * @param start now for a pattern
     * @param listener is told whether the server agreed; a subscription that is there already is left as it is
     */
    public void subscribe(String pattern, Start start, boolean presence, ResultListener listener) {
        new ClientMessage.Subscribe(1, pattern, start, presence);
        Subscriptions.Subscription subscription = subscriptions.add(new TopicPattern(pattern), start, presence);
        if (subscription != null) {
            submit(subscriptionCommands.subscribe(subscription, listener));
        } else {
            listener.onResult(state == State.ENDED ? new Result.NotSent(ENDED_TEXT) : new Result.Done());
        }
    }

    /** Ends a subscription. Taken however full the outbox is, as it makes room. */
    public void unsubscribe(String pattern, ResultListener listener) {
        Subscriptions.Subscription ending = subscriptions.end(pattern);
        if (ending == null) {
            listener.onResult(new Result.Done());
        } else {
            put(subscriptionCommands.unsubscribe(ending, listener));
        }
    }

    /** The user has read the mailbox up to an offset. */
    public void read(long offset, ResultListener listener) {
        new ClientMessage.Read(1, offset);
        submit(seq -> new ClientMessage.Read(seq, offset), listener, 0);
    }

    /** The application's token for the connections to come; null for none. The present one is left as it is. */
    public void auth(@Nullable String newAuth) {
        auth = newAuth;
    }

    /** Renews the authentication; the token is also for the next connections. */
    public void authenticate(String newAuth, ResultListener listener) {
        auth = newAuth;
        Payload payload = Payload.text(newAuth);
        submit(seq -> new ClientMessage.Authenticate(seq, payload), listener, payload.size());
    }
}
