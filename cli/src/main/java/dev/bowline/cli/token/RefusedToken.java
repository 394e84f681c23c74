package dev.bowline.cli.token;

/** Why a token lets nobody in: half a sentence behind "a token was refused: ", for the log. It holds nothing that could be used as a token. */
final class RefusedToken extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean byKey;

    /**
     * @param byKey whether another key may say otherwise
     */
    private RefusedToken(String reason, boolean byKey) {
        super(reason, null, false, false); // a peer's mistake, and perhaps one of very many
        this.byKey = byKey;
    }

    RefusedToken(String reason) {
        this(reason, false);
    }

    static RefusedToken byKey(String reason) {
        return new RefusedToken(reason, true);
    }

    boolean isByKey() {
        return byKey;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
