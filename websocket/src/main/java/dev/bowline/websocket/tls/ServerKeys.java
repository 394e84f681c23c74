package dev.bowline.websocket.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the identities of a server: by the name that the client asks for (SNI, RFC 6066 §3), then by the kind of key that
 * it can verify. The JDK asks once for each kind, the client's favourite first, until it is given an alias.
 */
final class ServerKeys extends X509ExtendedKeyManager {
    private static final String WILDCARD = "*.";

    private final List<TlsIdentity> identities; // the alias of each is its index, here and below
    private final Map<String, List<Integer>> byName = new HashMap<>();
    private final List<Integer> byDefault = new ArrayList<>();

    ServerKeys(List<TlsIdentity> identities) {
        this.identities = identities;
        TlsIdentity first = identities.get(0);
        for (int i = 0; i < identities.size(); i++) {
            TlsIdentity identity = identities.get(i);
            for (String name : identity.names()) {
                byName.computeIfAbsent(name, key -> new ArrayList<>()).add(i);
            }
            // The same server with another kind of key.
            if (i == 0 || !Collections.disjoint(identity.names(), first.names())) {
                byDefault.add(i);
            }
        }
    }

    /**
     * The best match alone counts, even where its key is of a kind that the client can't verify: a certificate for another name
     * would be refused as well, and less clearly.
     */
    private List<Integer> candidates(@Nullable String name) {
        if (name == null) {
            return byDefault;
        }
        List<Integer> exact = byName.get(name.toLowerCase(Locale.ROOT));
        return exact != null ? exact : byName.getOrDefault(wildcardFor(name), byDefault);
    }

    /** The wildcard stands for one whole label, the leftmost one (RFC 9525 §6.3). */
    private static String wildcardFor(String name) {
        int dot = name.indexOf('.');
        return dot < 1 ? "" : WILDCARD + name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private @Nullable String choose(String keyType, @Nullable SSLSession session) {
        for (int i : candidates(requestedName(session))) {
            if (identities.get(i).keyType().equals(keyType)) {
                return Integer.toString(i);
            }
        }
        return null;
    }

    private static @Nullable String requestedName(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType, engine == null ? null : engine.getHandshakeSession());
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType, socket instanceof SSLSocket secure ? secure.getHandshakeSession() : null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return IntStream.range(0, identities.size())
                .filter(i -> identities.get(i).keyType().equals(keyType))
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identities.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identities.get(Integer.parseInt(alias)).key();
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null; // a server is no client
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[0];
    }
}
