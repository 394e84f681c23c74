package dev.bowline.cli.hook;

import java.util.Locale;

/** What webhooks tell of. */
public enum EventType {
    /** A session is new, and has a connection. */
    SESSION_STARTED,
    /** A session has no connection now; its client is expected back. */
    SESSION_SUSPENDED,
    /** A session goes on with another connection. */
    SESSION_RESUMED,
    /** A session is over. */
    SESSION_ENDED,
    /** A message waits in a user's mailbox, as none of their devices is connected. */
    STORED_OFFLINE;

    /** As it stands in a configuration, and in an event: {@code session-started}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
