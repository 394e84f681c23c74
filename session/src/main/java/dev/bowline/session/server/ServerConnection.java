package dev.bowline.session.server;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionRecord;
import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.SessionStore.Credentials;
import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.ClientMessage.Hello;
import dev.bowline.session.wire.ClientMessage.Resume;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Malformed;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the subprotocol, from the server's side: brings its client to a session, passes on what comes, and looks whether
 * the other end is alive (sections 3, 8 and 10).
 *
 * <p>Whoever owns the connection says what comes of it, in order and on the node's thread, up to {@link #closed}.
 */
public final class ServerConnection extends Timed {
    /** Where a connection stands. */
    private enum State {
        /** The {@code hello} is awaited. */
        GREETING,
        /** The session is being looked for. */
        JOINING,
        /** It speaks for a session. */
        OPEN,
        /** Nothing that comes has an effect any more. */
        ENDED
    }

    private final Node node;
    private final Link link;
    private Link out; // the same, or the gate before it
    private final long beganMillis;
    private State state = State.GREETING;
    private @Nullable Session session; // while it is open

    private long heardMillis;
    private long sentMillis; // but for messages of topics
    private long pingMillis = NEVER; // when the ping went out that brought nothing yet

    // What of the mailbox has come is known by the pong to a ping that was sent behind it.
    private long pings;
    private long pongs;
    private long measuredPing; // which one the round trip is measured by; 0 for none
    private long measuredNanos; // when it went out
    private long fencePing; // which ping stands behind the mailbox's messages; 0 for none
    private @Nullable Cursor fenced; // up to where those messages go
    private @Nullable Cursor mailbox; // up to where messages went out

    ServerConnection(Node node, Link link) {
        this.node = node;
        this.link = link;
        this.out = link;
        this.beganMillis = node.now();
        this.heardMillis = beganMillis;
        this.sentMillis = beganMillis;
    }

    /** The way to the client for what its session says. */
    Link link() {
        return out;
    }

    // ---- What comes ----

    /** A message came. */
    public void received(Payload message, long nowMillis) {
        node.enter(nowMillis);
        if (state == State.ENDED) {
            return; // of one that has lost its say (section 3.4)
        }
        heard(nowMillis);
        Session open = session;
        long limit = state == State.GREETING
                ? node.options().maxHelloBytes()
                : node.options().terms().maxMessageBytes();
        if (message.size() > limit) {
            violation("too-big");
            return;
        }
        ClientMessage parsed = ClientMessage.parse(message);
        if (parsed instanceof Malformed malformed) {
            violation(malformed.code());
        } else if (parsed instanceof ClientMessage.Ping) {
            sendSign(new ServerMessage.Pong());
        } else if (parsed instanceof ClientMessage.Pong) {
            pong();
        } else if (parsed instanceof Hello hello) {
            if (state == State.GREETING) {
                state = State.JOINING;
                join(hello);
            } else {
                violation("hello");
            }
        } else if (open == null) {
            violation("hello"); // before the welcome there is nothing to say
        } else {
            receive(open, parsed, message.size());
        }
    }

    /** A control frame of the WebSocket came, which is a sign of life as well as a message (section 8.1). */
    public void heard(long nowMillis) {
        node.enter(nowMillis);
        heardMillis = nowMillis;
        if (pingMillis != NEVER) {
            pingMillis = NEVER;
            node.timers().update(this); // the next ping may be due before the answer to this one was
        }
    }

    private void receive(Session open, ClientMessage message, int bytes) {
        if (message instanceof ClientMessage.Command command) {
            if (command.seq() > open.handled() + 1) {
                violation("number");
            } else if (command.seq() == open.handled() + 1 && !open.hasRoomFor(bytes)) {
                node.counters().refused(NodeCounters.PENDING);
                violation("too-many-pending");
            } else {
                open.receive(command, bytes);
            }
        } else if (message instanceof ClientMessage.Ack ack) {
            if (!open.acknowledge(ack.n())) {
                violation("number");
            }
        } else if (message instanceof ClientMessage.More more) {
            open.started.more(more.request(), more.total());
        } else if (message instanceof ClientMessage.Cancel cancel) {
            open.started.cancel(cancel.request());
        } else if (message instanceof ClientMessage.Bye) {
            open.bye();
        }
    }

