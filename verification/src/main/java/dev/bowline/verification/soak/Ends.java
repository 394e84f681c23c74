package dev.bowline.verification.soak;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.CloseEvent.Origin;
import java.util.Optional;

/** How connections may end. */
enum Ends {
    /** The client begins the closing handshake. */
    CLIENT_CLOSES(true, Origin.LOCAL),
    /** The server begins it. */
    SERVER_CLOSES(true, Origin.REMOTE),
    /** A callback of the server throws. */
    SERVER_THROWS(true, Origin.REMOTE),
    CLIENT_CUTS(false, Origin.LOCAL),
    SERVER_CUTS(false, Origin.NETWORK);

    /** Codes that an endpoint may send, and, as the last one, none. */
    private static final int[] CODES = {
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999, 1005
    };

    private final boolean clean;
    private final Origin by;

    Ends(boolean clean, Origin by) {
        this.clean = clean;
        this.by = by;
    }

    static int code(dev.bowline.testkit.Seeded random) {
        return CODES[random.intBetween(0, CODES.length - 1)];
    }

    /** The code that stands for this end, where {@code asked} was asked for. */
    int code(int asked) {
        return clean ? this == SERVER_THROWS ? CloseCode.INTERNAL_ERROR : asked : CloseCode.ABNORMAL_CLOSURE;
    }

    /** What is wrong with an end that nothing has disturbed, as the client sees it. */
    Optional<String> exactly(int asked, CloseEvent event) {
        boolean right = event.code() == code(asked)
                && event.wasClean() == clean
                && event.closedBy() == by
                && (event.error() == null);
        return right ? Optional.empty() : Optional.of(this + " with " + asked + " ended as " + event);
    }

    /** What is wrong with any end at all. */
    static Optional<String> consistent(CloseEvent event) {
        boolean cut = event.code() == CloseCode.ABNORMAL_CLOSURE;
        boolean possible =
                cut || event.code() == CloseCode.NO_STATUS_RECEIVED || CloseCode.isAllowedOnWire(event.code());
        if (!possible || (cut && event.wasClean()) || (event.wasClean() && event.closedBy() == Origin.NETWORK)) {
            return Optional.of("an end that can't be: " + event);
        }
        // Without a verdict on the peer, a code came in a Close frame, and then the handshake was complete.
        if (!cut && !event.wasClean() && event.error() == null) {
            return Optional.of("an end that can't be: " + event);
        }
        return Optional.empty();
    }
}
