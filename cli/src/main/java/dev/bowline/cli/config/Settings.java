package dev.bowline.cli.config;

import dev.bowline.cli.hook.EventType;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.redis.RedisOptions;
import dev.bowline.websocket.ServerOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;

/** Everything that can be set: the catalogue by which configurations are read, checked, written and documented. */
public final class Settings {
    /** Who may do something with a topic. */
    public enum Who {
        /** Whoever has a session. */
        EVERYONE,
        /** Sessions that have a user. */
        USERS,
        /** Sessions whose token names the topic. */
        TOKEN,
        NOBODY
    }

    /** What becomes of a subscriber that is too slow. */
    public enum Slow {
        KEEP,
        DROP_OLDEST
    }

    /** How a token is signed. */
    public enum Algorithm {
        HS256,
        RS256,
        ES256,
        EDDSA
    }

    /** How log lines look. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** What is logged at all. */
    public enum LogLevel {
        ERROR,
        WARNING,
        INFO,
        DEBUG
    }

    static final Section TOP = Section.top("The configuration of bowline serve.");

    // ---- server ----

    private static final Section SERVER = TOP.section("server", "Where WebSockets come in.");

    public static final Setting<String> HOST = SERVER.setting(
            "host",
            Types.HOST,
            "127.0.0.1",
            "Name or address of the interface to listen on; 0.0.0.0 or :: is every interface. On any other than a loopback address,"
                    + " origins and keys must be given.");

    public static final Setting<Integer> PORT =
            SERVER.setting("port", Types.PORT, 3000, "Port for WebSockets; 0 takes a free one.");

    public static final ListSetting<String> ORIGINS = SERVER.list(
            "origins",
            Types.of("an origin, such as https://example.com", Settings::origin),
            "Pages of these origins may open WebSockets, beside those of the server's own.");

    public static final Setting<Boolean> ANY_ORIGIN =
            SERVER.setting("anyOrigin", Types.SWITCH, false, "Every page may open WebSockets, those from a file too.");

    public static final ListSetting<String> HOSTS = SERVER.list(
            "hosts",
            Types.of("a host name or an address, without a port", Settings::hostName),
            "Names by which the server may be asked for. On a loopback address added to localhost; elsewhere every name, if none is given.");

    public static final ListSetting<String> TRUSTED_PROXIES = SERVER.list(
            "trustedProxies",
            Types.of("an address or a network, such as 127.0.0.1 or 10.0.0.0/8", Settings::network),
            "Proxies whose X-Forwarded-For says who their clients are.");

    public static final Setting<Integer> MAX_CONNECTIONS = SERVER.setting(
            "maxConnections",
            Types.count(1, Integer.MAX_VALUE),
            100_000,
            "How many connections there may be at a time; who comes beyond that gets 503.");

    public static final Setting<Integer> MAX_CONNECTIONS_PER_ADDRESS = SERVER.setting(
            "maxConnectionsPerAddress",
            Types.count(1, Integer.MAX_VALUE),
            20_000,
            "How many from one address, a proxy's too; who comes beyond that gets 429.");

    private static final Section TLS =
            SERVER.section("tls", "Speaks TLS (wss:// and https://), if there is a certificate.");

    public static final Setting<Path> TLS_CERTIFICATE = TLS.optional(
            "certificate",
            Types.FILE,
            "PEM file with the certificate, followed by those of its issuers. Read again whenever it changes.");

    public static final Setting<Path> TLS_KEY = TLS.optional(
            "key", Types.FILE, "PEM file with its private key, not encrypted. Default: the file of the certificate.");

    // ---- engine ----

    public static final Setting<EngineChoice> ENGINE = TOP.setting(
            "engine",
            EngineChoice.TYPE,
            EngineChoice.MEMORY,
            "Where sessions, topics and mailboxes are kept: memory, for this program alone; or the address of a Redis that all nodes share.");

    // ---- redis ----

    private static final Section REDIS =
            TOP.section("redis", "What holds where the engine is a Redis; the same on all nodes.");

    public static final Setting<String> REDIS_PREFIX = REDIS.setting(
            "prefix",
            Types.of("1 to 64 letters, digits, hyphens, underscores and colons", Settings::prefix),
            "bowline",
            "What all keys and channels begin with: nodes with the same one are one server. In another database than the first its number"
                    + " stands behind it.");

    public static final Setting<Duration> REDIS_TIMEOUT = REDIS.setting(
            "timeout",
            Types.time(Duration.ofMillis(10), Duration.ofMinutes(1)),
            Duration.ofSeconds(2),
            "How long a command may take.");