    /** There is room again on the link. */
    public void drained(long nowMillis) {
        node.enter(nowMillis);
        if (session != null) {
            session.backlog.pump();
        }
    }

    /**
     * The connection is gone.
     *
     * @param code how it was closed; 1006 where it was cut
     */
    public void closed(int code, long nowMillis) {
        node.enter(nowMillis);
        if (state != State.ENDED) {
            leave(code, NodeCounters.GONE);
        }
    }

    private void leave(int code, int refusal) {
        state = State.ENDED;
        node.forget(this);
        Session left = session;
        session = null;
        if (left != null) {
            left.suspend();
            node.suspended(left, code);
        } else {
            node.counters().refusedHello(refusal);
        }
    }

    /** Closes it; its session, if it has one, waits for the next connection. */
    void end(int code, String reason) {
        if (state != State.ENDED) {
            leave(code, code);
            out.close(code, reason);
        }
    }

    /** It no longer speaks for its session. */
    void detach(int code, String reason) {
        state = State.ENDED;
        session = null;
        node.forget(this);
        out.close(code, reason);
    }

    boolean isOpen() {
        return state != State.ENDED;
    }

    /** Closes it with advice when to come back. */
    void dismiss(int code, String reason, long retryMillis) {
        sendSign(new ServerMessage.Retry(retryMillis)); // not behind what is held: that does not go out any more
        end(code, reason);
    }

    /** The client has broken a rule; a session that it spoke for is over (section 10.2). */
    private void violation(String code) {
        Session open = session;
        if (open != null) {
            open.end(CloseCodes.VIOLATION, code);
        } else {
            end(CloseCodes.VIOLATION, code);
        }
    }

    void send(Payload message) {
        sentMillis = node.now();
        out.send(message);
    }

    /** Sends a sign of life, or advice, which waits for nothing. */
    private void sendSign(ServerMessage sign) {
        sentMillis = node.now();
        link.send(sign.toWire());
    }

    // ---- hello ----

    private void join(Hello hello) {
        long advice = node.admission().adviceMillis(node.now());
        if (advice > 0) {
            node.counters().refused(NodeCounters.HELLOS);
            dismiss(CloseCodes.NO_ROOM, "too many at a time", advice);
            return;
        }
        if (hello.auth() == null && hello.resume() != null) {
            resume(hello, hello.resume(), null);
            return;
        }
        authenticate(hello, identity -> {
            if (hello.resume() == null) {
                create(hello, identity, null);
            } else {
                resume(hello, hello.resume(), identity);
            }
        });
    }

    private interface Identified {
        void as(Identity identity);
    }

    private void authenticate(Hello hello, Identified then) {
        Decisions.Answer<Identity> answer = node.decisions()
                .answer(Callback.of(
                        identity -> {
                            if (state == State.JOINING) {
                                then.as(identity);
                            }
                        },
                        failure -> {
                            if (failure.code().equals(Failure.UNAVAILABLE)
                                    || failure.code().equals(Failure.TIMEOUT)) {
                                end(CloseCodes.NO_ENGINE, failure.code());
                            } else {
                                end(CloseCodes.NOT_AUTHENTICATED, failure.code());
                            }
                        }));
        node.application().authenticate(hello.auth(), answer);
        answer.await();
    }

