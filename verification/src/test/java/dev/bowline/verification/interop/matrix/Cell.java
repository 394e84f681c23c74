package dev.bowline.verification.interop.matrix;

import dev.bowline.codec.Role;
import dev.bowline.verification.interop.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One combination of the matrix.
 *
 * @param role the other implementation's
 */
record Cell(Role role, boolean tls, ParameterSet set) {
    /** Everything that this implementation can do. */
    static List<Cell> of(Peer peer) {
        List<Cell> cells = new ArrayList<>();
        for (Role role : peer.roles()) {
            for (boolean tls : new boolean[] {false, true}) {
                for (ParameterSet set : ParameterSet.all()) {
                    Cell cell = new Cell(role, tls, set);
                    if (cell.isFor(peer)) {
                        cells.add(cell);
                    }
                }
            }
        }
        return cells;
    }

    private boolean isFor(Peer peer) {
        return (!tls || peer.speaksTls(role))
                && set.isForOurs(ours())
                && switch (set.by()) {
                    case OFF, DEFAULTS -> true;
                    case BOWLINE -> peer.knowsDeflate();
                    case PEER -> peer.canAskFor(role, set.asked());
                };
    }

    /** Bowline's role. */
    Role ours() {
        return role == Role.CLIENT ? Role.SERVER : Role.CLIENT;
    }

    /** Whether it takes part in every run of the tests: compression does not care what carries it. */
    boolean isInShort() {
        return tls ? set.isThorough() : set.isInShort();
    }

    @Override
    public String toString() {
        return role.name().toLowerCase(Locale.ROOT) + " | " + (tls ? "TLS" : "plain") + " | " + set;
    }
}
