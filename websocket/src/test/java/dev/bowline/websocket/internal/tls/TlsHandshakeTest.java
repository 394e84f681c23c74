package dev.bowline.websocket.internal.tls;

import static dev.bowline.websocket.internal.tls.TlsStreamHarness.AUTHORITY;
import static dev.bowline.websocket.internal.tls.TlsStreamHarness.LOCALHOST;
import static dev.bowline.websocket.internal.tls.TlsStreamHarness.protocols;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import dev.bowline.websocket.tls.ClientCertificates;
import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.ServerTls;
import dev.bowline.websocket.tls.TlsSession;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How handshakes go and fail. */
class TlsHandshakeTest {
    private static final TestCertificates STRANGER = TestCertificates.create("A stranger");

    @RegisterExtension
    final TlsStreamHarness tls = new TlsStreamHarness();

    private static TlsPeer client(SSLContext context, String protocol) {
        return TlsPeer.client(context, "localhost", protocols(protocol));
    }

    private void untilRefused(String sentence) {
        tls.until("refused", () -> tls.above.told.stream().anyMatch(told -> told.startsWith("failed: ")));
        assertThat(tls.above.told.get(0)).startsWith("failed: " + sentence);
        assertThat(tls.raw.isOutputShut()).isTrue();
        assertThat(tls.raw.isClosed())
                .as("closed before the peer could read the alert")
                .isFalse();
    }

    // ---- What is agreed on

    @ParameterizedTest
    @CsvSource({"server, TLSv1.3", "server, TLSv1.2", "client, TLSv1.3", "client, TLSv1.2"})
    void bothAgreeOnHttp(String role, String protocol) {
        if (role.equals("server")) {
            tls.server(
                    ServerTls.of(LOCALHOST.context()), TlsPeer.client(AUTHORITY.context(), "localhost", parameters -> {
                        parameters.setProtocols(new String[] {protocol});
                        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
                    }));
        } else {
            tls.client(
                    ClientTls.of(AUTHORITY.context()), "localhost", TlsPeer.server(LOCALHOST.context(), parameters -> {
                        parameters.setProtocols(new String[] {protocol});
                        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
                    }));
        }
        tls.opened();
        assertThat(tls.peer().engine().getApplicationProtocol()).isEqualTo("http/1.1");
    }

    @Test
    void theServerSeesWhatTheClientAskedForAndShowed() throws SSLException {
        TestIdentity somebody = AUTHORITY.issueForClient("somebody");
        tls.server(
                        ServerTls.of(LOCALHOST.context()).clientCertificates(ClientCertificates.REQUIRED),
                        TlsPeer.client(
                                somebody.context(),
                                "localhost",
                                parameters -> parameters.setServerNames(List.of(new SNIHostName("chat.example")))))
                .opened();
        TlsSession session = tls.stream().session();
        assertThat(session.serverName()).isEqualTo("chat.example");
        assertThat(session.peerCertificates()).isEqualTo(somebody.chain());
        assertThat(String.valueOf(session.peer())).isEqualTo("CN=somebody");
        assertThat(session.cipherSuite()).startsWith("TLS_");
    }

    @ParameterizedTest
    @CsvSource({"localhost, localhost", "localhost., localhost", "127.0.0.1, none", "[::1], none"})
    void theClientNamesTheServerUnlessItIsAnAddress(String host, String named) {
        TestIdentity all = AUTHORITY.issue("localhost", "127.0.0.1", "::1");
        // With a dot at its end the JDK finds the name in no certificate.
        ClientTls trusting = ClientTls.of(AUTHORITY.context()).verifyHostName(!host.endsWith("."));
        tls.client(trusting, host, TlsPeer.server(all.context(), parameters -> {}))
                .opened();
        assertThat(TlsEngines.session(tls.peer().engine()).serverName()).isEqualTo(named.equals("none") ? null : named);
        assertThat(tls.stream().session().peerCertificates()).containsExactly(all.certificate());
    }

