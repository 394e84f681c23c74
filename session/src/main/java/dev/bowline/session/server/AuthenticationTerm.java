package dev.bowline.session.server;

/** How long a session's client has shown who it is, and whether it was told that this ends (section 9). Touched as its session is. */
final class AuthenticationTerm {
    private final long noticeMillis;
    private long endsMillis;
    private boolean announced;

    /**
     * @param endsMillis {@link Timed#NEVER} for not at all
     * @param noticeMillis how long before that the client is told
     */
    AuthenticationTerm(long endsMillis, long noticeMillis) {
        this.endsMillis = endsMillis;
        this.noticeMillis = noticeMillis;
    }

    /** The client has shown again who it is. */
    void renew(long newEndsMillis) {
        endsMillis = newEndsMillis;
        announced = false;
    }

    /** The notice was for the connection before. */
    void newConnection() {
        announced = false;
    }

    boolean isOver(long nowMillis) {
        return nowMillis >= endsMillis;
    }

    /** How long it holds on; {@link Timed#NEVER} for ever. */
    long leftMillis(long nowMillis) {
        return endsMillis == Timed.NEVER ? Timed.NEVER : endsMillis - nowMillis;
    }

    /** When the client is to be told, or after that, when it is over. */
    long deadlineMillis() {
        return announced || endsMillis == Timed.NEVER ? endsMillis : endsMillis - noticeMillis;
    }

    /** Whether the client is to be told now: once for each connection. */
    boolean announce(long nowMillis) {
        boolean due = !announced && leftMillis(nowMillis) <= noticeMillis;
        announced |= due;
        return due;
    }
}