    public static final Setting<Duration> REDIS_LEASE = REDIS.setting(
            "lease",
            Types.time(Duration.ofSeconds(1), Duration.ofMinutes(5)),
            Duration.ofSeconds(10),
            "How long a node may be silent before the others take it for gone.");

    public static final Setting<Boolean> REDIS_KEEP_SESSIONS = REDIS.setting(
            "keepSessions",
            Types.SWITCH,
            true,
            "Whether sessions outlive a node that ends without a word, at the price of a command for each answer; if not, they move between"
                    + " nodes that live.");

    public static final Setting<Path> REDIS_TRUSTED_CERTIFICATES = REDIS.optional(
            "trustedCertificates",
            Types.FILE,
            "For rediss: PEM file with the authorities whose word is good. Default: those that Java trusts.");

    // ---- sessions ----

    private static final Section SESSIONS = TOP.section("sessions", "What holds for sessions.");

    public static final Setting<Duration> RESUME_WINDOW = SESSIONS.setting(
            "resumeWindow", Types.TIME, Duration.ofMinutes(2), "How long a session waits for its client to come back.");

    public static final Setting<Duration> HEARTBEAT_INTERVAL = SESSIONS.setting(
            "heartbeatInterval",
            Types.TIME,
            Duration.ofSeconds(20),
            "The longest silence before a client is asked whether it is there.");

    public static final Setting<Duration> HEARTBEAT_TIMEOUT = SESSIONS.setting(
            "heartbeatTimeout", Types.TIME, Duration.ofSeconds(10), "How long an answer to that may take.");

    public static final Setting<Long> MAX_MESSAGE_BYTES = SESSIONS.setting(
            "maxMessageBytes", Types.SIZE, 1L << 20, "The largest message of a client's, header included.");

    public static final Setting<Integer> MAX_SUBSCRIPTIONS = SESSIONS.setting(
            "maxSubscriptions",
            Types.count(1, 1_000_000),
            1_000,
            "How many topics and patterns a session may be subscribed to.");

    public static final Setting<Integer> MAX_SESSIONS = SESSIONS.setting(
            "maxSessions", Types.count(1, Integer.MAX_VALUE), 1_000_000, "How many sessions each event loop may have.");

    public static final Setting<Integer> RETURNS_PER_SECOND = SESSIONS.setting(
            "returnsPerSecond",
            Types.count(1, Integer.MAX_VALUE),
            1_000,
            "How many of the clients that it sends away an event loop wants to have back in a second.");

    public static final Setting<Integer> HELLOS_PER_SECOND = SESSIONS.setting(
            "hellosPerSecond",
            Types.count(1, Integer.MAX_VALUE),
            5_000,
            "How many clients may come to an event loop in a second, new or back.");

    public static final Setting<Duration> DRAIN = SESSIONS.setting(
            "drainTimeout",
            Types.TIME,
            Duration.ofSeconds(20),
            "How long clients may take to move to other nodes when this one stops, where they share a Redis.");

    // ---- topics ----

    public static final Group TOPICS = TOP.group(
            "topics",
            "What holds for the topics of a pattern; of several that cover a topic, the first. A topic that none covers is for sessions whose token names it.");

    public static final Setting<String> TOPIC_PATTERN = TOPICS.member()
            .setting(
                    "pattern",
                    Types.of("a topic or a pattern, such as chat.* or news.>", Settings::pattern),
                    ">",
                    "The topics: * stands for one segment, > for one or more at the end.");

    public static final Setting<Who> TOPIC_SUBSCRIBE =
            TOPICS.member().setting("subscribe", Types.choice(Who.class), Who.TOKEN, "Who may subscribe.");

    public static final Setting<Who> TOPIC_PUBLISH =
            TOPICS.member().setting("publish", Types.choice(Who.class), Who.TOKEN, "Who may publish, of the clients.");

    public static final Setting<Who> TOPIC_PRESENCE =
            TOPICS.member().setting("presence", Types.choice(Who.class), Who.TOKEN, "Who may see who is there.");

    public static final Setting<Boolean> TOPIC_LOG = TOPICS.member()
            .setting(
                    "log",
                    Types.SWITCH,
                    true,
                    "Whether messages are kept; if not, who is away misses them and is not told.");

    public static final Setting<Integer> TOPIC_COUNT = TOPICS.member()
            .setting("count", Types.count(1, Integer.MAX_VALUE), 1_000, "How many messages are kept at most.");

    public static final Setting<Long> TOPIC_BYTES =
            TOPICS.member().setting("bytes", Types.SIZE, 1L << 20, "How many bytes of messages are kept at most.");

    public static final Setting<Duration> TOPIC_AGE =
            TOPICS.member().setting("age", Types.TIME, Duration.ofDays(1), "How long messages are kept at most.");

