package dev.bowline.websocket.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server's options make the JDK do, in handshakes in memory. */
class ServerTlsTest {
    private static final TestCertificates AUTHORITY = TestCertificates.shared();
    private static final ClientTls CLIENT = ClientTls.DEFAULT.trust(TlsTrust.of(AUTHORITY.root()));
    private static final String RSA_ALONE = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    private static final String EC_ALONE = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

    static TlsIdentity identity(TestIdentity made) {
        try {
            return TlsIdentity.of(made.key(), made.chain());
        } catch (TlsConfigurationException e) {
            throw new AssertionError(e);
        }
    }

    private static TlsIdentity issue(String... names) {
        return identity(AUTHORITY.issue(names));
    }

    private static X509Certificate shown(ServerTls server, String host) throws SSLException {
        return TlsHandshake.between(CLIENT.verifyHostName(false), server, host)
                .run()
                .serverCertificate();
    }

    // ---- Several identities ----

    @Nested
    class AmongSeveral {
        private final List<TlsIdentity> all = List.of(
                issue("first.example"),
                issue("*.wild.example"),
                issue("exact.wild.example"),
                issue("second.example", "third.example"));
        private final ServerTls server = ServerTls.of(all.get(0), all.get(1), all.get(2), all.get(3));

        @ParameterizedTest
        @CsvSource({
            "first.example, 0",
            "any.wild.example, 1",
            "exact.wild.example, 2", // the exact name before the wildcard, whatever the order
            "second.example, 3",
            "third.example, 3",
            "EXACT.Wild.Example, 2",
            "two.labels.wild.example, 0", // a wildcard stands for one label
            "wild.example, 0",
            "unknown.example, 0",
            "localhost, 0",
            "192.0.2.1, 0", // no name is asked for
        })
        void theNameThatIsAskedForChooses(String host, int expected) throws SSLException {
            assertThat(shown(server, host)).isEqualTo(all.get(expected).certificate());
        }

        @Test
        void aRenewedOneTakesItsPlaceAndLeavesTheDemands() throws SSLException {
            TlsIdentity renewed = issue("first.example");
            ServerTls demanding = server.clientCertificates(ClientCertificates.OPTIONAL, TlsTrust.of(AUTHORITY.root()));
            ServerTls reloaded = demanding.identities(renewed, all.get(1));
            assertThat(shown(reloaded, "first.example")).isEqualTo(renewed.certificate());
            assertThat(shown(reloaded, "second.example")).isEqualTo(renewed.certificate());
            assertThat(shown(demanding, "first.example")).isEqualTo(all.get(0).certificate());
            assertThat(reloaded.clientCertificates()).isEqualTo(ClientCertificates.OPTIONAL);
        }
    }

    @Nested
    class WithKeysOfSeveralKinds {
        private static final TlsIdentity EC = issue("a.example", "b.example");
        private static final TlsIdentity RSA =
                identity(AUTHORITY.request("a.example").rsa().issue());
        private static final TlsIdentity OTHER =
                identity(AUTHORITY.request("c.example").rsa().issue());
        private static final ServerTls SERVER = ServerTls.of(EC, OTHER, RSA);

        private X509Certificate shown(String host, String suite) throws SSLException {
            return TlsHandshake.between(CLIENT.verifyHostName(false), SERVER, host)
                    .protocol("TLSv1.2")
                    .cipherSuites(suite)
                    .run()
                    .serverCertificate();
        }

        @Test
        void theClientGetsTheKindThatItCanVerify() throws SSLException {
            assertThat(shown("a.example", EC_ALONE)).isEqualTo(EC.certificate());
            assertThat(shown("a.example", RSA_ALONE)).isEqualTo(RSA.certificate());
        }

        @Test
        void withoutANameItIsTheFirstOneAndThoseForTheSameName() throws SSLException {
            assertThat(shown("192.0.2.1", EC_ALONE)).isEqualTo(EC.certificate());
            assertThat(shown("192.0.2.1", RSA_ALONE)).isEqualTo(RSA.certificate());
        }

        @Test
        void noCertificateForAnotherNameIsShownBecauseOfItsKind() {
            assertThatExceptionOfType(SSLHandshakeException.class).isThrownBy(() -> shown("c.example", EC_ALONE));
        }

        @ParameterizedTest
        @CsvSource({"TLSv1.3", "TLSv1.2"})
        void ed25519ServesToo(String protocol) throws SSLException {
            TlsIdentity edwards =
                    identity(AUTHORITY.request("d.example").ed25519().issue());
            X509Certificate seen = TlsHandshake.between(CLIENT, ServerTls.of(edwards), "d.example")
                    .protocol(protocol)
                    .run()
                    .serverCertificate();
            assertThat(seen).isEqualTo(edwards.certificate());
        }
    }

    @Test
    void theChainIsShownAsFarAsTheClientNeedsIt() throws SSLException {
        TlsIdentity longer = identity(AUTHORITY.intermediate("between").issue("a.example"));
        assertThat(TlsHandshake.between(CLIENT, ServerTls.of(longer), "a.example")
                        .run()
                        .serverCertificate())
                .isEqualTo(longer.certificate());
    }

