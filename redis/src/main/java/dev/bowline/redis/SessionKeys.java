package dev.bowline.redis;

import java.util.List;

/** The names of what is kept of sessions and users. All of one user are in one slot of a cluster. */
final class SessionKeys {
    private final String prefix;

    SessionKeys(String prefix) {
        this.prefix = prefix;
    }

    /** A session. */
    List<String> session(String id) {
        return List.of(prefix + ":{s:" + id + "}");
    }

    /** The sessions that a process has, or had, by its name; of some that it has no more, others say whose they are. */
    List<String> sessionsOf(String process) {
        return List.of(prefix + ":{p:" + process + "}:sessions");
    }

    /** What the processes of a cluster agree on. */
    List<String> incarnation() {
        return List.of(prefix + ":incarnation");
    }

    /** The sessions that are nobody's, by the time when they are over. */
    List<String> due() {
        return List.of(prefix + ":due");
    }

    // ---- The way between processes ----

    /** The channel of a process, by its id, which has all its names. */
    String bus(String process) {
        return prefix + ":{p:" + process + "}:bus";
    }

    // ---- Users ----

    /** All that have sessions. */
    List<String> users() {
        return List.of(prefix + ":users");
    }

    List<String> userSessions(String user) {
        return List.of(user(user) + ":sessions");
    }

    /** The user's sessions, the number of the latest message to them, the latest messages, and the latest of them that revokes. */
    List<String> userMessages(String user) {
        String begin = user(user);
        return List.of(begin + ":sessions", begin + ":number", begin + ":said", begin + ":revoked");
    }

    List<String> userRead(String user) {
        return List.of(user(user) + ":read");
    }

    /** How far the mailbox was received, and who waits for that. */
    List<String> userReceived(String user) {
        String begin = user(user);
        return List.of(begin + ":received", begin + ":awaited");
    }

    private String user(String user) {
        return prefix + ":{u:" + user + "}";
    }

    // ---- Once ----

    /** A key of the application's that somebody has taken. */
    List<String> once(String key) {
        return List.of(prefix + ":{o:" + key + "}");
    }
}