    /**
     * Looks for a session.
     *
     * @param identity null where the session's own authentication is to hold on
     */
    private void resume(Hello hello, Resume resume, @Nullable Identity identity) {
        Claimant claimant = new Claimant(
                resume.session(),
                resume.token(),
                resume.attempt(),
                identity != null,
                identity == null ? null : identity.user());
        Session known = node.session(resume.session());
        if (known != null) {
            resume(hello, resume, identity, claimant, known);
            return;
        }
        node.claim(
                claimant,
                Callback.of(
                        claim -> {
                            if (claim instanceof Claim.Granted granted) {
                                resume(hello, resume, identity, claimant, node.adopt(granted.state()));
                            } else if (claim instanceof Claim.Restored restored) {
                                restored(hello, resume, identity, claimant, restored.session());
                            } else {
                                refused(hello, identity, claim);
                            }
                        },
                        failure -> end(CloseCodes.NO_ENGINE, failure.code())),
                () -> {
                    if (state == State.JOINING) {
                        resume(hello, resume, identity);
                    }
                });
    }

    private void resume(Hello hello, Resume resume, @Nullable Identity identity, Claimant claimant, Session known) {
        Claim refusal = known.refusal(claimant);
        if (refusal != null) {
            refused(hello, identity, refusal);
            return;
        }
        known.granted(claimant); // though its connection may have ended since it asked
        if (!known.keeper.isOn()) {
            if (state == State.JOINING) {
                resume(hello, resume, identity, known);
            }
            return;
        }
        known.keeper.touch();
        known.keeper.afterKept(
                kept -> { // else another node has it since, or it is over
                    if (state != State.JOINING) {
                        return;
                    }
                    if (!kept || node.session(known.id()) != known) { // another one may have taken it along
                        resume(hello, resume, identity);
                    } else if (known.attempt() != claimant.attempt()) {
                        refused(hello, identity, new Claim.Superseded());
                    } else {
                        resume(hello, resume, identity, known);
                    }
                });
    }

    /** What was kept of a session is the node's: as the claim was granted, it has no say in that any more. */
    private void restored(
            Hello hello, Resume resume, @Nullable Identity identity, Claimant claimant, SessionRecord record) {
        Session known = node.restore(record, claimant.attempt());
        if (known == null) { // its node has gone before anything was kept, so nobody has heard of it
            refused(hello, identity, new Claim.Refused("lost"));
        } else if (state == State.JOINING) {
            resume(hello, resume, identity, known);
        }
    }

    private void refused(Hello hello, @Nullable Identity identity, Claim claim) {
        if (state != State.JOINING) {
            return;
        }
        if (claim instanceof Claim.Refused refused) {
            createInstead(hello, identity, refused.reason());
        } else {
            end(CloseCodes.TAKEN_OVER, "a later connection has the session");
        }
    }

    private void resume(Hello hello, Resume resume, @Nullable Identity identity, Session known) {
        if (identity == null && !known.isAuthenticated()) {
            known.end(CloseCodes.NOT_AUTHENTICATED, "the authentication has ended");
            end(CloseCodes.NOT_AUTHENTICATED, "the authentication has ended");
        } else if (!known.canResumeBehind(resume.seen())) {
            known.end(CloseCodes.COME_BACK, "the client has forgotten what it has acknowledged");
            createInstead(hello, identity, "lost");
        } else {
            if (identity != null) {
                known.authenticated(identity);
                if (known.isOver()) { // what it had to say of rights that have ended did not fit its log
                    createInstead(hello, identity, "expired");
                    return;
                }
            }
            long awayMillis = known.awayMillis();
            open(known);
            node.counters().resume("resumed");
            welcome(known, new ServerMessage.Outcome.Resumed(known.handled()));
            known.resume(resume.seen(), resume.topics());
            if (known.isOver()) {
                return; // what it had to say did not fit its log
            }
            reportMailbox(known, resume.topics().get(TopicRules.MAILBOX));
            known.catchUp.announce(awayMillis);
        }
    }

    private void createInstead(Hello hello, @Nullable Identity identity, String reason) {
        if (identity != null) {
            create(hello, identity, reason);
        } else {
            authenticate(hello, nobody -> create(hello, nobody, reason));
        }
    }

