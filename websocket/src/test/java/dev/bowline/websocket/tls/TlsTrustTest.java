package dev.bowline.websocket.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTrustTest {
    private static final X509Certificate ONE = TestCertificates.shared().root();
    private static final X509Certificate TWO = TestCertificates.create("two").root();

    private final Path directory;

    TlsTrustTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static List<X509Certificate> trusted(TlsTrust trust) {
        return List.of(trust.manager().getAcceptedIssuers());
    }

    @Test
    void trustsWhatIsGivenAndNobodyElse() {
        assertThat(trusted(TlsTrust.of(ONE))).containsExactly(ONE);
        assertThat(trusted(TlsTrust.of(ONE, TWO, ONE))).containsExactlyInAnyOrder(ONE, TWO);
    }

    @Test
    void trustsAllCertificatesOfAPemFile() throws IOException {
        Path file = TestCertificates.shared().writePem(directory);
        assertThat(trusted(TlsTrust.fromPem(file))).containsExactly(ONE);
        String first = Files.readString(file);
        Files.writeString(
                file,
                first + "text between\n"
                        + Files.readString(TestCertificates.create("x").writePem(directory)));
        assertThat(trusted(TlsTrust.fromPem(file))).hasSize(2);
    }

    @Test
    void trustsWhatAKeyStoreMarksAsTrusted() throws GeneralSecurityException, IOException {
        KeyStore store = TestCertificates.shared().trustStore();
        assertThat(trusted(TlsTrust.of(store))).containsExactly(ONE);
        Path file = directory.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "secret".toCharArray());
        }
        assertThat(trusted(TlsTrust.fromKeyStore(file, "secret".toCharArray()))).containsExactly(ONE);
    }

    @Test
    void whatHoldsNoCertificateIsRefused() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing");
        assertThatExceptionOfType(TlsConfigurationException.class)
                .isThrownBy(() -> TlsTrust.fromPem(empty))
                .withMessageStartingWith(empty + " holds no certificate, but must be PEM with a block ")
                .withMessageEndingWith("; there is no PEM in it");
        KeyStore keysAlone = TestCertificates.shared().issue("a.example").keyStore();
        assertThatExceptionOfType(TlsConfigurationException.class)
                .isThrownBy(() -> TlsTrust.of(keysAlone))
                .withMessageStartingWith("the key store holds no trusted certificate, ");
        assertThatExceptionOfType(TlsConfigurationException.class)
                .isThrownBy(() -> TlsTrust.fromKeyStore(empty, TestIdentity.PASSWORD.toCharArray()))
                .withMessage(empty + " is no key store that this JDK knows; it must be PKCS#12 or JKS");
    }

    @Test
    void addsToWhatTheJdkTrusts() {
        List<X509Certificate> system = trusted(TlsTrust.system());
        assertThat(trusted(TlsTrust.system().and(TlsTrust.of(ONE))))
                .hasSize(system.size() + 1)
                .containsAll(system)
                .contains(ONE);
        assertThat(trusted(TlsTrust.of(ONE).and(TlsTrust.of(TWO)))).containsExactlyInAnyOrder(ONE, TWO);
    }
}
