package dev.bowline.verification.conformance;

import dev.bowline.testkit.RawFrame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** 6: text is UTF-8 (RFC 6455 §8.1, RFC 3629), and what is not is refused with 1007, at once. */
final class Utf8Cases {
    private static final byte[] GREEK = hex("cebae1bdb9cf83cebcceb5");
    private static final byte[] NON_ASCII = "Hello-µ@ßöäüàá-UTF-8!!".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ASCII = hex("656469746564");
    private static final int INVALID = 1007;

    /** Texts from 6.5 on: each line is a group, each word a case. */
    private static final String[] TEXTS = {
        // ordinary text
        "68656c6c6f24776f726c64 68656c6c6fc2a2776f726c64 68656c6c6fe282ac776f726c64 68656c6c6ff0a4ada2776f726c64"
                + " cebae1bdb9cf83cebcceb5",
        // a word and all its beginnings
        prefixes(HexFormat.of().formatHex(GREEK)),
        // the smallest code point of each length, then of the lengths that are none
        "00 c280 e0a080 f0908080",
        "f888808080 fc8480808080",
        // the largest ones
        "7f dfbf efbfbf f48fbfbf",
        "f7bfbfbf fbbfbfbfbf fdbfbfbfbfbf",
        // around the surrogates, and at the end of Unicode
        "ed9fbf ee8080 efbfbd f48fbfbf f4908080",
        // continuations of nothing
        "80 bf 80bf 80bf80 80bf80bf 80bf80bf80 80bf80bf80bf " + range(0x80, 0xBE, ""),
        // leading octets with nothing behind them
        String.join(
                " ",
                range(0xC0, 0xDE, "20"),
                range(0xE0, 0xEE, "20"),
                range(0xF0, 0xF6, "20"),
                range(0xF8, 0xFA, "20"),
                range(0xFC, 0xFC, "20")),
        // the last continuation is missing
        "c0 e080 f08080 f8808080 fc80808080 df efbf f7bfbf fbbfbfbf fdbfbfbfbf",
        "c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf",
        // octets that never occur
        "fe ff fefeffff",
        // longer than need be: a slash, the largest such forms, NUL
        "c0af e080af f08080af f8808080af fc80808080af",
        "c1bf e09fbf f08fbfbf f887bfbfbf fc83bfbfbfbf",
        "c080 e08080 f0808080 f880808080 fc8080808080",
        // surrogates, single and in pairs
        "eda080 edadbf edae80 edafbf edb080 edbe80 edbfbf",
        "eda080edb080 eda080edbfbf edadbfedb080 edadbfedbfbf edae80edb080 edae80edbfbf edafbfedb080 edafbfedbfbf",
        // code points that are no characters are good text nevertheless
        nonCharacters(),
        "efbfb9 efbfba efbfbb efbfbc efbfbd efbfbe efbfbf"
    };