    private void create(Hello hello, Identity identity, @Nullable String reason) {
        if (node.isFull()) {
            node.counters().refused(NodeCounters.SESSIONS);
            dismiss(
                    CloseCodes.NO_ROOM,
                    "too many sessions",
                    node.options().terms().pingMillis());
            return;
        }
        node.engine()
                .sessions()
                .create(
                        identity.user(),
                        Callback.of(
                                credentials -> created(hello, identity, reason, credentials),
                                failure -> end(CloseCodes.NO_ENGINE, failure.code())));
    }

    private void created(Hello hello, Identity identity, @Nullable String reason, Credentials credentials) {
        if (state != State.JOINING) {
            node.engine().sessions().remove(credentials.id(), own -> {});
            return;
        }
        long ends = later(node.now(), identity.validMillis());
        SessionInfo info = new SessionInfo(credentials.id(), identity.user(), hello.agent(), identity.attributes());
        Session made = new Session(node, credentials, info, ends);
        node.add(made);
        made.begin();
        open(made);
        if (reason != null) {
            node.counters().resume(reason);
        }
        welcome(made, new ServerMessage.Outcome.Fresh(reason));
        node.started(made);
    }

    private void open(Session opened) {
        out = opened.keeper.isOn() ? new Gate(link, opened.keeper) : link;
        opened.connect(this);
        session = opened;
        state = State.OPEN;
        node.timers().update(this); // the first ping may be due before its time for a hello is over
    }

    private void welcome(Session opened, ServerMessage.Outcome outcome) {
        send(new ServerMessage.Welcome(
                        opened.id(),
                        opened.token(),
                        opened.info().user(),
                        outcome,
                        node.options().terms(),
                        List.of())
                .toWire());
    }

    // ---- Life ----

    @Override
    long deadlineMillis() {
        return switch (state) {
            case ENDED -> NEVER;
            case GREETING, JOINING -> beganMillis + node.options().helloMillis();
            case OPEN ->
                pingMillis == NEVER
                        ? Math.min(heardMillis, sentMillis)
                                + node.options().terms().pingMillis()
                        : pingMillis + node.options().terms().graceMillis();
        };
    }

    @Override
    void onTime(long nowMillis) {
        if (state == State.GREETING) {
            end(CloseCodes.NO_HELLO, "no hello");
        } else if (state == State.JOINING) {
            end(CloseCodes.NO_ENGINE, Failure.TIMEOUT);
        } else if (pingMillis != NEVER) {
            end(CloseCodes.NOTHING_HEARD, "no answer to a ping");
        } else {
            ping();
        }
    }

    private void ping() {
        pings++;
        if (pingMillis == NEVER) {
            pingMillis = node.now();
        }
        if (measuredPing == 0) {
            measuredPing = pings;
            measuredNanos = node.nanoTime();
        }
        sendSign(new ServerMessage.Ping());
    }

    // ---- The mailbox ----

    /** Messages of the mailbox went out, up to a cursor: the next pong tells that they came. */
    void mailboxSent(Cursor sent) {
        mailbox = sent;
        fenceMailbox();
    }

    private void fenceMailbox() {
        if (fencePing == 0 && mailbox != null && !mailbox.equals(fenced)) {
            ping();
            fencePing = pings;
            fenced = mailbox;
            node.timers().update(this);
        }
    }

    private void pong() {
        pongs++;
        if (measuredPing != 0 && pongs >= measuredPing) {
            measuredPing = 0;
            node.counters().roundTrip(node.nanoTime() - measuredNanos);
        }
        if (fencePing != 0 && pongs >= fencePing) {
            fencePing = 0;
            if (session != null) {
                reportMailbox(session, fenced);
                fenceMailbox();
            }
        }
    }

    private void reportMailbox(Session open, @Nullable Cursor received) {
        String user = open.info().user();
        if (user != null && received != null) {
            node.engine().sessions().received(user, received);
        }
    }
}
