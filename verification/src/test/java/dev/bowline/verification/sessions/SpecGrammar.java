package dev.bowline.verification.sessions;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a server may say at all (section 2): every message that comes is held to it. */
final class SpecGrammar {
    static final String NUMBER = "(?:0|[1-9][0-9]{0,15})";
    static final String POSITIVE = "[1-9][0-9]{0,15}";
    static final String CODE = "[A-Za-z0-9.-]{1,64}";
    static final String EPOCH = "[A-Za-z0-9_-]{1,32}";
    static final String USER = "[!-~]{1,255}";
    static final String BASE64URL = "[A-Za-z0-9_-]{1,128}";

    private static final String SEGMENT = "[A-Za-z0-9_~:@%$-]+";
    private static final String TOPIC = "(?=[^ ]{1,255}(?: |$))" + SEGMENT + "(?:\\." + SEGMENT + ")*";
    private static final String PATTERN =
            "(?:(?:" + SEGMENT + "|\\*)\\.)*(?:" + SEGMENT + "|\\*|>)"; // a topic is one too

    private static final Map<String, Pattern> HEADERS = Map.ofEntries(
            header("welcome", ""),
            header("ok", " " + POSITIVE + " " + POSITIVE),
            header("err", " " + POSITIVE + " " + POSITIVE + " " + CODE),
            header("res", " " + POSITIVE + " " + POSITIVE),
            header("part", " " + POSITIVE + " " + POSITIVE),
            header("end", " " + POSITIVE + " " + POSITIVE),
            header("msg", " " + POSITIVE + " " + TOPIC),
            header("at", " " + TOPIC + " " + EPOCH + " " + NUMBER),
            header("pub", " " + TOPIC + " (?:-|" + POSITIVE + ")"),
            header("gap", " " + TOPIC + " " + POSITIVE + " " + POSITIVE + " " + CODE),
            header("reset", " " + TOPIC + " " + EPOCH + " " + NUMBER + " " + CODE),
            header("out", " " + POSITIVE + " " + PATTERN + " " + CODE),
            header("here", " " + TOPIC),
            header("join", " " + TOPIC + " " + USER),
            header("leave", " " + TOPIC + " " + USER),
            header("expiring", " " + NUMBER),
            header("retry", " " + NUMBER),
            header("ping", ""),
            header("pong", ""));

    private static final Set<String> ANY_PAYLOAD = Set.of("res", "part", "msg", "pub");
    private static final Set<String> TEXT_PAYLOAD = Set.of("welcome", "err", "here");

    private SpecGrammar() {}

    private static Map.Entry<String, Pattern> header(String verb, String fields) {
        return Map.entry(verb, Pattern.compile(verb + fields));
    }

    /** Fails for what no server may send. */
    static void check(SpecMessage message) {
        if (message.headerBytes() > 1024) {
            throw new AssertionError("a header of " + message.headerBytes() + " bytes: " + message);
        }
        Pattern form = HEADERS.get(message.verb());
        if (form == null) {
            throw new AssertionError("not a verb of a server: " + message);
        }
        if (!form.matcher(message.header()).matches()) {
            throw new AssertionError("not within the grammar: " + message);
        }
        if (message.payload().length > 0
                && !ANY_PAYLOAD.contains(message.verb())
                && !TEXT_PAYLOAD.contains(message.verb())) {
            throw new AssertionError("has no payload: " + message);
        }
        if (message.isBinary() && (!message.hasLineFeed() || !ANY_PAYLOAD.contains(message.verb()))) {
            throw new AssertionError("is a text message: " + message);
        }
    }
}
