package dev.bowline.websocket.internal.tls;

import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.ServerTls;
import dev.bowline.websocket.tls.TlsSession;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Makes engines that speak TLS 1.3 and 1.2 and nothing older, and agree on HTTP/1.1 (RFC 7301). */
final class TlsEngines {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final String[] HTTP = {"http/1.1"};
    private static final Pattern IPV4 = Pattern.compile("[0-9.]+");

    private TlsEngines() {}

    static SSLEngine server(ServerTls tls) {
        SSLEngine engine = tls.context().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine);
        switch (tls.clientCertificates()) {
            case NONE -> {}
            case OPTIONAL -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * An engine for one server.
     *
     * @param host as the URI names it; an IPv6 address in brackets
     */
    static SSLEngine client(ClientTls tls, String host, int port) {
        boolean ipv6 = host.startsWith("[");
        String peer = ipv6 ? host.substring(1, host.length() - 1) : host;
        // Named, so that a session with it may be resumed.
        SSLEngine engine = tls.context().createSSLEngine(peer, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        if (!ipv6 && !IPV4.matcher(peer).matches()) {
            parameters.setServerNames(serverNames(peer));
        }
        if (tls.verifyHostName()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(Arrays.stream(engine.getEnabledProtocols())
                .filter(PROTOCOLS::contains)
                .toArray(String[]::new));
        parameters.setApplicationProtocols(HTTP);
        return parameters;
    }

    /** RFC 6066 §3: without a dot at the end. */
    private static List<SNIServerName> serverNames(String host) {
        try {
            return List.of(new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host));
        } catch (IllegalArgumentException e) {
            return List.of(); // a name that DNS can't have; whoever answers to it does so without being told
        }
    }

    /** What an engine's handshake has agreed on. */
    static TlsSession session(SSLEngine engine) {
        SSLSession session = engine.getSession();
        String serverName = null;
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    serverName = host.getAsciiName();
                }
            }
        }
        return new TlsSession(session.getProtocol(), session.getCipherSuite(), serverName, certificates(session));
    }

    private static List<X509Certificate> certificates(SSLSession session) {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of(); // it showed none
        }
    }
}
