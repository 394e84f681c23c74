package dev.bowline.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Messages as people send them, generated: the same seed gives the same bytes. */
public final class Corpus {
    /** A sort of content. */
    public enum Kind {
        JSON,
        PROSE,
        LOG,
        RECORDS,
        HTML
    }

    /** The sizes of the messages, in bytes. */
    private static final int[] SIZES = {100, 300, 1024, 4096, 16 * 1024, 64 * 1024};

    private static final String[] WORDS =
            ("the of and to a in that it is was i for on you he be with as by at have are this"
                            + " not but had his they from she which or we an there her were one do been all their has would will"
                            + " what if can when so no said who more about up them some could him into its then two out time my"
                            + " only people now very just how see many may made first any know over such way see good through"
                            + " market window harbour rope tension anchor weather captain yellow evening letter window carpenter"
                            + " distance remember harvest mountain understood nevertheless particular government electricity")
                    .split(" ");
    private static final String[] NAMES = {
        "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "mallory", "niaj", "olivia",
        "peggy", "rupert", "sybil", "trent", "victor", "walter", "zoë", "Jürgen", "Łukasz", "小明"
    };
    private static final String[] CITIES = {"Bremen", "Oslo", "Lisbon", "Kyoto", "Quito", "Nairobi", "Perth", "Galway"};

    private Corpus() {}

    /** A message of exactly so many bytes; cut within a code point where need be. */
    public static byte[] message(Kind kind, int size, long seed) {
        Seeded random = Seeded.of(seed * 31 + kind.name().hashCode());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size + 512);
        while (bytes.size() < size) {
            bytes.writeBytes(
                    switch (kind) {
                        case JSON -> utf8(bytes.size() == 0 ? "[" + json(random) : "," + json(random));
                        case PROSE -> utf8(sentence(random));
                        case LOG -> utf8(logLine(random));
                        case RECORDS -> record(random);
                        case HTML -> utf8(html(random));
                    });
        }
        return Arrays.copyOf(bytes.toByteArray(), size);
    }

    /** Every kind in every size, several of each; about a megabyte and a half. */
    public static List<byte[]> all() {
        List<byte[]> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int size : SIZES) {
                for (int i = 0; i < 3; i++) {
                    all.add(message(kind, size, size + i));
                }
            }
        }
        return all;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String json(Seeded random) {
        return switch (random.intBetween(0, 3)) {
            case 0 ->
                String.format(
                        Locale.ROOT,
                        "{\"id\":%d,\"user\":\"%s\",\"city\":\"%s\",\"active\":%b,\"score\":%.3f,\"tags\":[\"%s\",\"%s\"]}",
                        random.intBetween(1, 999_999),
                        random.oneOf(NAMES),
                        random.oneOf(CITIES),
                        random.nextBoolean(),
                        random.nextDouble() * 100,
                        random.oneOf(WORDS),
                        random.oneOf(WORDS));
            case 1 ->
                String.format(
                        Locale.ROOT,
                        "{\"type\":\"quote\",\"symbol\":\"%s\",\"bid\":%.2f,\"ask\":%.2f,\"volume\":%d,\"time\":\"2026-0%d-%02dT%02d:%02d:%02d.%03dZ\"}",
                        random.oneOf("AAPL", "MSFT", "SIE.DE", "NOVO-B", "7203.T", "BHP"),
                        random.nextDouble() * 500,
                        random.nextDouble() * 500,
                        random.intBetween(1, 100_000) * 10,
                        random.intBetween(1, 9),
                        random.intBetween(1, 28),
                        random.intBetween(0, 23),
                        random.intBetween(0, 59),
                        random.intBetween(0, 59),
                        random.intBetween(0, 999));
            case 2 ->
                String.format(
                        Locale.ROOT,
                        "{\"type\":\"chat\",\"room\":\"%s\",\"from\":\"%s\",\"uuid\":\"%016x\",\"text\":\"%s\"}",
                        random.oneOf(CITIES),
                        random.oneOf(NAMES),
                        random.nextLong(),
                        sentence(random).trim());
            default ->
                String.format(
                        Locale.ROOT,
                        "{\"type\":\"position\",\"lat\":%.6f,\"lon\":%.6f,\"speed\":%d,\"heading\":%d,\"vessel\":{\"mmsi\":%d,\"name\":\"%s\",\"flag\":null}}",
                        random.nextDouble() * 180 - 90,
                        random.nextDouble() * 360 - 180,
                        random.intBetween(0, 30),
                        random.intBetween(0, 359),
                        random.intBetween(200_000_000, 299_999_999),
                        random.oneOf(CITIES).toUpperCase(Locale.ROOT));
        };
    }

    private static String sentence(Seeded random) {
        StringBuilder text = new StringBuilder();
        int words = random.intBetween(4, 18);
        for (int i = 0; i < words; i++) {
            // Rare words are rare: the lower of two draws.
            int word = Math.min(random.intBetween(0, WORDS.length - 1), random.intBetween(0, WORDS.length - 1));
            text.append(i == 0 ? "" : random.chance(8) ? ", " : " ").append(WORDS[word]);
        }
        text.setCharAt(0, Character.toUpperCase(text.charAt(0)));
        return text.append(random.chance(20) ? "?\n" : ". ").toString();
    }

    private static String logLine(Seeded random) {
        return String.format(
                Locale.ROOT,
                "2026-03-%02d %02d:%02d:%02d,%03d %s [worker-%d] o.e.%s.%sHandler - %s id=%08x status=%d took=%dms\n",
                random.intBetween(1, 31),
                random.intBetween(0, 23),
                random.intBetween(0, 59),
                random.intBetween(0, 59),
                random.intBetween(0, 999),
                random.oneOf("INFO ", "INFO ", "INFO ", "WARN ", "ERROR", "DEBUG"),
                random.intBetween(1, 16),
                random.oneOf("http", "db", "queue", "auth"),
                random.oneOf("Request", "Session", "Batch", "Login"),
                random.oneOf("request completed", "connection reset by peer", "cache miss", "retrying after failure"),
                random.nextInt(),
                random.oneOf(200, 200, 200, 204, 301, 404, 500),
                random.intBetween(0, 3000));
    }

    private static byte[] record(Seeded random) {
        return ByteBuffer.allocate(32)
                .putShort((short) 0x4257)
                .putShort((short) random.intBetween(1, 4))
                .putInt(random.intBetween(0, 5000))
                .putLong(1_780_000_000_000L + random.intBetween(0, 1_000_000))
                .putFloat(random.intBetween(0, 1000) / 8f)
                .putInt(random.oneOf(0, 1, 1, 7, random.nextInt()))
                .putLong(0)
                .array();
    }

    private static String html(Seeded random) {
        return switch (random.intBetween(0, 2)) {
            case 0 ->
                "<li class=\"item item-" + random.oneOf("new", "read", "muted") + "\" data-id=\""
                        + random.intBetween(1, 99_999) + "\"><a href=\"/users/" + random.oneOf(NAMES) + "/posts/"
                        + random.intBetween(1, 9999) + "\">" + sentence(random).trim() + "</a></li>\n";
            case 1 ->
                "  <p class=\"text\">" + sentence(random) + "<strong>" + random.oneOf(WORDS) + "</strong> "
                        + sentence(random).trim() + "</p>\n";
            default ->
                "<div style=\"left: " + random.intBetween(0, 1920) + "px; top: " + random.intBetween(0, 1080)
                        + "px\"><span>" + random.oneOf(CITIES) + "</span></div>\n";
        };
    }
}
