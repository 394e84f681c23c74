package dev.bowline.verification.soak;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The messages: each is made from a few numbers, so that whoever knows these can tell whether it came whole and
 * unchanged. It begins with a letter, a name and a number, as {@code E17.3.}, and goes on with what only the numbers know.
 *
 * <ul>
 *   <li>{@code E}, of a client, to be echoed: {@code E<life>.<sequence>.}; from a client that returns it is {@code R}
 *   <li>{@code C}, of a client: a command, see {@link Command}
 *   <li>{@code B}, of the server to all: {@code B0.<number>.}
 *   <li>{@code U}, of the server to a user: {@code U<user>.<number>.}
 * </ul>
 */
final class Content {
    /** Texts of one to four bytes in UTF-8, and one that repeats. */
    private static final byte[][] SYLLABLES = {
        bytes("bow"), bytes("line "), bytes("é"), bytes("結"), bytes("び目"), bytes("🪢"), bytes("{\"knot\":\"bowline\"}")
    };

    private Content() {}

    /**
     * Makes a message of about so many bytes, but for an empty one, which is empty.
     *
     * @param text whether it must be UTF-8
     */
    static byte[] of(char kind, long name, long number, boolean text, int size) {
        if (size == 0) {
            return new byte[0];
        }
        byte[] head = bytes(kind + Long.toString(name) + '.' + number + '.');
        SplittableRandom random = new SplittableRandom(name * 31 + number);
        if (text || random.nextBoolean()) {
            ByteBuffer body =
                    ByteBuffer.allocate(Math.max(size, head.length) + 32).put(head);
            while (body.position() < size) {
                body.put(SYLLABLES[random.nextInt(SYLLABLES.length)]);
            }
            byte[] message = new byte[body.position()];
            body.flip().get(message);
            return message;
        }
        byte[] message = new byte[Math.max(size, head.length)];
        random.nextBytes(message); // does not compress
        System.arraycopy(head, 0, message, 0, head.length);
        return message;
    }

    /** A broadcast; its size and type follow from its number. */
    static byte[] broadcast(long number) {
        return of('B', 0, number, isText(number), (int) (number * 37 % 2_000) + 1);
    }

    /** A message to a user; its size and type follow from its number. */
    static byte[] toUser(long user, long number) {
        return of('U', user, number, isText(number), (int) (number * 53 % 500) + 1);
    }

    static boolean isText(long number) {
        return number % 2 == 0;
    }

    /** The letter that it begins with; zero where it is empty. */
    static char kind(ByteBuffer message) {
        return message.hasRemaining() ? (char) message.get(message.position()) : 0;
    }

    /** The name; -1 where there is none. */
    static long name(ByteBuffer message) {
        return number(message, message.position() + 1);
    }

    /** The number; -1 where there is none. */
    static long number(ByteBuffer message) {
        int at = message.position() + 1;
        while (at < message.limit() && message.get(at) != '.') {
            at++;
        }
        return number(message, at + 1);
    }

    private static long number(ByteBuffer message, int from) {
        long value = 0;
        for (int at = from; at < message.limit(); at++) {
            int digit = message.get(at) - '0';
            if (digit < 0 || digit > 9) {
                return message.get(at) == '.' && at > from ? value : -1;
            }
            value = value * 10 + digit;
        }
        return -1;
    }

    /** The beginning of a message, for people. */
    static String describe(ByteBuffer message) {
        byte[] first = new byte[Math.min(40, message.remaining())];
        message.duplicate().get(first);
        return message.remaining() + " bytes \"" + new String(first, StandardCharsets.ISO_8859_1) + "\"";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
