package dev.bowline.websocket.tls;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Two ends that shake hands in memory: what the options make the JDK do, without a network. */
final class TlsHandshake {
    private static final int BUFFER_BYTES = 1 << 17;
    private static final String SEEN = "seen";

    private final SSLEngine client;
    private final SSLEngine server;
    private boolean resumed;

    private TlsHandshake(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    /** Ready to begin, as for a URI with that host. */
    static TlsHandshake between(ClientTls clientTls, ServerTls serverTls, String host) {
        SSLEngine client = clientTls.context().createSSLEngine(host, 443);
        client.setUseClientMode(true);
        SSLParameters parameters = client.getSSLParameters();
        if (clientTls.verifyHostName()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (host.matches(".*[a-z].*")) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        client.setSSLParameters(parameters);
        SSLEngine server = serverTls.context().createSSLEngine();
        server.setUseClientMode(false);
        switch (serverTls.clientCertificates()) {
            case NONE -> {}
            case OPTIONAL -> server.setWantClientAuth(true);
            case REQUIRED -> server.setNeedClientAuth(true);
        }
        return new TlsHandshake(client, server);
    }

    TlsHandshake protocol(String version) {
        client.setEnabledProtocols(new String[] {version});
        return this;
    }

    /** Lets the client offer these alone. */
    TlsHandshake cipherSuites(String... suites) {
        client.setEnabledCipherSuites(suites);
        return this;
    }

    /** Goes on until both have finished and what the server sends after it has come. */
    TlsHandshake run() throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(BUFFER_BYTES);
        ByteBuffer toClient = ByteBuffer.allocate(BUFFER_BYTES);
        client.beginHandshake();
        server.beginHandshake();
        boolean moved = true;
        while (moved) {
            moved = step(client, toServer, toClient);
            moved |= step(server, toClient, toServer);
        }
        resumed = client.getSession().getValue(SEEN) != null;
        client.getSession().putValue(SEEN, true);
        return this;
    }

    /** What one end can do now: returns whether that was anything. */
    private static boolean step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        boolean moved = false;
        while (true) {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
                moved = true;
            }
            int before = out.position() - in.position();
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                engine.wrap(ByteBuffer.allocate(0), out);
            } else {
                in.flip();
                engine.unwrap(in, ByteBuffer.allocate(BUFFER_BYTES));
                in.compact();
            }
            if (out.position() - in.position() == before) {
                return moved;
            }
            moved = true;
        }
    }

    /** Whom the client found at the other end. */
    X509Certificate serverCertificate() throws SSLPeerUnverifiedException {
        return (X509Certificate) client.getSession().getPeerCertificates()[0];
    }

    /** Whom the server found at the other end. */
    X509Certificate clientCertificate() throws SSLPeerUnverifiedException {
        return (X509Certificate) server.getSession().getPeerCertificates()[0];
    }

    /** Whether the session is one of an earlier handshake of this client. */
    boolean isResumed() {
        return resumed;
    }
}
