package dev.bowline.session.server;

/** With what a server closes (section 10.2). */
public final class CloseCodes {
    public static final int BYE = 1000;
    public static final int COME_BACK = 4000;
    public static final int NOTHING_HEARD = 4001;
    public static final int TOO_SLOW = 4002;
    public static final int LEAVING = 4003;
    public static final int NO_HELLO = 4004;
    public static final int DIRECT_LOG_FULL = 4007;
    public static final int NO_ENGINE = 4010;
    public static final int NO_ROOM = 4011;
    public static final int VIOLATION = 4500;
    public static final int NOT_AUTHENTICATED = 4501;
    public static final int REVOKED = 4502;
    public static final int TAKEN_OVER = 4503;

    private CloseCodes() {}
}