    @Test
    void clientCertificatesMayBeOptional() {
        tls.server(
                        ServerTls.of(LOCALHOST.context()).clientCertificates(ClientCertificates.OPTIONAL),
                        client(AUTHORITY.context(), "TLSv1.3"))
                .opened();
        assertThat(tls.stream().session().peerCertificates()).isEmpty();
        assertThat(tls.stream().session().peer()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "client"})
    void whatTakesLongRunsOffTheLoop(String role) {
        ThreadNotes notes = new ThreadNotes();
        if (role.equals("server")) {
            tls.server(ServerTls.of(notes.context(LOCALHOST)), client(AUTHORITY.context(), "TLSv1.3"));
        } else {
            tls.client(
                    ClientTls.of(notes.context(null)),
                    "localhost",
                    TlsPeer.server(LOCALHOST.context(), protocols("TLSv1.3")));
        }
        tls.opened();
        assertThat(notes.threads()).isNotEmpty().allMatch(name -> name.startsWith("bowline-tls-"));
    }

    // ---- A server refuses

    /** A ClientHello of TLS 1.1, which newer JDKs do not make any more. */
    private static byte[] oldHello() {
        String random = "00".repeat(32);
        return HexFormat.of().parseHex("160301002f" + "0100002b" + "0302" + random + "00" + "0004002f0035" + "0100");
    }

