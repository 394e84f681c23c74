package dev.bowline.verification.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** What is compressed: made up, always alike, and as compressible as its kind is. The order is that of 12.1 to 12.5. */
enum Sample {
    JSON(1, true),
    BITMAP(2, false),
    PROSE(3, false),
    HTML(4, true),
    DOCUMENT(5, false);

    private static final Map<Sample, byte[]> MADE = new ConcurrentHashMap<>();

    private static final int BYTES = 256 * 1024;
    private static final String[] WORDS =
            ("the of and to in is you that it he was for on are as with his they at be this have from or one had"
                            + " by word but not what all were we when your can said there use an each which she do how their if")
                    .split(" ", -1);

    private final int number;
    private final boolean text;

    Sample(int number, boolean text) {
        this.number = number;
        this.text = text;
    }

    /** The second number of its cases: 12.1 has the first. */
    int number() {
        return number;
    }

    boolean isText() {
        return text;
    }

    /** The message of that number: so many bytes, that follow those of the message before; at the end it begins anew. */
    byte[] slice(int number, int size) {
        byte[] bytes = MADE.computeIfAbsent(this, Sample::make);
        byte[] slice = new byte[size];
        int from = (int) ((long) number * size % bytes.length);
        for (int done = 0; done < size; ) {
            int count = Math.min(size - done, bytes.length - from);
            System.arraycopy(bytes, from, slice, done, count);
            done += count;
            from = 0;
        }
        return slice;
    }

    private byte[] make() {
        Random random = new Random(number);
        ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES);
        for (int i = 0; out.size() < BYTES; i++) {
            out.writeBytes(piece(i, random));
        }
        return out.toByteArray();
    }

    private byte[] piece(int number, Random random) {
        return switch (this) {
            case JSON ->
                ascii("{\"id\": " + number + ", \"name\": \"" + word(random) + "\", \"score\": "
                        + random.nextInt(1000) + ", \"tags\": [\"" + word(random) + "\", \"" + word(random)
                        + "\"], \"active\": " + random.nextBoolean() + "},\n");
            case BITMAP -> row(number, random);
            case PROSE -> ascii(word(random) + (random.nextInt(12) == 0 ? ".\n" : " "));
            case HTML ->
                ascii("<tr class=\"row" + number % 2 + "\"><td>" + word(random) + "</td><td>" + number
                        + "</td><td><a href=\"/" + word(random) + "\">" + word(random) + "</a></td></tr>\n");
            case DOCUMENT -> document(number, random);
        };
    }

    /** 512 grey pixels of a surface with some noise. */
    private static byte[] row(int number, Random random) {
        byte[] row = new byte[512];
        for (int x = 0; x < row.length; x++) {
            row[x] = (byte) (128 + 60 * Math.sin(x / 40.0) * Math.cos(number / 30.0) + random.nextInt(6));
        }
        return row;
    }

    /** A few words of structure, then what is compressed already. */
    private static byte[] document(int number, Random random) {
        byte[] stream = new byte[2000 + random.nextInt(4000)];
        random.nextBytes(stream);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii(number + " 0 obj\n<< /Length " + stream.length + " /Filter /FlateDecode >>\nstream\n"));
        out.writeBytes(stream);
        out.writeBytes(ascii("\nendstream\nendobj\n"));
        return out.toByteArray();
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
