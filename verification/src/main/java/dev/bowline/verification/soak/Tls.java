package dev.bowline.verification.soak;

import dev.bowline.testkit.TestCertificates;
import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.ServerTls;

/** Both ends of TLS, with certificates made for the occasion. Sessions are resumed while a server lives. */
final class Tls {
    private final TestCertificates authority = TestCertificates.create("Soak");
    private final ServerTls server = ServerTls.of(authority.issue("127.0.0.1").context());
    private final ClientTls client = ClientTls.of(authority.context());

    ServerTls server() {
        return server;
    }

    ClientTls client() {
        return client;
    }
}