    private Utf8Cases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>(goodText());
        cases.addAll(badInside());
        for (int group = 0; group < TEXTS.length; group++) {
            String[] words = TEXTS[group].split(" ", -1);
            for (int i = 0; i < words.length; i++) {
                cases.add(whole("6." + (group + 5) + "." + (i + 1), hex(words[i])));
            }
        }
        return cases;
    }

    /** The text of a case from 6.5 on, in hex. */
    static String textOf(String id) {
        String[] numbers = id.split("\\.", -1);
        return TEXTS[Integer.parseInt(numbers[1]) - 5].split(" ", -1)[Integer.parseInt(numbers[2]) - 1];
    }

    private static List<Case> goodText() {
        return List.of(
                echoed("6.1.1", RawFrame.text("")),
                echoed("6.1.2", Fragments.text(hex(""), hex(""), hex(""))),
                echoed(
                        "6.1.3",
                        Fragments.text(
                                hex(""), RawFrame.text("middle frame payload").payload(), hex(""))),
                echoed("6.2.1", RawFrame.of(RawFrame.TEXT, NON_ASCII)),
                echoed(
                        "6.2.2",
                        Fragments.text(
                                Arrays.copyOf(NON_ASCII, 12), Arrays.copyOfRange(NON_ASCII, 12, NON_ASCII.length))),
                echoed("6.2.3", Fragments.of(RawFrame.TEXT, NON_ASCII, 1)),
                echoed("6.2.4", Fragments.of(RawFrame.TEXT, GREEK, 1)));
    }

    private static Case echoed(String id, RawFrame... frames) {
        byte[] content = concat(Arrays.stream(frames).map(RawFrame::payload).toArray(byte[][]::new));
        return Case.of(id, fuzzer -> fuzzer.expect(RawFrame.of(RawFrame.TEXT, content))
                .send(frames)
                .close());
    }

    private static List<Case> badInside() {
        byte[] surrogate = concat(GREEK, hex("eda080"), ASCII);
        byte[][] beyond = {GREEK, hex("f4908080"), ASCII};
        byte[][] beyondByOneOctet = {concat(GREEK, hex("f4")), hex("90"), concat(hex("8080"), ASCII)};
        return List.of(
                whole("6.3.1", surrogate),
                Case.of("6.3.2", fuzzer -> fuzzer.send(Fragments.of(RawFrame.TEXT, surrogate, 1))
                        .peerFails(INVALID)),
                failFast("6.4.1", true, beyond),
                failFast("6.4.2", true, beyondByOneOctet),
                failFast("6.4.3", false, beyond),
                failFast("6.4.4", false, beyondByOneOctet));
    }

    /** Three parts, of which the second is bad: it must be refused before the third one is sent. */
    private static Case failFast(String id, boolean frameForEach, byte[]... parts) {
        return Case.of(id, fuzzer -> {
            byte[][] bytes = frameForEach
                    ? Arrays.stream(Fragments.text(parts)).map(fuzzer::bytes).toArray(byte[][]::new)
                    : cut(fuzzer.bytes(RawFrame.of(RawFrame.TEXT, concat(parts))), parts);
            fuzzer.sendBytes(bytes[0], bytes[0].length)
                    .pause()
                    .stillOpen("behind a good part")
                    .sendBytes(bytes[1], bytes[1].length);
            if (!fuzzer.refusedAtOnce()) {
                fuzzer.sendBytes(bytes[2], bytes[2].length);
            }
            fuzzer.peerFails(INVALID);
        });
    }

    /** One frame in three writes, the first one with the header. */
    private static byte[][] cut(byte[] frame, byte[]... parts) {
        int third = frame.length - parts[2].length;
        int second = third - parts[1].length;
        return new byte[][] {
            Arrays.copyOf(frame, second),
            Arrays.copyOfRange(frame, second, third),
            Arrays.copyOfRange(frame, third, frame.length)
        };
    }

    /** One text frame, to be echoed or refused. The JDK's decoder says which. */
    private static Case whole(String id, byte[] text) {
        RawFrame frame = RawFrame.of(RawFrame.TEXT, text);
        return isUtf8(text)
                ? echoed(id, frame)
                : Case.of(id, fuzzer -> fuzzer.send(frame).peerFails(INVALID));
    }

    /** What the JDK's decoder says. */
    static boolean isUtf8(byte... bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static String prefixes(String word) {
        return String.join(
                " ",
                IntStream.rangeClosed(1, word.length() / 2)
                        .mapToObj(length -> word.substring(0, 2 * length))
                        .toList());
    }

    /** The octets from one to another, each with something behind it. */
    private static String range(int from, int to, String behind) {
        StringBuilder hex = new StringBuilder();
        for (int octet = from; octet <= to; octet++) {
            hex.append(Integer.toHexString(octet)).append(behind);
        }
        return hex.toString();
    }

    /** The last two code points of the planes, but for those planes whose end the field leaves out. */
    private static String nonCharacters() {
        List<String> all = new ArrayList<>();
        for (String lead :
                "ef f09f f0af f0bf f18f f19f f1af f1bf f28f f29f f2af f2bf f38f f39f f3af f3bf f48f".split(" ", -1)) {
            all.add(lead + "bfbe");
            all.add(lead + "bfbf");
        }
        return String.join(" ", all);
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }
}