    @Test
    void aClientThatKnowsNothingNewerThanTls11IsToldSo() {
        tls.server("TLSv1.3");
        tls.peer().takeOutput(); // this one is not heard
        tls.raw.incoming(oldHello());
        byte[] alert = writtenUntilRefused();
        assertThat(HexFormat.of().formatHex(alert)).matches("1503..00020246"); // fatal, protocol_version
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientThatWantsAnotherProtocolIsRefused(String protocol) {
        tls.server(ServerTls.of(LOCALHOST.context()), TlsPeer.client(AUTHORITY.context(), "localhost", parameters -> {
            parameters.setProtocols(new String[] {protocol});
            parameters.setApplicationProtocols(new String[] {"h2"});
        }));
        untilRefused("");
        tls.settle();
        assertThat(tls.peerFailure()).isEqualTo("Received fatal alert: no_application_protocol");
    }

    @ParameterizedTest
    @CsvSource({
        "nobody, TLSv1.3, (certificate_required|bad_certificate)",
        "nobody, TLSv1.2, (bad_certificate|handshake_failure)",
        "stranger, TLSv1.3, .*(unknown|bad_certificate).*",
        "stranger, TLSv1.2, .*(unknown|bad_certificate).*"
    })
    void aClientWithoutATrustedCertificateIsToldSo(String who, String protocol, String alert) {
        SSLContext context = who.equals("nobody")
                ? AUTHORITY.context()
                : new ThreadNotes().context(STRANGER.issueForClient("stranger"), protocol);
        tls.server(
                ServerTls.of(LOCALHOST.context()).clientCertificates(ClientCertificates.REQUIRED),
                client(context, protocol));
        untilRefused("");
        tls.settle();
        assertThat(tls.peerFailure()).matches("Received fatal alert: " + alert);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void plainHttpIsAnsweredPlainly(int readLimit) {
        tls.server("TLSv1.3");
        tls.peer().takeOutput();
        tls.raw.readLimit(readLimit);
        tls.raw.incoming("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] answer = writtenUntilRefused();
        assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("plain");
        assertThat(tls.above.told).containsExactly("failed: the client speaks plain HTTP, not TLS");
        assertThat(tls.raw.isOutputShut()).isTrue();
        tls.raw.end();
        tls.until("all is read", () -> tls.above.told.contains("end"));
        assertThat(tls.above.received()).isEmpty();
    }

    private byte[] writtenUntilRefused() {
        byte[][] written = {{}};
        Await.until("refused", () -> {
            tls.inLoop(() -> {
                if (tls.raw.isReadable()) {
                    tls.raw.handler().onReadable();
                }
                return true;
            });
            written[0] = concat(written[0], tls.raw.takeWritten());
            return !tls.above.told.isEmpty();
        });
        return written[0];
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get / http/1.1",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZ ",
                " GET / HTTP/1.1",
                "\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
                "\u0080.\u0001\u0003\u0001\u0000\u0000\u0000\u0000",
                "\u0016\u0003\u0001\u0000\u0000garbage",
                "\u0016\u0003\u0001\u0000\u0005garbage",
                "\u0017\u0003\u0003\u0000\u0003abc",
                "\u0016\u0003\u0003\u00ff\u00ffabc"
            })
    void garbageIsRefused(String garbage) {
        tls.server("TLSv1.3");
        tls.peer().takeOutput();
        tls.raw.incoming(garbage.getBytes(StandardCharsets.ISO_8859_1));
        tls.raw.end();
        writtenUntilRefused();
        assertThat(tls.above.told).singleElement().asString().startsWith("failed: ");
        tls.until("all is read", () -> tls.above.told.contains("end"));
    }

    @Test
    void aHandshakeThatEndsAnywhereIsNoMoreThanAnEnd() {
        tls.server("TLSv1.3");
        tls.settle();
        byte[] hello = client(AUTHORITY.context(), "TLSv1.3").takeOutput();
        for (int length : new int[] {0, 1, 4, 5, 6, hello.length / 2, hello.length - 1}) {
            TlsStreamHarness cut = new TlsStreamHarness();
            cut.server("TLSv1.3");
            cut.peer().takeOutput();
            cut.raw.incoming(Arrays.copyOf(hello, length));
            cut.settle();
            assertThat(cut.above.told).as("%s bytes", length).isEmpty();
            cut.raw.end();
            cut.until("refused", () -> !cut.above.told.isEmpty());
            assertThat(cut.above.told.get(0))
                    .isEqualTo("failed: the client ended the TCP stream within the TLS handshake");
            cut.loop.stop();
        }
    }

    // ---- A client refuses, or is refused

    private void clientOf(TestIdentity server) {
        tls.client(
                ClientTls.of(AUTHORITY.context()),
                "localhost",
                TlsPeer.server(server.context(), protocols("TLSv1.3", "TLSv1.2")));
    }

    @Test
    void anUnknownAuthority() {
        clientOf(STRANGER.issue("localhost"));
        untilRefused("the certificate of the server is not trusted: none of the trusted authorities has issued it");
        tls.settle();
        assertThat(tls.peerFailure()).isEqualTo("Received fatal alert: certificate_unknown");
    }

    @Test
    void anExpiredCertificate() {
        clientOf(AUTHORITY.request("localhost").expired().issue());
        untilRefused("the certificate of the server has expired (");
    }

    @Test
    void aCertificateThatIsNotValidYet() {
        clientOf(AUTHORITY.request("localhost").notYetValid().issue());
        untilRefused("the certificate of the server is not valid yet (");
    }

    @Test
    void aCertificateForAnotherName() {
        clientOf(AUTHORITY.issue("elsewhere.example"));
        untilRefused("the certificate of the server is for another name (");
    }

    @Test
    void aServerThatSpeaksPlainHttp() {
        tls.client("TLSv1.3");
        tls.raw.incoming("HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII));
        untilRefused("the server answered in plain text, not in TLS; is it a ws:// port?");
    }

    @Test
    void aServerThatWantsAnotherProtocol() {
        tls.client(ClientTls.of(AUTHORITY.context()), "localhost", TlsPeer.server(LOCALHOST.context(), parameters -> {
            parameters.setApplicationProtocols(new String[] {"h2"});
        }));
        untilRefused("the server refused the TLS handshake with the alert no_application_protocol; it does not speak "
                + "HTTP/1.1 there");
    }

    @Test
    void aServerThatEnds() {
        tls.client("TLSv1.3");
        tls.raw.end();
        untilRefused("the server ended the TCP stream within the TLS handshake");
    }

    @Test
    void aContextThatMakesNoEngine() throws GeneralSecurityException {
        SSLContext broken = SSLContext.getInstance("TLS"); // not initialised
        tls.client(ClientTls.of(broken), "localhost", TlsPeer.server(LOCALHOST.context(), parameters -> {}));
        untilRefused("TLS failed here: java.lang.IllegalStateException");
    }
}
