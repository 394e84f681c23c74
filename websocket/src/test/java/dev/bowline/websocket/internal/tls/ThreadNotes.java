package dev.bowline.websocket.internal.tls;

import dev.bowline.testkit.TestIdentity;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Contexts that trust everybody and note each time they are asked, and on which thread. */
public final class ThreadNotes {
    private final List<String> threads = new CopyOnWriteArrayList<>();

    /** The threads on which a key was chosen or a certificate judged, in order. */
    public List<String> threads() {
        return threads;
    }

    private void note() {
        threads.add(Thread.currentThread().getName());
    }

    /** A context with that identity, or none. */
    public SSLContext context(@Nullable TestIdentity identity) {
        return context(identity, "TLS");
    }

    /** A context with that identity, or none; for clients no newer than that protocol. */
    public SSLContext context(@Nullable TestIdentity identity, String protocol) {
        KeyManager[] keys = identity == null ? new KeyManager[0] : new KeyManager[] {new Keys(identity)};
        try {
            SSLContext context = SSLContext.getInstance(protocol);
            context.init(keys, new TrustManager[] {new Trust()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private final class Keys extends X509ExtendedKeyManager {
        private final TestIdentity identity;

        Keys(TestIdentity identity) {
            this.identity = identity;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            note();
            return type.equals(identity.key().getAlgorithm()) ? "it" : null;
        }

        @Override
        public @Nullable String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            note();
            return List.of(types).contains(identity.key().getAlgorithm()) ? "it" : null; // whoever is trusted there
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {"it"};
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return "it";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return identity.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return identity.key();
        }
    }

    private final class Trust extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            note();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            note();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            note();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            note();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            note();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            note();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
