package dev.bowline.verification.interop;

import dev.bowline.codec.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.EnumSet;
import java.util.Set;

/** The JDK's own client, {@code java.net.http.WebSocket}. It knows no extensions. */
public final class JdkPeer implements Peer {
    private final HttpClient client =
            HttpClient.newBuilder().sslContext(TestTls.clientSide()).build();

    @Override
    public String name() {
        return "java.net.http";
    }

    @Override
    public String version() {
        return "JDK " + Runtime.version().feature();
    }

    @Override
    public boolean isPinned() {
        return false;
    }

    @Override
    public Set<Role> roles() {
        return EnumSet.of(Role.CLIENT);
    }

    @Override
    public Set<Ability> abilities() {
        return EnumSet.allOf(Ability.class);
    }

    @Override
    public boolean knowsDeflate() {
        return false;
    }

    @Override
    public boolean canAskFor(Role role, Deflate deflate) {
        return false;
    }

    @Override
    public End connect(URI uri, Settings settings, String... subprotocols) {
        return JdkEnd.open(client, uri, subprotocols);
    }

    @Override
    public Listening listen(Settings settings) {
        throw new UnsupportedOperationException("the JDK has no WebSocket server");
    }

    @Override
    public void close() {
        // It ends when nothing refers to it.
    }
}