    // ---- Certificates of clients ----

    @Nested
    class ClientsCertificates {
        private final TestCertificates theirs = TestCertificates.create("of clients");
        private final TlsIdentity ann = identity(theirs.issueForClient("ann"));
        private final ServerTls plain = ServerTls.of(issue("a.example"));
        private final ServerTls optional =
                plain.clientCertificates(ClientCertificates.OPTIONAL, TlsTrust.of(theirs.root()));
        private final ServerTls required = optional.clientCertificates(ClientCertificates.REQUIRED);

        private TlsHandshake handshake(ServerTls server, ClientTls client) throws SSLException {
            return TlsHandshake.between(client, server, "a.example").run();
        }

        @Test
        void whoIsTrustedIsKnown() throws SSLException {
            for (ServerTls server : List.of(optional, required)) {
                assertThat(handshake(server, CLIENT.identity(ann)).clientCertificate())
                        .isEqualTo(ann.certificate());
            }
        }

        @Test
        void whoShowsNoneIsRefusedOnlyWhereItIsRequired() throws SSLException {
            TlsHandshake without = handshake(optional, CLIENT);
            assertThatExceptionOfType(SSLPeerUnverifiedException.class).isThrownBy(without::clientCertificate);
            assertThatExceptionOfType(SSLHandshakeException.class).isThrownBy(() -> handshake(required, CLIENT));
        }

        @Test
        void whoIsNotTrustedIsRefusedEvenWhereItIsOptional() {
            TlsIdentity stranger = identity(TestCertificates.create("strangers").issueForClient("ann"));
            assertThatExceptionOfType(SSLHandshakeException.class)
                    .isThrownBy(() -> handshake(optional, CLIENT.identity(stranger)))
                    .withMessageContaining("is not trusted: its chain leads to CN=strangers");
        }

        @Test
        void nobodyIsTrustedByMistake() {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> plain.clientCertificates(ClientCertificates.REQUIRED))
                    .withMessage("say whose certificates are trusted: clientCertificates(REQUIRED,"
                            + " TlsTrust.fromPem(file))");
            assertThat(plain.clientCertificates(ClientCertificates.NONE).clientCertificates())
                    .isEqualTo(ClientCertificates.NONE);
        }
    }

    // ---- Sessions ----

    @Test
    void sessionsAreBounded() {
        ServerTls server = ServerTls.of(issue("a.example"));
        var sessions = server.context().getServerSessionContext();
        assertThat(sessions.getSessionCacheSize()).isEqualTo(10_000);
        assertThat(sessions.getSessionTimeout()).isEqualTo(3_600);
        var fewer = server.sessions(5, Duration.ofMinutes(1)).context().getServerSessionContext();
        assertThat(fewer.getSessionCacheSize()).isEqualTo(5);
        assertThat(fewer.getSessionTimeout()).isEqualTo(60);
    }

    @ParameterizedTest
    @CsvSource({"0, PT1H", "-1, PT1H", "1, PT0S", "1, PT0.5S", "1, P7DT1S", "1, PT-1H"})
    void sessionsWithoutBoundsAreRefused(int max, Duration lifetime) {
        ServerTls server = ServerTls.of(issue("a.example"));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> server.sessions(max, lifetime))
                .withMessageContaining("must be at least 1");
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3", "TLSv1.2"})
    void aSessionIsResumedButNotAcrossAChangeOfKeys(String protocol) throws SSLException {
        ServerTls server = ServerTls.of(issue("a.example"));
        ClientTls client = CLIENT.sessions(10, Duration.ofHours(1)); // with a cache of its own
        TlsHandshake first = TlsHandshake.between(client, server, "a.example")
                .protocol(protocol)
                .run();
        TlsHandshake second = TlsHandshake.between(client, server, "a.example")
                .protocol(protocol)
                .run();
        assertThat(first.isResumed()).isFalse();
        assertThat(second.isResumed()).isTrue();
        TlsIdentity renewed = issue("a.example");
        TlsHandshake third = TlsHandshake.between(client, server.identities(renewed), "a.example")
                .protocol(protocol)
                .run();
        assertThat(third.isResumed()).isFalse();
        assertThat(third.serverCertificate()).isEqualTo(renewed.certificate());
    }

    // ---- A context of the application ----

    @Test
    void aContextBringsItsOwn() throws IOException {
        TestIdentity made = AUTHORITY.issue("a.example");
        ServerTls server = ServerTls.of(made.context()).clientCertificates(ClientCertificates.OPTIONAL);
        assertThat(server.clientCertificates()).isEqualTo(ClientCertificates.OPTIONAL);
        assertThat(shown(server, "a.example")).isEqualTo(made.certificate());
        for (Runnable change : List.<Runnable>of(
                () -> server.identities(issue("a.example")),
                () -> server.sessions(1, Duration.ofHours(1)),
                () -> server.clientCertificates(ClientCertificates.REQUIRED, TlsTrust.system()))) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(change::run)
                    .withMessageContaining("made of an SSLContext");
        }
    }
}