    public static final Setting<Slow> TOPIC_SLOW = TOPICS.member()
            .setting(
                    "slow",
                    Types.choice(Slow.class),
                    Slow.KEEP,
                    "What becomes of a subscriber that is too slow: keep has all wait for it, and disconnects it in the end;"
                            + " drop-oldest leaves messages out, and says which.");

    public static final Setting<Integer> TOPIC_BEHIND = TOPICS.member()
            .setting(
                    "behind",
                    Types.count(1, Integer.MAX_VALUE),
                    100,
                    "With drop-oldest: how many messages a subscriber may be behind.");

    // ---- tokens ----

    private static final Section TOKENS = TOP.section("tokens", "Who clients are: JSON Web Tokens (RFC 7519).");

    public static final Setting<Boolean> ANONYMOUS = TOKENS.setting(
            "anonymous", Types.SWITCH, false, "Whether a client without a token may come in, as nobody.");

    public static final ListSetting<String> AUDIENCE =
            TOKENS.list("audience", Types.TEXT, "A token must be for one of these (aud), if any is given.");

    public static final Setting<String> ISSUER =
            TOKENS.optional("issuer", Types.TEXT, "A token must be from this one (iss).");

    public static final Setting<Duration> CLOCK_SKEW = TOKENS.setting(
            "clockSkew",
            Types.time(Duration.ofMillis(1), Duration.ofMinutes(5)),
            Duration.ofSeconds(30),
            "By how much clocks may differ.");

    public static final Setting<URI> JWKS = TOKENS.optional(
            "jwks", Types.HTTP_ADDRESS, "Where the issuer publishes its keys (RFC 7517), read again every 10 minutes.");

    public static final Group KEYS = TOKENS.group("keys", "Keys that tokens are signed with.");

    public static final Setting<String> KEY_ID = KEYS.member()
            .optional("id", Types.TEXT, "Tokens that name a key (kid) are checked with the one of that name.");

    public static final Setting<Algorithm> KEY_ALGORITHM =
            KEYS.member().setting("algorithm", Types.choice(Algorithm.class), Algorithm.HS256, "What it signs with.");

    public static final Setting<String> KEY_SECRET = KEYS.member()
            .optional("secret", Types.secret(32), "For hs256: the secret, as text of at least 32 characters.");

    public static final Setting<Path> KEY_FILE = KEYS.member()
            .optional("file", Types.FILE, "File with the secret, or for the others with the public key as PEM.");

    // ---- tickets ----

    private static final Section TICKETS =
            TOP.section("tickets", "Admission for one connection, for pages that can't keep a token.");

    public static final Setting<String> TICKET_SECRET = TICKETS.optional(
            "secret",
            Types.secret(32),
            "What tickets are signed with; the same on all nodes. Default: one of this process's own, if nodes share nothing.");

    // ---- api ----

    private static final Section API = TOP.section("api", "The HTTP API, for other programs, and the dashboard.");

    public static final Setting<Boolean> API_ENABLED =
            API.setting("enabled", Types.SWITCH, true, "Whether there is one.");

    public static final Setting<String> API_HOST =
            API.setting("host", Types.HOST, "127.0.0.1", "Name or address of the interface to listen on.");

    public static final Setting<Integer> API_PORT = API.setting("port", Types.PORT, 3001, "Port; 0 takes a free one.");

    public static final ListSetting<String> API_KEYS = API.list(
            "keys",
            Types.BEARER_KEY,
            "Whoever has one of these may use it (Authorization: Bearer …). Several, so that one can be replaced.");

    public static final Setting<Boolean> OPEN_METRICS =
            API.setting("openMetrics", Types.SWITCH, false, "Whether /metrics needs no key.");

    // ---- hooks ----

    public static final Group HOOKS = TOP.group(
            "hooks",
            "Webhooks: who is told by POST what happens here. Events are signed, and each user's come in order; what can't be delivered is tried again.");

    public static final Setting<URI> HOOK_URL =
            HOOKS.member().optional("url", Types.HTTP_ADDRESS, "Where to: https, or http on this machine.");

    public static final Setting<String> HOOK_SECRET = HOOKS.member()
            .optional(
                    "secret",
                    Types.secret(32),
                    "What events are signed with, as Standard Webhooks has it: whsec_ and the key in Base64, or any text.");

    public static final ListSetting<EventType> HOOK_EVENTS =
            HOOKS.member().list("events", Types.choice(EventType.class), "What is told.");

    public static final Setting<Duration> HOOK_TIMEOUT =
            HOOKS.member().setting("timeout", Types.TIME, Duration.ofSeconds(5), "How long an answer may take.");

