package dev.bowline.verification.interop.matrix;

import dev.bowline.testkit.Seeded;
import dev.bowline.verification.interop.Message;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A message, and what an end records that received it: known once for all cells.
 *
 * @param event with the hash of the contents
 */
record Content(Message message, String event) {
    private static final int K64 = 1 << 16;

    /** Nothing in it occurs twice, and it is longer than the windows of 9 to 11 bits. */
    static final int FAR_BYTES = 3_000;

    /** Nothing in it occurs twice, and it is shorter than any window. */
    static final int NEAR_BYTES = 200;

    /** Compresses to a fraction. */
    static final Content REPETITIVE = of(Message.text("64 KiB and 1 that repeat", repetitive(K64 + 1)));

    static final Content FAR = of(Message.binary(FAR_BYTES));
    static final Content NEAR = of(Message.binary(NEAR_BYTES));

    /** Every kind of length, and contents that compress and that do not. */
    static final List<Content> MESSAGES = List.of(
            of(Message.text("empty text", "")),
            of(Message.binary(0)),
            of(Message.text("one character", "é")),
            of(Message.binary(125)),
            of(Message.text("126 bytes", Seeded.of(126).ascii(126))),
            of(Message.text("all lengths of characters", Seeded.of(6455).text(5_000))),
            of(Message.text("64 KiB less 1", Seeded.of(7).ascii(K64 - 1))),
            of(Message.binary(K64)),
            REPETITIVE,
            of(Message.binary("zeros", new byte[K64 + 1])));

    /** As large as Bowline's default limit allows. */
    static final List<Content> LARGE = List.of(
            of(Message.binary(Message.LIMIT_BYTES)),
            of(Message.text("1 MiB, four bytes a character", "🪢".repeat(Message.LIMIT_BYTES / 4))),
            of(Message.text("1 MiB that repeat", repetitive(Message.LIMIT_BYTES))));

    /** Small messages that are much alike. */
    static final List<Content> BURST = IntStream.range(0, 100)
            .mapToObj(i -> i % 5 == 4
                    ? of(Message.binary(i))
                    : of(Message.text(
                            "{\"number\":" + i + ",\"user\":\"user-" + i % 7 + "\",\"text\":\"绳结 " + i * i + "\"}")))
            .toList();

    /** Sent in fragments. */
    static final List<Content> FRAGMENTED =
            List.of(of(Message.text("fragments that repeat", repetitive(5_000))), of(Message.binary(20_000)));

    private static Content of(Message message) {
        return new Content(message, message.event());
    }

    private static String repetitive(int bytes) {
        String text = IntStream.iterate(0, i -> i + 1)
                .limit(bytes / 20 + 1)
                .mapToObj(i -> "Bowline holds " + (1_000_000 + i) + ", ")
                .collect(Collectors.joining());
        return text.substring(0, bytes);
    }
}
