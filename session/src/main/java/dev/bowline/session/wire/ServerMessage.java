package dev.bowline.session.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a server sends ({@code bowline-v1.md}, section 2). Immutable; the constructors refuse what may not stand on the wire. */
public sealed interface ServerMessage
        permits ServerMessage.Welcome,
                ServerMessage.Direct,
                ServerMessage.At,
                ServerMessage.TopicMessage,
                ServerMessage.Gap,
                ServerMessage.Reset,
                ServerMessage.Here,
                ServerMessage.Join,
                ServerMessage.Leave,
                ServerMessage.Expiring,
                ServerMessage.Retry,
                ServerMessage.Ping,
                ServerMessage.Pong,
                Malformed {
    /** As it stands in a WebSocket message. */
    Payload toWire();

    /** A message of the session's direct log: numbered, kept until it is acknowledged (section 5). */
    sealed interface Direct extends ServerMessage {
        /** Its number in the session, from 1. */
        long n();
    }

    /** The direct messages that answer a command. */
    sealed interface Answer extends Direct {
        /** The command's number. */
        long seq();
    }

    /**
     * What one may do in a session, and when.
     *
     * @param windowMillis how long the session is kept without a connection
     * @param pingMillis how long the server is silent at most
     * @param graceMillis how long to wait for a sign of life beyond that
     * @param maxMessageBytes the largest message that the server takes, header included
     * @param maxPending how many commands may be without a result
     * @param maxPendingBytes how many bytes of commands may be
     */
    record Terms(
            long windowMillis,
            long pingMillis,
            long graceMillis,
            long maxMessageBytes,
            long maxPending,
            long maxPendingBytes) {
        public Terms {
            Grammar.requireNumber("windowMillis", windowMillis, 0);
            Grammar.requireNumber("pingMillis", pingMillis, 1);
            Grammar.requireNumber("graceMillis", graceMillis, 1);
            Grammar.requireNumber("maxMessageBytes", maxMessageBytes, 1);
            Grammar.requireNumber("maxPending", maxPending, 1);
            Grammar.requireNumber("maxPendingBytes", maxPendingBytes, 1);
        }
    }

    /** Whether the session that the client named goes on (section 3.2). */
    sealed interface Outcome {
        /**
         * It does.
         *
         * @param handled the highest number of a command that was handled; 0 for none
         */
        record Resumed(long handled) implements Outcome {
            public Resumed {
                Grammar.requireNumber("handled", handled, 0);
            }
        }

        /**
         * The session is new.
         *
         * @param reason why, where the client named one; null where it did not
         */
        record Fresh(@Nullable String reason) implements Outcome {
            public Fresh {
                if (reason != null) {
                    Grammar.requireCode(reason);
                }
            }
        }
    }

    /**
     * The answer to the first message.
     *
     * @param session the session's id
     * @param token its secret
     * @param user null for none
     */
    record Welcome(
            String session, String token, @Nullable String user, Outcome outcome, Terms terms, List<String> features)
            implements ServerMessage {
        public Welcome {
            Grammar.requireId("session", session);
            Grammar.require(Grammar.isId(token), "token", "…", "1 to 128 letters, digits, hyphens and underscores");
            if (user != null) {
                Grammar.requireUser(user);
            }
            features = List.copyOf(features);
            features.forEach(feature -> Grammar.require(Grammar.isField(feature), "feature", feature, "visible ASCII"));
        }

        @Override
        public Payload toWire() {
            Lines.Writer lines = new Lines.Writer().line("session", session, token);
            if (user != null) {
                lines.line("user", user);
            }
            if (outcome instanceof Outcome.Resumed resumed) {
                lines.line("resumed", resumed.handled);
            } else if (outcome instanceof Outcome.Fresh fresh) {
                if (fresh.reason == null) {
                    lines.line("new");
                } else {
                    lines.line("new", fresh.reason);
                }
            }
            lines.line("window", terms.windowMillis)
                    .line("ping", terms.pingMillis)
                    .line("grace", terms.graceMillis)
                    .line("max-message", terms.maxMessageBytes)
                    .line("max-pending", terms.maxPending, terms.maxPendingBytes);
            features.forEach(feature -> lines.line("feature", feature));
            return new HeaderWriter("welcome").with(lines.payload());
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Welcome[" + session + " " + user + " " + outcome + " " + terms + " " + features + "]";
        }
    }

    /** The command was handled. */
    record Ok(long n, long seq) implements Answer {
        public Ok {
            requireNumbers(n, seq);
        }

        @Override
        public Payload toWire() {
            return header("ok", n, seq).alone();
        }
    }

    /**
     * The command was refused, or failed.
     *
     * @param code for programs
     * @param text for people
     */
    record Err(long n, long seq, String code, Payload text) implements Answer {
        public Err {
            requireNumbers(n, seq);
            Grammar.requireCode(code);
        }

        @Override
        public Payload toWire() {
            return header("err", n, seq).field(code).with(text);
        }
    }

    /** The answer to a request. */
    record Response(long n, long seq, Payload payload) implements Answer {
        public Response {
            requireNumbers(n, seq);
        }

        @Override
        public Payload toWire() {
            return header("res", n, seq).with(payload);
        }
    }

    /** One part of a stream. */
    record Part(long n, long seq, Payload payload) implements Answer {
        public Part {
            requireNumbers(n, seq);
        }

        @Override
        public Payload toWire() {
            return header("part", n, seq).with(payload);
        }
    }

    /** A stream is complete. */
    record End(long n, long seq) implements Answer {
        public End {
            requireNumbers(n, seq);
        }

        @Override
        public Payload toWire() {
            return header("end", n, seq).alone();
        }
    }

    /** A message of the application's to this session. */
    record DirectMessage(long n, String name, Payload payload) implements Direct {
        public DirectMessage {
            Grammar.requireNumber("n", n, 1);
            Grammar.requireTopic("name", name);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("msg").field(n).field(name).with(payload);
        }
    }

    /** The next message of this topic follows this cursor (section 6.2). */
    record At(String topic, Cursor cursor) implements ServerMessage {
        public At {
            Grammar.requireTopic("topic", topic);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("at")
                    .field(topic)
                    .field(cursor.epoch())
                    .field(cursor.offset())
                    .alone();
        }
    }

    /**
     * A message of a topic.
     *
     * @param offset from 1; 0 where the topic keeps no log
     */
    record TopicMessage(String topic, long offset, Payload payload) implements ServerMessage {
        /** The offset of a message of a topic without a log. */
        public static final long NO_LOG = 0;

        public TopicMessage {
            Grammar.requireTopic("topic", topic);
            Grammar.requireNumber("offset", offset, NO_LOG);
        }

        @Override
        public Payload toWire() {
            HeaderWriter header = new HeaderWriter("pub").field(topic);
            return (offset == NO_LOG ? header.field("-") : header.field(offset)).with(payload);
        }
    }

    /**
     * Messages of a topic that will not come.
     *
     * @param from the first offset
     * @param to the last one
     * @param code why
     */
    record Gap(String topic, long from, long to, String code) implements ServerMessage {
        public Gap {
            Grammar.requireTopic("topic", topic);
            Grammar.requireNumber("from", from, 1);
            Grammar.requireNumber("to", to, from);
            Grammar.requireCode(code);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("gap")
                    .field(topic)
                    .field(from)
                    .field(to)
                    .field(code)
                    .alone();
        }
    }

    /** The topic goes on in another epoch, behind this cursor. */
    record Reset(String topic, Cursor cursor, String code) implements ServerMessage {
        public Reset {
            Grammar.requireTopic("topic", topic);
            Grammar.requireCode(code);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("reset")
                    .field(topic)
                    .field(cursor.epoch())
                    .field(cursor.offset())
                    .field(code)
                    .alone();
        }
    }

    /** The server has ended a subscription. */
    record Out(long n, String pattern, String code) implements Direct {
        public Out {
            Grammar.requireNumber("n", n, 1);
            Grammar.requirePattern(pattern);
            Grammar.requireCode(code);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("out").field(n).field(pattern).field(code).alone();
        }
    }

    /** Who is there. */
    record Here(String topic, List<String> users) implements ServerMessage {
        public Here {
            Grammar.requireTopic("topic", topic);
            users = List.copyOf(users);
            users.forEach(Grammar::requireUser);
        }

        @Override
        public Payload toWire() {
            Lines.Writer lines = new Lines.Writer();
            users.forEach(user -> lines.line("user", user));
            return new HeaderWriter("here").field(topic).with(lines.payload());
        }
    }

    /** A user came. */
    record Join(String topic, String user) implements ServerMessage {
        public Join {
            Grammar.requireTopic("topic", topic);
            Grammar.requireUser(user);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("join").field(topic).field(user).alone();
        }
    }

    /** A user is gone. */
    record Leave(String topic, String user) implements ServerMessage {
        public Leave {
            Grammar.requireTopic("topic", topic);
            Grammar.requireUser(user);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("leave").field(topic).field(user).alone();
        }
    }

    /** The authentication ends in so long (section 9). */
    record Expiring(long millis) implements ServerMessage {
        public Expiring {
            Grammar.requireNumber("millis", millis, 0);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("expiring").field(millis).alone();
        }
    }

    /** How long to wait before the next connection (section 8.3). */
    record Retry(long millis) implements ServerMessage {
        public Retry {
            Grammar.requireNumber("millis", millis, 0);
        }

        @Override
        public Payload toWire() {
            return new HeaderWriter("retry").field(millis).alone();
        }
    }

    /** Asks for a sign of life. */
    record Ping() implements ServerMessage {
        @Override
        public Payload toWire() {
            return new HeaderWriter("ping").alone();
        }
    }

    /** A sign of life that was asked for. */
    record Pong() implements ServerMessage {
        @Override
        public Payload toWire() {
            return new HeaderWriter("pong").alone();
        }
    }

    private static void requireNumbers(long n, long seq) {
        Grammar.requireNumber("n", n, 1);
        Grammar.requireNumber("seq", seq, 1);
    }

    private static HeaderWriter header(String verb, long n, long seq) {
        return new HeaderWriter(verb).field(n).field(seq);
    }

    /** Takes a message apart; {@link Malformed} if it is none of a server's. Never throws for what it is given. */
    static ServerMessage parse(Payload message) {
        Fields fields = Fields.of(message);
        return switch (fields.verb()) {
            case "welcome" -> welcome(fields);
            case "ok", "err", "res", "part", "end" -> answer(fields);
            case "msg" -> {
                long n = fields.counted("the number");
                String name = fields.topic("the name");
                yield made(fields.problem(), () -> new DirectMessage(n, name, fields.payload()));
            }
            case "out" -> {
                long n = fields.counted("the number");
                String pattern = fields.pattern();
                String code = fields.code();
                yield made(fields.problemOrPayload(), () -> new Out(n, pattern, code));
            }
            case "at", "pub", "gap", "reset" -> topic(fields);
            case "here", "join", "leave" -> presence(fields);
            case "expiring" -> {
                long millis = fields.number("the time", 0);
                yield made(fields.problemOrPayload(), () -> new Expiring(millis));
            }
            case "retry" -> {
                long millis = fields.number("the time", 0);
                yield made(fields.problemOrPayload(), () -> new Retry(millis));
            }
            case "ping" -> made(fields.problemOrPayload(), Ping::new);
            case "pong" -> made(fields.problemOrPayload(), Pong::new);
            default -> {
                Malformed problem = fields.brokenHeader();
                yield problem != null ? problem : Malformed.verb(fields.verb(), "server");
            }
        };
    }

    private static ServerMessage made(@Nullable Malformed problem, Supplier<? extends ServerMessage> message) {
        return problem == null ? message.get() : problem;
    }

    private static ServerMessage answer(Fields fields) {
        long n = fields.counted("the number");
        long seq = fields.counted("the command's number");
        return switch (fields.verb()) {
            case "ok" -> made(fields.problemOrPayload(), () -> new Ok(n, seq));
            case "err" -> {
                String code = fields.code();
                yield made(fields.problem(), () -> new Err(n, seq, code, fields.payload()));
            }
            case "res" -> made(fields.problem(), () -> new Response(n, seq, fields.payload()));
            case "part" -> made(fields.problem(), () -> new Part(n, seq, fields.payload()));
            default -> made(fields.problemOrPayload(), () -> new End(n, seq));
        };
    }

    private static ServerMessage topic(Fields fields) {
        String topic = fields.topic("the topic");
        switch (fields.verb()) {
            case "pub" -> {
                long offset = fields.takes("-") ? TopicMessage.NO_LOG : fields.counted("the offset");
                return made(fields.problem(), () -> new TopicMessage(topic, offset, fields.payload()));
            }
            case "gap" -> {
                long from = fields.counted("the first offset");
                long to = fields.number("the last offset", from);
                String code = fields.code();
                return made(fields.problemOrPayload(), () -> new Gap(topic, from, to, code));
            }
            case "at" -> {
                String epoch = fields.epoch();
                long offset = fields.number("the offset", 0);
                return made(fields.problemOrPayload(), () -> new At(topic, new Cursor(epoch, offset)));
            }
            default -> {
                String epoch = fields.epoch();
                long offset = fields.number("the offset", 0);
                String code = fields.code();
                return made(fields.problemOrPayload(), () -> new Reset(topic, new Cursor(epoch, offset), code));
            }
        }
    }

    private static ServerMessage presence(Fields fields) {
        String topic = fields.topic("the topic");
        switch (fields.verb()) {
            case "join" -> {
                String user = fields.user();
                return made(fields.problemOrPayload(), () -> new Join(topic, user));
            }
            case "leave" -> {
                String user = fields.user();
                return made(fields.problemOrPayload(), () -> new Leave(topic, user));
            }
            default -> {
                Malformed problem = fields.problem();
                if (problem != null) {
                    return problem;
                }
                Lines lines = new Lines("here", fields.payload());
                List<String> users = new ArrayList<>();
                for (String[] user : lines.all("user", 1, 1)) {
                    users.add(lines.checked(Grammar.isUser(user[0]), "user", user[0]));
                }
                return made(lines.problem(), () -> new Here(topic, users));
            }
        }
    }

    private static ServerMessage welcome(Fields fields) {
        Malformed problem = fields.problem();
        if (problem != null) {
            return problem;
        }
        Lines lines = new Lines("welcome", fields.payload());
        String[] session = lines.required("session", 2);
        lines.checked(Grammar.isId(session[0]), "session", session[0]);
        lines.checked(Grammar.isId(session[1]), "session", "…");
        String[] user = lines.only("user", 1, 1);
        if (user != null) {
            lines.checked(Grammar.isUser(user[0]), "user", user[0]);
        }
        Outcome outcome = outcome(lines);
        String[] pending = lines.required("max-pending", 2);
        long[] terms = {
            lines.number("window", lines.required("window", 1)[0]),
            lines.positive("ping", lines.required("ping", 1)[0]),
            lines.positive("grace", lines.required("grace", 1)[0]),
            lines.positive("max-message", lines.required("max-message", 1)[0]),
            lines.positive("max-pending", pending[0]),
            lines.positive("max-pending", pending[1])
        };
        List<String> features = new ArrayList<>();
        lines.all("feature", 1, 1).forEach(feature -> features.add(feature[0]));
        return made(
                lines.problem(),
                () -> new Welcome(
                        session[0],
                        session[1],
                        user == null ? null : user[0],
                        outcome,
                        new Terms(terms[0], terms[1], terms[2], terms[3], terms[4], terms[5]),
                        features));
    }

    private static Outcome outcome(Lines lines) {
        String[] resumed = lines.only("resumed", 1, 1);
        String[] fresh = lines.only("new", 0, 1);
        if ((resumed == null) == (fresh == null)) {
            lines.wrong("one of the lines \"resumed\" and \"new\" must be there, and not both");
        }
        if (resumed != null) {
            return new Outcome.Resumed(lines.number("resumed", resumed[0]));
        }
        if (fresh == null || fresh.length == 0) {
            return new Outcome.Fresh(null);
        }
        boolean code = Grammar.isCode(fresh[0]);
        lines.checked(code, "new", fresh[0]);
        return new Outcome.Fresh(code ? fresh[0] : null);
    }
}
