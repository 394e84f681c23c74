package dev.bowline.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How what came from a peer is written for people. */
public final class Shown {
    private static final int DUMPED_BYTES = 32;

    private Shown() {}

    /** A binary message: as text where it is text, and the beginning of it in hexadecimal where it is not. */
    public static String binary(ByteBuffer data) {
        String text = printable(data);
        if (text != null) {
            return text;
        }
        int size = data.remaining();
        StringBuilder dump = new StringBuilder("<binary, " + size + (size == 1 ? " byte:" : " bytes:"));
        for (int i = 0; i < Math.min(size, DUMPED_BYTES); i++) {
            dump.append(String.format(" %02x", data.get(data.position() + i)));
        }
        return dump.append(size > DUMPED_BYTES ? " …>" : ">").toString();
    }

    /** The text, if it is UTF-8 without control characters but tabs and line feeds. */
    private static @Nullable String printable(ByteBuffer data) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(data.duplicate()).toString();
            return text.chars().anyMatch(Shown::isControl) ? null : text;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Text that does nothing to a terminal: control characters are replaced by their pictures. */
    public static String harmless(String text) {
        if (text.chars().noneMatch(Shown::isControl)) {
            return text;
        }
        StringBuilder harmless = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> !isControl(c) ? c : c < 0x20 ? 0x2400 + c : c == 0x7f ? 0x2421 : 0xfffd)
                .forEach(harmless::appendCodePoint);
        return harmless.toString();
    }

    /** In one line, in quotes. */
    public static String quoted(String text) {
        return '"' + harmless(text).replace('\n', '␊').replace('\t', '␉') + '"';
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t';
    }
}
