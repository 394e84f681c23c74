package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCertificatesTest {
    private final TestCertificates authority = TestCertificates.shared();

    private static void validate(TestIdentity identity, TestCertificates trusted) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(trusted.trustStore());
        parameters.setRevocationEnabled(false);
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(identity.chain()), parameters);
    }

    @Test
    void issuesForNamesAndAddresses() throws GeneralSecurityException {
        TestIdentity identity = authority.issue("localhost", "*.example", "127.0.0.1", "::1");
        validate(identity, authority);
        X509Certificate certificate = identity.certificate();
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=localhost");
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(
                        List.of(2, "localhost"),
                        List.of(2, "*.example"),
                        List.of(7, "127.0.0.1"),
                        List.of(7, "0:0:0:0:0:0:0:1"));
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void issuesInTheKindsOfKeysThereAre() throws GeneralSecurityException {
        for (TestIdentity identity : List.of(
                authority.issue("a.example"),
                authority.request("a.example").rsa().issue(),
                authority.request("a.example").ed25519().issue())) {
            validate(identity, authority);
            String pem = identity.keyPem()
                    .lines()
                    .filter(line -> !line.startsWith("-"))
                    .reduce("", String::concat);
            String algorithm = identity.key().getAlgorithm();
            assertThat(KeyFactory.getInstance(algorithm)
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))))
                    .isEqualTo(identity.key());
        }
    }

    @Test
    void issuesWhatIsNotValidNow() {
        assertThatThrownBy(() -> authority
                        .request("a.example")
                        .expired()
                        .issue()
                        .certificate()
                        .checkValidity())
                .isInstanceOf(CertificateExpiredException.class);
        assertThatThrownBy(() -> authority
                        .request("a.example")
                        .notYetValid()
                        .issue()
                        .certificate()
                        .checkValidity())
                .isInstanceOf(CertificateNotYetValidException.class);
    }

    @Test
    void anIntermediateIsPartOfTheChainAndTheRootIsNot() throws GeneralSecurityException {
        TestIdentity identity = authority.intermediate("Below").issue("a.example");
        assertThat(identity.chain()).hasSize(2).doesNotContain(authority.root());
        validate(identity, authority);
        assertThatThrownBy(() -> validate(identity, TestCertificates.create("Another")))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void writesFilesThatOthersRead(@TempDir Path directory) throws Exception {
        TestIdentity identity = authority.intermediate("Below").issueForClient("somebody");
        assertThat(identity.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        byte[] chain = Files.readAllBytes(identity.writeChain(directory, "somebody"));
        assertThat(factory.generateCertificates(new ByteArrayInputStream(chain)))
                .isEqualTo(identity.chain());
        byte[] root = Files.readAllBytes(authority.writePem(directory));
        assertThat(factory.generateCertificate(new ByteArrayInputStream(root))).isEqualTo(authority.root());
        assertThat(identity.writeKey(directory, "somebody"))
                .content(StandardCharsets.US_ASCII)
                .startsWith("-----BEGIN PRIVATE KEY-----\n");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(identity.writeKeyStore(directory, "somebody"))) {
            store.load(in, TestIdentity.PASSWORD.toCharArray());
        }
        assertThat(store.getKey("identity", TestIdentity.PASSWORD.toCharArray()))
                .isEqualTo(identity.key());
    }

    @Test
    void twoSocketsSpeakTlsWithThem() throws Exception {
        SSLContext serverSide = authority.issue("localhost").context();
        SSLContext clientSide = authority.context(authority.issueForClient("somebody"));
        try (SSLServerSocket listening =
                (SSLServerSocket) serverSide.getServerSocketFactory().createServerSocket(0)) {
            listening.setNeedClientAuth(true);
            CompletableFuture<String> client = CompletableFuture.supplyAsync(() -> nameOfClient(listening));
            try (SSLSocket socket =
                    (SSLSocket) clientSide.getSocketFactory().createSocket("localhost", listening.getLocalPort())) {
                socket.startHandshake();
                assertThat(client.get(10, TimeUnit.SECONDS)).isEqualTo("CN=somebody");
            }
        }
    }

    private static String nameOfClient(SSLServerSocket listening) {
        try (SSLSocket accepted = (SSLSocket) listening.accept()) {
            return accepted.getSession().getPeerPrincipal().getName();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
