package dev.bowline.verification.nodes;

import dev.bowline.session.wire.Payload;

/**
 * What a message is known by: who sent it, and its number there. In a payload it stands first, as {@code 17.345}; behind a space
 * follows what the application is to do with it.
 *
 * @param client from 1; 0 for the proof itself
 * @param number from 1 to 2^31 - 1
 */
record Label(int client, int number) {
    /** In one number. */
    long packed() {
        return (long) client << 32 | number;
    }

    static Label unpacked(long packed) {
        return new Label((int) (packed >>> 32), (int) packed);
    }

    /** The one that a payload begins with. */
    static Label of(Payload payload) {
        return of(payload.asText());
    }

    /** The one that a text begins with. */
    static Label of(String text) {
        int dot = text.indexOf('.');
        int end = text.indexOf(' ');
        return new Label(
                Integer.parseInt(text.substring(0, dot)),
                Integer.parseInt(text.substring(dot + 1, end < 0 ? text.length() : end)));
    }

    /** What stands behind it; empty for nothing. */
    static String rest(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? "" : text.substring(space + 1);
    }

    static String text(long packed) {
        return unpacked(packed).toString();
    }

    @Override
    public String toString() {
        return client + "." + number;
    }
}
