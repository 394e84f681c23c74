package dev.bowline.verification.sessions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A message as it came: a header line and, behind a line feed, the payload (section 2). Immutable. */
final class SpecMessage {
    private final boolean binary;
    private final byte[] bytes;
    private final int headerEnd;

    /** Takes the array over. */
    SpecMessage(boolean binary, byte[] bytes) {
        this.binary = binary;
        this.bytes = bytes;
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        headerEnd = end;
    }

    boolean isBinary() {
        return binary;
    }

    /** All of it, as it stood in the frame. */
    byte[] bytes() {
        return bytes.clone();
    }

    String header() {
        return new String(bytes, 0, headerEnd, StandardCharsets.ISO_8859_1);
    }

    int headerBytes() {
        return headerEnd;
    }

    String verb() {
        return fields().get(0);
    }

    /** A field of the header; the first is 1. */
    String field(int index) {
        return fields().get(index);
    }

    long number(int index) {
        return Long.parseLong(field(index));
    }

    /** The header, verb first. */
    List<String> fields() {
        return List.of(header().split(" ", -1));
    }

    boolean hasLineFeed() {
        return headerEnd < bytes.length;
    }

    byte[] payload() {
        return hasLineFeed() ? Arrays.copyOfRange(bytes, headerEnd + 1, bytes.length) : new byte[0];
    }

    String text() {
        return new String(payload(), StandardCharsets.UTF_8);
    }

    /** The payload as lines: the fields of each, by its key. */
    Map<String, List<List<String>>> lines() {
        Map<String, List<List<String>>> lines = new LinkedHashMap<>();
        String text = text();
        for (String line : (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1)) {
            if (!text.isEmpty()) {
                List<String> fields = List.of(line.split(" ", -1));
                lines.computeIfAbsent(fields.get(0), key -> new ArrayList<>()).add(fields.subList(1, fields.size()));
            }
        }
        return lines;
    }

    /** Whether the header is this one; a field {@code *} of the form stands for any. */
    boolean is(String form) {
        List<String> expected = List.of(form.split(" ", -1));
        List<String> fields = fields();
        if (expected.size() != fields.size()) {
            return false;
        }
        for (int i = 0; i < fields.size(); i++) {
            if (!expected.get(i).equals("*") && !expected.get(i).equals(fields.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        String payload = binary ? Arrays.toString(payload()) : "\"" + text() + "\"";
        return "[" + header() + (hasLineFeed() ? " ⏎ " + payload : "") + "]";
    }
}
