package dev.bowline.websocket.tls;

import static dev.bowline.websocket.tls.ServerTlsTest.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** What a client's options make the JDK do, in handshakes in memory. */
class ClientTlsTest {
    private static final TestCertificates AUTHORITY = TestCertificates.shared();
    private static final ClientTls CLIENT = ClientTls.DEFAULT.trust(TlsTrust.of(AUTHORITY.root()));

    private static TlsHandshake handshake(ClientTls client, TestIdentity server, String host) throws SSLException {
        return TlsHandshake.between(client, contextOf(server), host).run();
    }

    /** Of a context, as what is wrong with this server an identity would not let pass. */
    private static ServerTls contextOf(TestIdentity server) {
        return ServerTls.of(server.context());
    }

    private static String refused(ClientTls client, TestIdentity server, String host) {
        Throwable[] cause = new Throwable[1];
        assertThatExceptionOfType(SSLHandshakeException.class)
                .isThrownBy(() -> handshake(client, server, host))
                .satisfies(e -> cause[0] = e.getCause());
        assertThat(cause[0]).isInstanceOf(CertificateException.class);
        return String.valueOf(cause[0].getMessage());
    }

    // ---- Whom it trusts ----

    @Test
    void whoIsTrustedAndRightlyNamedIsTaken() throws SSLException {
        TestIdentity server = AUTHORITY.issue("a.example", "127.0.0.1");
        for (String host : List.of("a.example", "127.0.0.1")) {
            assertThat(handshake(CLIENT, server, host).serverCertificate()).isEqualTo(server.certificate());
        }
    }

    @Test
    void whoIsNotTrustedIsRefused() {
        TestIdentity server = TestCertificates.create("strangers").issue("a.example");
        assertThat(refused(CLIENT, server, "a.example"))
                .isEqualTo("the certificate of a.example is not trusted: its chain leads to CN=strangers, who is not"
                        + " among the trusted authorities");
        assertThat(refused(
                        CLIENT,
                        TestCertificates.create("x").intermediate("between").issue("a.example"),
                        "a.example"))
                .contains(" is not trusted: its chain leads to CN=x, who ");
        assertThat(refused(ClientTls.DEFAULT, server, "a.example")).contains(" is not trusted: ");
    }

    @Test
    void whoIsExpiredOrNotValidYetIsRefused() {
        TestIdentity late = AUTHORITY.request("a.example").expired().issue();
        assertThat(refused(CLIENT, late, "a.example"))
                .isEqualTo("the certificate of a.example expired at "
                        + late.certificate().getNotAfter().toInstant());
        TestIdentity early = AUTHORITY.request("a.example").notYetValid().issue();
        assertThat(refused(CLIENT, early, "a.example"))
                .isEqualTo("the certificate of a.example is not valid before "
                        + early.certificate().getNotBefore().toInstant());
    }

    @Test
    void whoHasAnotherNameIsRefusedUnlessNamesDoNotCount() throws SSLException {
        TestIdentity server = AUTHORITY.issue("a.example", "*.b.example");
        for (String host : List.of("c.example", "two.labels.b.example", "127.0.0.1")) {
            assertThat(refused(CLIENT, server, host))
                    .isEqualTo("the certificate of " + host + " is for another name: a.example, *.b.example");
            assertThat(handshake(CLIENT.verifyHostName(false), server, host).serverCertificate())
                    .isEqualTo(server.certificate());
        }
        assertThat(refused(CLIENT, AUTHORITY.issueForClient("a.example"), "a.example"))
                .startsWith("the certificate of a.example is refused: "); // not for servers at all
    }

    /** The JDK would let it pass. */
    @Test
    void aCertificateThatIsTrustedByItselfMustBeValidToo() throws SSLException {
        TestIdentity late = AUTHORITY.request("a.example").expired().issue();
        ClientTls pinned = ClientTls.DEFAULT.trust(TlsTrust.of(late.certificate()));
        assertThat(refused(pinned, late, "a.example")).startsWith("the certificate of a.example expired at ");
        TestIdentity good = AUTHORITY.issue("a.example");
        assertThat(handshake(ClientTls.DEFAULT.trust(TlsTrust.of(good.certificate())), good, "a.example")
                        .serverCertificate())
                .isEqualTo(good.certificate());
    }

    @Test
    void whoTrustsAnyoneSaysSoAloud() throws SSLException {
        try (CapturedLog log = CapturedLog.of(ClientTls.class)) {
            ClientTls anyone = ClientTls.insecureTrustAnyone();
            assertThat(log.lines())
                    .containsExactly("WARNING TLS without security: certificates of servers are not verified");
            assertThat(anyone.verifyHostName()).isFalse();
            TestIdentity server = TestCertificates.create("strangers")
                    .request("b.example")
                    .expired()
                    .issue();
            assertThat(handshake(anyone, server, "a.example").serverCertificate())
                    .isEqualTo(server.certificate());
        }
    }

    // ---- Who it is ----

    @Test
    void itsIdentityIsShownWhereItIsAskedFor() throws SSLException {
        TlsIdentity ann = identity(AUTHORITY.issueForClient("ann"));
        ServerTls server = ServerTls.of(identity(AUTHORITY.issue("a.example")))
                .clientCertificates(ClientCertificates.REQUIRED, TlsTrust.of(AUTHORITY.root()));
        X509Certificate seen = TlsHandshake.between(CLIENT.identity(ann), server, "a.example")
                .run()
                .clientCertificate();
        assertThat(seen).isEqualTo(ann.certificate());
    }

    // ---- Contexts ----

    @Test
    void aContextIsMadeOnceAndOnlyWhenItIsNeeded() {
        ClientTls client = ClientTls.DEFAULT.trust(TlsTrust.of(AUTHORITY.root()));
        assertThat(client.isContextMade()).isFalse();
        SSLContext context = client.verifyHostName(false).context();
        assertThat(client.isContextMade()).isTrue();
        assertThat(client.context()).isSameAs(context);
        assertThat(client.trust(TlsTrust.system()).context()).isNotSameAs(context);
    }

    @Test
    void sessionsAreBounded() {
        var sessions = CLIENT.context().getClientSessionContext();
        assertThat(sessions.getSessionCacheSize()).isEqualTo(1_000);
        assertThat(sessions.getSessionTimeout()).isEqualTo(3_600);
        var fewer = CLIENT.sessions(3, Duration.ofSeconds(1)).context().getClientSessionContext();
        assertThat(fewer.getSessionCacheSize()).isEqualTo(3);
        assertThat(fewer.getSessionTimeout()).isEqualTo(1);
    }

    @Test
    void aContextOfTheApplicationBringsItsOwn() throws IOException {
        SSLContext context = AUTHORITY.context();
        ClientTls client = ClientTls.of(context).verifyHostName(false);
        assertThat(client.context()).isSameAs(context);
        assertThat(client.verifyHostName()).isFalse();
        for (Runnable change : List.<Runnable>of(
                () -> client.trust(TlsTrust.system()),
                () -> client.identity(identity(AUTHORITY.issueForClient("ann"))),
                () -> client.sessions(1, Duration.ofHours(1)))) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(change::run)
                    .withMessageContaining("made of an SSLContext");
        }
    }

    @Test
    void whatTheJdkTrustsCanBeLoaded() {
        assertThatNoException().isThrownBy(ClientTls.DEFAULT::context);
    }
}
