package dev.bowline.session.server;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.ClientMessage.Command;
import dev.bowline.session.wire.ClientMessage.Start;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.TopicPattern;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does what clients ask for (sections 4, 6, 7 and 9). Each command ends in {@link Session#decided}, once: when it is taken over, be its
 * result known or not. Touched on the node's thread alone.
 */
final class Commands {
    private static final Payload NO_TEXT = Payload.NONE;

    private final Node node;

    Commands(Node node) {
        this.node = node;
    }

    void handle(Session session, Command command) {
        if (command instanceof ClientMessage.Subscribe one) {
            subscribe(session, one);
        } else if (command instanceof ClientMessage.Unsubscribe one) {
            session.subscriptions.remove(one.pattern());
            session.ok(one.seq());
            session.decided();
        } else if (command instanceof ClientMessage.Publish one) {
            publish(session, one);
        } else if (command instanceof ClientMessage.Request one) {
            request(session, one);
        } else if (command instanceof ClientMessage.Send one) {
            send(session, one);
        } else if (command instanceof ClientMessage.Read one) {
            read(session, one);
        } else if (command instanceof ClientMessage.Authenticate one) {
            authenticate(session, one);
        }
    }

    private void refuse(Session session, long seq, Failure failure) {
        session.fail(seq, failure);
        session.decided();
    }

    // ---- Subscriptions ----

    private void subscribe(Session session, ClientMessage.Subscribe command) {
        if (session.subscriptions.contains(command.pattern())) { // it changes nothing (section 6.1)
            session.ok(command.seq());
            session.decided();
            return;
        }
        TopicPattern pattern = new TopicPattern(command.pattern());
        Failure problem = problem(session, command, pattern);
        if (problem != null) {
            refuse(session, command.seq(), problem);
        } else if (command.pattern().equals(TopicRules.MAILBOX)) {
            subscribeTo(session, command, pattern);
        } else {
            node.decisions().ask(session, Action.SUBSCRIBE, command.pattern(), refusal -> {
                if (refusal != null) {
                    refuse(session, command.seq(), refusal);
                } else if (command.presence()) {
                    node.decisions().ask(session, Action.SEE_PRESENCE, command.pattern(), hidden -> {
                        if (hidden != null) {
                            refuse(session, command.seq(), hidden);
                        } else {
                            subscribeTo(session, command, pattern);
                        }
                    });
                } else {
                    subscribeTo(session, command, pattern);
                }
            });
        }
    }

    private @Nullable Failure problem(Session session, ClientMessage.Subscribe command, TopicPattern pattern) {
        String text = command.pattern();
        if (session.subscriptions.isFull()) {
            node.counters().refused(NodeCounters.SUBSCRIPTIONS);
            return new Failure(
                    Failure.TOO_LARGE,
                    "the session has " + node.options().maxSubscriptions() + " subscriptions, which is the limit");
        }
        if (pattern.isTopic() && session.subscriptions.hasNoRoomFor(text)) {
            node.counters().refused(NodeCounters.TOPICS);
            return new Failure(
                    Failure.TOO_LARGE, "the session has " + node.options().maxTopics() + " topics, which is the limit");
        }
        if (text.startsWith("$") && !text.equals(TopicRules.MAILBOX)) {
            return new Failure(Failure.NOT_FOUND, "the only topic of the protocol's own is " + TopicRules.MAILBOX);
        }
        if (text.equals(TopicRules.MAILBOX) && session.info().user() == null) {
            return new Failure(Failure.UNAUTHORIZED, "only a user has a mailbox");
        }
        if (command.presence() && (!pattern.isTopic() || text.equals(TopicRules.MAILBOX))) {
            return new Failure(Failure.BAD_REQUEST, "presence is of a topic; neither of a pattern nor of a mailbox");
        }
        if (!(command.start() instanceof Start.Now) && node.rules().of(text).retention() == null) {
            return new Failure(Failure.BAD_REQUEST, text + " keeps no log; it begins with what comes next");
        }
        return null;
    }

    private void subscribeTo(Session session, ClientMessage.Subscribe command, TopicPattern pattern) {
        if (session.isOver()) {
            session.decided();
            return;
        }
        if (!pattern.isTopic()) {
            session.subscriptions.addPattern(pattern, failure -> {
                if (failure != null) {
                    refuse(session, command.seq(), failure);
                } else {
                    session.ok(command.seq());
                    session.decided();
                }
            });
            return;
        }
        session.subscriptions.addTopic(command.pattern(), command.start(), command.presence(), failure -> {
            if (failure != null) {
                refuse(session, command.seq(), failure);
                return;
            }
            session.ok(command.seq());
            session.subscriptions.begin(command.pattern());
            if (command.pattern().equals(TopicRules.MAILBOX)) {
                tellReadMark(session);
            }
            session.decided();
        });
    }

    /** A device that was not there when the user read hears how far it was. */
    private void tellReadMark(Session session) {
        String user = session.info().user();
        if (user != null) {
            node.engine()
                    .sessions()
                    .read(
                            user,
                            0,
                            Callback.of(
                                    mark -> {
                                        if (mark > 0) {
                                            node.complete(session, readMark(mark));
                                        }
                                    },
                                    failure -> {})); // it hears of the next change; nothing of the mailbox is lost by
            // that
        }
    }

    static SessionMessage readMark(long offset) {
        return new SessionMessage.Direct("$read", Payload.text(Long.toString(offset)), null);
    }

    // ---- Messages ----

    /** Asks whether a command may have its effect; it has none if the session ends before that is known. */
    private void decide(Session session, Action action, String name, Consumer<@Nullable Failure> then) {
        node.decisions().ask(session, action, name, refusal -> {
            if (session.isOver()) {
                session.decided();
            } else {
                then.accept(refusal);
            }
        });
    }

    private void publish(Session session, ClientMessage.Publish command) {
        if (command.topic().startsWith("$")) {
            refuse(
                    session,
                    command.seq(),
                    new Failure(Failure.FORBIDDEN, "clients don't publish to " + command.topic()));
            return;
        }
        decide(session, Action.PUBLISH, command.topic(), refusal -> {
            if (refusal != null) {
                refuse(session, command.seq(), unlessRepeated(session, command, refusal));
            } else if (node.rules().of(command.topic()).retention() == null) {
                publishUnlogged(session, command);
            } else if (session
                    .hasUnkeptRefusals()) { // what was refused before it would be handled behind it by another node
                session.underWay();
                session.keeper.afterKept(kept -> {
                    session.settled();
                    if (kept) {
                        publishLogged(session, command);
                    } else {
                        session.decided();
                    }
                });
            } else {
                publishLogged(session, command);
            }
        });
    }

    private void publishLogged(Session session, ClientMessage.Publish command) {
        session.underWay();
        node.append(
                command.topic(),
                command.topic(),
                command.payload(),
                new Log.Origin(session.id(), command.seq()),
                Callback.of(
                        cursor -> {
                            session.ok(command.seq());
                            session.settled();
                        },
                        failure -> {
                            session.fail(command.seq(), unlessRepeated(session, command, failure));
                            session.settled();
                        }));
        session.decided();
    }

    /** Why a message was not published; if another node may have done it before, whose result nobody knows, it is not said that it was not. */
    private static Failure unlessRepeated(Session session, ClientMessage.Publish command, Failure failure) {
        return session.mayBeRepeated(command.seq()) && !failure.code().equals(Failure.FORBIDDEN)
                ? new Failure(Failure.UNKNOWN, failure.code() + "; another node may have published it before")
                : failure;
    }

    /** No log would know the message again, so it is treated as what a handler is given. */
    private void publishUnlogged(Session session, ClientMessage.Publish command) {
        session.started.openMessage(command.seq());
        start(
                session,
                command.seq(),
                () -> node.append(
                        command.topic(),
                        command.topic(),
                        command.payload(),
                        null,
                        Callback.of(
                                nowhere -> session.ok(command.seq()),
                                failure -> session.fail(command.seq(), failure))));
        session.decided();
    }

    private void send(Session session, ClientMessage.Send command) {
        decide(session, Action.SEND, command.name(), refusal -> {
            if (refusal != null) {
                refuse(session, command.seq(), refusal);
                return;
            }
            session.started.openMessage(command.seq());
            start(session, command.seq(), () -> {
                Decisions.Answer<Boolean> answer = node.decisions()
                        .answer(Callback.of(
                                taken -> node.complete(
                                        session,
                                        taken
                                                ? new SessionMessage.Finish(command.seq())
                                                : new SessionMessage.Fail(
                                                        command.seq(),
                                                        new Failure(
                                                                Failure.NOT_FOUND, "nobody takes " + command.name()))),
                                failure -> node.complete(session, new SessionMessage.Fail(command.seq(), failure))));
                node.application().onMessage(session.info(), command.name(), command.payload(), answer);
                answer.await();
            });
            session.decided();
        });
    }

    private void request(Session session, ClientMessage.Request command) {
        decide(session, Action.REQUEST, command.name(), refusal -> {
            if (refusal != null) {
                refuse(session, command.seq(), refusal);
                return;
            }
            boolean wanted = session.started.open(new OpenRequest(
                    command.seq(),
                    command.credit(),
                    node.engine().process(),
                    node.now() + node.options().handlerMillis()));
            if (wanted) {
                start(session, command.seq(), () -> node.application()
                        .onRequest(
                                session.info(),
                                command.seq(),
                                command.name(),
                                command.payload(),
                                command.credit() != ClientMessage.Request.NO_STREAM));
            }
            session.decided();
        });
    }

    /** Does what must not be done again, once it is kept that it was; not for a command that was given up meanwhile. */
    private static void start(Session session, long seq, Runnable handler) {
        session.underWay();
        session.keeper.afterKept(kept -> {
            if (kept && session.started.contains(seq)) {
                handler.run();
            }
            session.settled();
        });
    }

    // ---- The user ----

    private void read(Session session, ClientMessage.Read command) {
        String user = session.info().user();
        if (user == null) {
            refuse(session, command.seq(), new Failure(Failure.UNAUTHORIZED, "only a user has a mailbox"));
            return;
        }
        node.engine()
                .sessions()
                .read(
                        user,
                        command.offset(),
                        Callback.of(
                                mark -> {
                                    node.engine().bus().toUser(user, new UserMessage.ReadMark(mark));
                                    session.ok(command.seq());
                                    session.decided();
                                },
                                failure -> refuse(session, command.seq(), failure)));
    }

    private void authenticate(Session session, ClientMessage.Authenticate command) {
        String token = command.token().equals(NO_TEXT) ? null : command.token().asText();
        Decisions.Answer<Identity> answer = node.decisions()
                .answer(Callback.of(
                        identity -> {
                            String user = session.info().user();
                            if (user == null ? identity.user() != null : !user.equals(identity.user())) {
                                refuse(
                                        session,
                                        command.seq(),
                                        new Failure(Failure.USER, "the token is of another user"));
                                return;
                            }
                            session.authenticated(identity);
                            session.ok(command.seq());
                            session.decided();
                        },
                        failure -> refuse(session, command.seq(), failure)));
        node.application().authenticate(token, answer);
        answer.await();
    }
}