    public static final Setting<Duration> HOOK_GIVE_UP_AFTER = HOOKS.member()
            .setting(
                    "giveUpAfter",
                    Types.TIME,
                    Duration.ofMinutes(10),
                    "So long after it happened an event is not tried again.");

    public static final Setting<Integer> HOOK_QUEUE = HOOKS.member()
            .setting(
                    "queue",
                    Types.count(1, 10_000_000),
                    10_000,
                    "How many events may wait to be delivered; further ones are dropped.");

    public static final Setting<Long> HOOK_QUEUE_BYTES =
            HOOKS.member().setting("queueBytes", Types.SIZE, 16L << 20, "How many bytes they may have together.");

    public static final Setting<Boolean> HOOK_PLAIN_HTTP = HOOKS.member()
            .setting(
                    "plainHttp",
                    Types.SWITCH,
                    false,
                    "Whether http may go to other machines, as in a network of your own.");

    // ---- requests ----

    public static final Group REQUESTS = TOP.group(
            "requests",
            "Who answers requests of clients: they are forwarded by POST, signed as events are, once. A name counts before patterns; of these, the first.");

    public static final Setting<String> REQUEST_NAME = REQUESTS.member()
            .setting(
                    "name",
                    Types.of("a name or a pattern of names, such as shop.order or shop.>", Settings::pattern),
                    ">",
                    "Which requests: * stands for one segment, > for one or more at the end.");

    public static final Setting<URI> REQUEST_URL =
            REQUESTS.member().optional("url", Types.HTTP_ADDRESS, "Where to: https, or http on this machine.");

    public static final Setting<String> REQUEST_SECRET =
            REQUESTS.member().optional("secret", Types.secret(32), "What they are signed with, as those of hooks.");

    public static final Setting<Duration> REQUEST_TIMEOUT = REQUESTS.member()
            .setting(
                    "timeout",
                    Types.time(Duration.ofMillis(1), Duration.ofSeconds(30)), // so long a hub waits for an answer
                    Duration.ofSeconds(10),
                    "How long an answer may take.");

    public static final Setting<Boolean> REQUEST_PLAIN_HTTP = REQUESTS.member()
            .setting(
                    "plainHttp",
                    Types.SWITCH,
                    false,
                    "Whether http may go to other machines, as in a network of your own.");

    // ---- log ----

    private static final Section LOG = TOP.section("log", "What is logged, to stderr.");

    public static final Setting<LogFormat> LOG_FORMAT = LOG.setting(
            "format", Types.choice(LogFormat.class), LogFormat.TEXT, "Lines for people, or JSON for machines.");

    public static final Setting<LogLevel> LOG_LEVEL =
            LOG.setting("level", Types.choice(LogLevel.class), LogLevel.INFO, "What is not below that.");

    public static final Setting<Boolean> LOG_CONNECTIONS = LOG.setting(
            "connections", Types.SWITCH, true, "Whether a line says that a connection or a session comes or goes.");

    // ---- demo ----

    private static final Section DEMO = TOP.section("demo", "A page to try it, and a WebSocket that echoes.");

    public static final Setting<Boolean> DEMO_ENABLED = DEMO.optional(
            "enabled",
            Types.SWITCH,
            "Whether there is a demo. It knows no tokens: whoever comes may take any name. Default: true, if nothing is said of tokens.");

    public static final Setting<String> GREETING = DEMO.setting(
            "greeting", Types.TEXT, "message", "What a plain connection is told first; empty for nothing.");

    private Settings() {}

    /** Whether anything is said of the keys of tokens. */
    static boolean hasTokens(Values values) {
        return !values.all(KEYS).isEmpty() || values.isGiven(JWKS);
    }

    /** Whether the demo is served: if that is not said, where nothing is said of tokens either. */
    public static boolean isDemo(Values values) {
        Boolean demo = values.find(DEMO_ENABLED);
        return demo == null ? !hasTokens(values) && !values.get(ANONYMOUS) : demo;
    }

    /** Whether a host is this machine only. A name that is unknown counts as one: that it can't be listened on is told later, and better. */
    public static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true;
        }
    }

    private static String origin(String text) {
        ServerOptions.builder().allowedOrigins(text);
        return text;
    }

    private static String hostName(String text) {
        ServerOptions.builder().allowedHosts(text);
        return text;
    }

    private static String network(String text) {
        ServerOptions.builder().trustedProxies(text);
        return text;
    }

    private static String prefix(String text) {
        RedisOptions.of("redis://localhost").withPrefix(text);
        return text;
    }

    private static String pattern(String text) {
        TopicPolicy.of(text);
        return text;
    }
}
