package dev.bowline.verification.interop.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.codec.Role;
import dev.bowline.verification.interop.Peer.Ability;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What is said on each connection of the matrix. Fails where a content, a Pong or a close is not as it was sent. */
final class Exchange {
    private static final String REASON = "auf Wiedersehen, 再见 🪢";
    private static final int SMALL_BYTES = 16 * 1024;
    private static final int FRAGMENTS = 5;
    private static final int DEFAULT_WINDOW_BITS = 15;
    private static final int FAR_WINDOW_BITS = 12; // the narrowest window that holds more than FAR_BYTES

    /** How an end was seen to send. */
    private record Sending(boolean compresses, boolean refersBack, boolean refersFar) {}

    private final Line line;
    private final Set<Ability> abilities;
    private final ParameterSet set;

    Exchange(Line line, ParameterSet set, Set<Ability> abilities) {
        this.line = line;
        this.set = set;
        this.abilities = abilities;
    }

    /** The extension that both agreed on, as the header field says it; "-" for none. */
    String agreed() {
        String extensions = line.ours.socket().extensions();
        return extensions.isEmpty() ? "-" : extensions;
    }

    /** Everything but the close; returns how the other one sends. */
    String talk(boolean large) {
        checkOurs(measure(true));
        Sending peer = measure(false);
        bothWays(Content.MESSAGES);
        if (large) {
            bothWays(Content.LARGE);
        }
        bothWays(Content.BURST);
        pings();
        if (abilities.contains(peer.compresses() ? Ability.COMPRESSED_FRAGMENT : Ability.FRAGMENT)) {
            Content.FRAGMENTED.forEach(this::fragments);
        }
        if (!peer.compresses()) {
            return "as it is";
        }
        return peer.refersBack() ? "compressed, with context" : "compressed";
    }

    private Sending measure(boolean fromOurs) {
        boolean compresses = line.bytesFor(fromOurs, Content.REPETITIVE) < SMALL_BYTES;
        line.bytesFor(fromOurs, Content.FAR);
        boolean far = line.bytesFor(fromOurs, Content.FAR) < Content.FAR_BYTES / 2;
        line.bytesFor(fromOurs, Content.NEAR);
        boolean near = line.bytesFor(fromOurs, Content.NEAR) < Content.NEAR_BYTES / 2;
        return new Sending(compresses, near, far);
    }

    /** Bowline compresses where it was agreed, and refers back where it may: so far as the window goes, and no farther. */
    private void checkOurs(Sending sending) {
        String agreed = agreed();
        String own = line.ourRole == Role.SERVER ? "server" : "client";
        boolean context = set.oursKeepsContext(line.ourRole) && !agreed.contains(own + "_no_context_takeover");
        int bits = Objects.requireNonNullElse(ParameterSet.bits(agreed, own + "_max_window_bits"), DEFAULT_WINDOW_BITS);
        Integer asked = ParameterSet.bits(set.toString(), own + "_max_window_bits");
        if (asked != null && set.by() == ParameterSet.By.BOWLINE) {
            bits = Math.min(bits, asked); // whatever the other one says to it
        }
        boolean compresses = agreed.startsWith("permessage-deflate");
        assertThat(sending)
                .as("how Bowline sends, having agreed on %s", agreed)
                .isEqualTo(new Sending(
                        compresses, compresses && context, compresses && context && bits >= FAR_WINDOW_BITS));
    }

    /** All at once, so that both directions are under way at the same time. */
    private void bothWays(List<Content> contents) {
        for (Content content : contents) {
            line.send(false, content);
            line.send(true, content);
        }
        for (Content content : contents) {
            line.expect(false, content);
            line.expect(true, content);
        }
    }

    private void pings() {
        byte[] payload = {'h', 'i', 0, (byte) 0xFF};
        String hex = HexFormat.of().formatHex(payload);
        line.ours.ping(payload);
        line.ours.events().expect("pong " + hex);
        if (abilities.contains(Ability.SEE_PING)) {
            line.peer.events().expect("ping " + hex);
        }
        if (abilities.contains(Ability.PING)) {
            line.peer.ping(payload);
            line.ours.events().expect("ping " + hex);
            line.peer.events().expect("pong " + hex);
        }
    }

    private void fragments(Content content) {
        byte[][] parts = content.message().parts(FRAGMENTS);
        for (int i = 0; i < FRAGMENTS; i++) {
            boolean last = i == FRAGMENTS - 1;
            line.peer.sendPart(content.message().isText(), parts[i], last);
        }
        line.expect(false, content);
    }

    /** The closing handshake, begun by the one or the other. */
    void close(boolean byOurs) {
        int code = byOurs ? 1001 : 4000;
        (byOurs ? line.ours : line.peer).close(code, REASON);
        String close = "close " + code + " " + REASON;
        if (byOurs) {
            line.peer.events().expect(close);
            line.ours.events().expect(event -> event.startsWith("close " + code), "the code sent back");
        } else {
            line.ours.events().expect(close);
            line.peer.events().expect(event -> event.startsWith("close " + code), "the code sent back");
        }
        CloseEvent closed = line.ours.closed();
        assertThat(closed.wasClean()).as("a clean close: %s", closed).isTrue();
        assertThat(closed.closedBy()).isEqualTo(byOurs ? Origin.LOCAL : Origin.REMOTE);
        line.ours.events().assertEmpty();
        line.peer.events().assertEmpty();
    }
}
