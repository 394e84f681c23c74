package dev.bowline.session.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a client sends ({@code bowline-v1.md}, section 2). Immutable; the constructors refuse what may not stand on the wire. */
public sealed interface ClientMessage
        permits ClientMessage.Hello,
                ClientMessage.Command,
                ClientMessage.More,
                ClientMessage.Cancel,
                ClientMessage.Ack,
                ClientMessage.Ping,
                ClientMessage.Pong,
                ClientMessage.Bye,
                Malformed {
    /** As it stands in a WebSocket message. */
    Payload toWire();

    /** A command: numbered, kept until its result is there, and sent again on the next connection (section 4). */
    sealed interface Command extends ClientMessage {
        /** Its number in the session, from 1. */
        long seq();
    }

    /**
     * The first message of a connection (section 3.1).
     *
     * @param auth the application's token; null for none
     * @param resume the session to go on with; null for a new one
     * @param features the optional parts of the protocol that the client knows
     * @param agent who it is, for logs; null for nobody
     */
    record Hello(
            @Nullable String auth,
            @Nullable Resume resume,
            List<String> features,
            @Nullable String agent) implements ClientMessage {
        public Hello {
            features = List.copyOf(features);
            features.forEach(feature -> Grammar.require(Grammar.isField(feature), "feature", feature, "visible ASCII"));
            if (auth != null) {
                // Not shown: it is a secret.
                Grammar.require(Grammar.isField(auth), "auth", "…", "visible ASCII");
            }
            if (agent != null) {
                Grammar.require(isAgent(agent), "agent", agent, "1 to 128 visible ASCII characters");
            }
        }

        private static boolean isAgent(String text) {
            return Grammar.isField(text) && text.length() <= Grammar.MAX_AGENT;
        }

        @Override
        public Payload toWire() {
            Lines.Writer lines = new Lines.Writer();
            if (auth != null) {
                lines.line("auth", auth);
            }
            if (resume != null) {
                lines.line("resume", resume.session, resume.token, resume.seen, resume.attempt);
                resume.topics.forEach((topic, cursor) -> lines.line("topic", topic, cursor));
            }
            features.forEach(feature -> lines.line("feature", feature));
            if (agent != null) {
                lines.line("agent", agent);
            }
            return new HeaderWriter("hello").with(lines.payload());
        }

        /** Without the secrets. */
        @Override
        public String toString() {
            return "Hello[" + (auth == null ? "" : "auth ") + resume + " " + features + " " + agent + "]";
        }
    }

    /**
     * The session that a client wants to go on with.
     *
     * @param session its id
     * @param token its secret
     * @param seen the highest number of the direct log that came, with all below it; 0 for none
     * @param attempt how many connections have asked for this session, this one too; from 1
     * @param topics the cursor of each topic of which something came
     */
    record Resume(String session, String token, long seen, long attempt, Map<String, Cursor> topics) {
        public Resume {
            Grammar.requireId("session", session);
            Grammar.require(Grammar.isId(token), "token", "…", "1 to 128 letters, digits, hyphens and underscores");
            Grammar.requireNumber("seen", seen, 0);
            Grammar.requireNumber("attempt", attempt, 1);
            topics = Collections.unmodifiableMap(new LinkedHashMap<>(topics)); // in the order given
            topics.keySet().forEach(topic -> Grammar.requireTopic("topic", topic));
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Resume[" + session + " seen " + seen + " " + topics + "]";
        }
    }

    /** Where a subscription begins (section 6.1). */
    sealed interface Start {
        /** With what comes next. */
        record Now() implements Start {}

        /** Behind a cursor. */
        record From(Cursor cursor) implements Start {}

        /** With so many of the last messages. */
        record Last(long count) implements Start {
            public Last {
                Grammar.requireNumber("count", count, 0);
            }
        }
    }

    /**
     * Subscribes.
     *
     * @param presence whether to be told who is there
     */
    record Subscribe(long seq, String pattern, Start start, boolean presence) implements Command {
        public Subscribe {
            Grammar.requireNumber("seq", seq, 1);
            Grammar.requirePattern(pattern);
            if (Grammar.hasWildcard(pattern) && !(start instanceof Start.Now)) {
                throw new IllegalArgumentException(
                        "a pattern begins with what comes next; only a topic can begin elsewhere: " + pattern);
            }
        }

        @Override
        public Payload toWire() {
            HeaderWriter header = new HeaderWriter("sub").field(seq).field(pattern);
            if (start instanceof Start.From from) {
                header.field("from").field(from.cursor.epoch()).field(from.cursor.offset());
            } else if (start instanceof Start.Last last) {
                header.field("last").field(last.count);
            }
            return (presence ? header.field("presence") : header).alone();
        }
    }

    /** Ends a subscription. */
    record Unsubscribe(long seq, String pattern) implements Command {
        public Unsubscribe {
            Grammar.requireNumber("seq", seq, 1);
            Grammar.requirePattern(pattern);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("unsub").field(seq).field(pattern).alone();
        }
    }

    /** Publishes to a topic. */
    record Publish(long seq, String topic, Payload payload) implements Command {
        public Publish {
            Grammar.requireNumber("seq", seq, 1);
            Grammar.requireTopic("topic", topic);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("pub").field(seq).field(topic).with(payload);
        }
    }

    /**
     * Asks for an answer.
     *
     * @param credit how many parts the answer may have for now; -1 where it must be one
     */
    record Request(long seq, String name, long credit, Payload payload) implements Command {
        /** The credit of a request that is no stream. */
        public static final long NO_STREAM = -1;

        public Request {
            Grammar.requireNumber("seq", seq, 1);
            Grammar.requireTopic("name", name);
            Grammar.requireNumber("credit", credit, NO_STREAM);
        }

        @Override
        public Payload toWire() {
            HeaderWriter header = new HeaderWriter("req").field(seq).field(name);
            return (credit == NO_STREAM ? header : header.field("stream").field(credit)).with(payload);
        }
    }

    /** A message to the application. */
    record Send(long seq, String name, Payload payload) implements Command {
        public Send {
            Grammar.requireNumber("seq", seq, 1);
            Grammar.requireTopic("name", name);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("send").field(seq).field(name).with(payload);
        }
    }

    /** The user has read the mailbox up to an offset. */
    record Read(long seq, long offset) implements Command {
        public Read {
            Grammar.requireNumber("seq", seq, 1);
            Grammar.requireNumber("offset", offset, 0);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("read").field(seq).field(offset).alone();
        }
    }

    /** Renews the authentication, by a token of the application's. */
    record Authenticate(long seq, Payload token) implements Command {
        public Authenticate {
            Grammar.requireNumber("seq", seq, 1);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("auth").field(seq).with(token);
        }
    }

    /**
     * Raises the credit of a stream.
     *
     * @param request the number of its request
     * @param total how many parts it may have, from the first on
     */
    record More(long request, long total) implements ClientMessage {
        public More {
            Grammar.requireNumber("request", request, 1);
            Grammar.requireNumber("total", total, 0);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("more").field(request).field(total).alone();
        }
    }

    /**
     * Gives a request up.
     *
     * @param request its number
     */
    record Cancel(long request) implements ClientMessage {
        public Cancel {
            Grammar.requireNumber("request", request, 1);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("cancel").field(request).alone();
        }
    }

    /** Everything of the direct log up to this number is here. */
    record Ack(long n) implements ClientMessage {
        public Ack {
            Grammar.requireNumber("n", n, 0);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("ack").field(n).alone();
        }
    }

    /** Asks for a sign of life. */
    record Ping() implements ClientMessage {
        @Override
        public Payload toWire() {
            return new HeaderWriter("ping").alone();
        }
    }

    /** A sign of life that was asked for. */
    record Pong() implements ClientMessage {
        @Override
        public Payload toWire() {
            return new HeaderWriter("pong").alone();
        }
    }

    /** Ends the session. */
    record Bye() implements ClientMessage {
        @Override
        public Payload toWire() {
            return new HeaderWriter("bye").alone();
        }
    }

    /** Takes a message apart; {@link Malformed} if it is none of a client's. Never throws for what it is given. */
    static ClientMessage parse(Payload message) {
        Fields fields = Fields.of(message);
        return switch (fields.verb()) {
            case "hello" -> hello(fields);
            case "sub" -> subscribe(fields);
            case "unsub" -> {
                long seq = fields.counted("the number");
                String pattern = fields.pattern();
                yield made(fields.problemOrPayload(), () -> new Unsubscribe(seq, pattern));
            }
            case "pub" -> {
                long seq = fields.counted("the number");
                String topic = fields.topic("the topic");
                yield made(fields.problem(), () -> new Publish(seq, topic, fields.payload()));
            }
            case "req" -> {
                long seq = fields.counted("the number");
                String name = fields.topic("the name");
                long credit = fields.takes("stream") ? fields.number("the credit", 0) : Request.NO_STREAM;
                yield made(fields.problem(), () -> new Request(seq, name, credit, fields.payload()));
            }
            case "send" -> {
                long seq = fields.counted("the number");
                String name = fields.topic("the name");
                yield made(fields.problem(), () -> new Send(seq, name, fields.payload()));
            }
            case "cancel" -> {
                long request = fields.counted("the request's number");
                yield made(fields.problemOrPayload(), () -> new Cancel(request));
            }
            case "read" -> {
                long seq = fields.counted("the number");
                long offset = fields.number("the offset", 0);
                yield made(fields.problemOrPayload(), () -> new Read(seq, offset));
            }
            case "auth" -> {
                long seq = fields.counted("the number");
                yield made(fields.problem(), () -> new Authenticate(seq, fields.payload()));
            }
            case "more" -> {
                long request = fields.counted("the request's number");
                long total = fields.number("the total", 0);
                yield made(fields.problemOrPayload(), () -> new More(request, total));
            }
            case "ack" -> {
                long n = fields.number("the number", 0);
                yield made(fields.problemOrPayload(), () -> new Ack(n));
            }
            case "ping" -> made(fields.problemOrPayload(), Ping::new);
            case "pong" -> made(fields.problemOrPayload(), Pong::new);
            case "bye" -> made(fields.problemOrPayload(), Bye::new);
            default -> {
                Malformed problem = fields.brokenHeader();
                yield problem != null ? problem : Malformed.verb(fields.verb(), "client");
            }
        };
    }

    private static ClientMessage made(@Nullable Malformed problem, Supplier<? extends ClientMessage> message) {
        return problem == null ? message.get() : problem;
    }

    private static ClientMessage subscribe(Fields fields) {
        long seq = fields.counted("the number");
        String pattern = fields.pattern();
        Start start = new Start.Now();
        if (fields.takes("from")) {
            String epoch = fields.epoch();
            long offset = fields.number("the offset", 0);
            start = Grammar.isEpoch(epoch) ? new Start.From(new Cursor(epoch, offset)) : start;
        } else if (fields.takes("last")) {
            start = new Start.Last(fields.number("the count", 0));
        }
        boolean presence = fields.takes("presence");
        if (Grammar.hasWildcard(pattern) && !(start instanceof Start.Now)) {
            return new Malformed(Malformed.HEADER, "sub: a pattern takes neither from nor last");
        }
        Start begin = start;
        return made(fields.problemOrPayload(), () -> new Subscribe(seq, pattern, begin, presence));
    }

    private static ClientMessage hello(Fields fields) {
        Malformed problem = fields.problem();
        if (problem != null) {
            return problem;
        }
        Lines lines = new Lines("hello", fields.payload());
        String[] auth = lines.only("auth", 1, 1);
        String[] agent = lines.only("agent", 1, 1);
        List<String> features = new ArrayList<>();
        lines.all("feature", 1, 1).forEach(feature -> features.add(feature[0]));
        String[] resume = lines.only("resume", 4, 4);
        Map<String, Cursor> topics = new LinkedHashMap<>();
        for (String[] topic : lines.all("topic", 3, 3)) {
            lines.checked(Grammar.isTopic(topic[0]), "topic", topic[0]);
            lines.checked(Grammar.isEpoch(topic[1]), "topic", topic[1]);
            long offset = lines.number("topic", topic[2]);
            if (lines.problem() == null) {
                topics.put(topic[0], new Cursor(topic[1], offset));
            }
        }
        long seen = resume == null ? 0 : lines.number("resume", resume[2]);
        long attempt = resume == null ? 0 : lines.positive("resume", resume[3]);
        if (resume != null) {
            lines.checked(Grammar.isId(resume[0]), "resume", resume[0]);
            lines.checked(Grammar.isId(resume[1]), "resume", "…");
        }
        if (agent != null) {
            lines.checked(Hello.isAgent(agent[0]), "agent", agent[0]);
        }
        return made(
                lines.problem(),
                () -> new Hello(
                        auth == null ? null : auth[0],
                        resume == null ? null : new Resume(resume[0], resume[1], seen, attempt, topics),
                        features,
                        agent == null ? null : agent[0]));
    }
}
