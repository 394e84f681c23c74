package dev.bowline.verification.interop.matrix;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Role;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.FaultProxy.Direction;
import dev.bowline.testkit.ProxyLink;
import dev.bowline.verification.interop.End;
import dev.bowline.verification.interop.OurEnd;
import java.util.List;

/** The two ends of one connection, and between them a proxy that counts bytes. */
final class Line {
    final OurEnd ours;
    final End peer;
    final Role ourRole;
    private final FaultProxy proxy;
    private final ProxyLink link;

    /** To be made when both ends are open. */
    Line(OurEnd ours, Role ourRole, End peer, FaultProxy proxy) {
        this.ours = ours;
        this.ourRole = ourRole;
        this.peer = peer;
        this.proxy = proxy;
        List<ProxyLink> links = proxy.links();
        this.link = links.get(links.size() - 1);
    }

    /** Bytes that came through from Bowline, or from the other one, at least those of all that has arrived. */
    private long bytes(boolean fromOurs) {
        boolean known = proxy.links().contains(link); // once the proxy's thread answers, it has counted what it wrote
        if (!known) {
            throw new AssertionError("the connection is gone: " + link);
        }
        return link.forwardedBytes(fromOurs == (ourRole == Role.CLIENT) ? Direction.TO_SERVER : Direction.TO_CLIENT);
    }

    /** Sends a message one way while nothing else is under way; returns the bytes that it took on the wire. */
    long bytesFor(boolean fromOurs, Content content) {
        long before = bytes(fromOurs);
        send(fromOurs, content);
        expect(fromOurs, content);
        return bytes(fromOurs) - before;
    }

    void send(boolean fromOurs, Content content) {
        (fromOurs ? ours : peer).send(content.message());
    }

    /** Waits for a message that was sent this way. */
    void expect(boolean fromOurs, Content content) {
        (fromOurs ? peer : ours).events().expect(content.event());
    }

    /** How the connection ended, where something came between; in words that are the same each time. */
    String verdict() {
        Await.until("the end of the connection", ours::isClosed);
        CloseEvent closed = ours.closed();
        ProtocolError error = closed.error();
        return error != null
                ? "Bowline closed with " + error.answer() + ", " + error.message()
                : "closed with " + closed.code() + " by " + closed.closedBy();
    }
}
