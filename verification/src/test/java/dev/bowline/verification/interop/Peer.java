package dev.bowline.verification.interop;

import dev.bowline.codec.Role;
import java.net.URI;
import java.util.Set;

/** Another implementation of WebSocket, in each role that it has. A test has it to itself. */
public interface Peer extends AutoCloseable {
    /** What its users can do, and a browser's cannot. */
    enum Ability {
        /** Send a Ping and see the Pong. */
        PING,
        /** See a Ping that came. */
        SEE_PING,
        /** Send a message in fragments. */
        FRAGMENT,
        /** Send a compressed message in fragments. */
        COMPRESSED_FRAGMENT
    }

    String name();

    /** The version that is here. */
    String version();

    /** Whether the version is part of the build, and not of the machine. */
    default boolean isPinned() {
        return true;
    }

    Set<Role> roles();

    Set<Ability> abilities();

    /** Whether it has permessage-deflate at all. */
    default boolean knowsDeflate() {
        return true;
    }

    /** Whether its users can ask for this, apart from {@link Deflate#ANY}, which is for everyone. */
    boolean canAskFor(Role role, Deflate deflate);

    /** Whether there is TLS for it in this role. */
    default boolean speaksTls(Role role) {
        return true;
    }

    /** Connects, as a client. The end records {@code open}, or how it failed. */
    End connect(URI uri, Settings settings, String... subprotocols);

    /** Begins to listen on a free port of loopback, as a server. */
    Listening listen(Settings settings);

    @Override
    void close();
}
