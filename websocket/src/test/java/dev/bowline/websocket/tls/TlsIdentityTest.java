package dev.bowline.websocket.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsIdentityTest {
    private static final TestCertificates AUTHORITY = TestCertificates.shared();
    private static final TestIdentity EC = AUTHORITY.issue("a.example", "*.a.example", "127.0.0.1");
    private static final TestIdentity RSA = AUTHORITY.request("b.example").rsa().issue();
    private static final char[] PASSWORD = TestIdentity.PASSWORD.toCharArray();

    private final Path directory;

    TlsIdentityTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private Path file(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n";
    }

    /** The message of the failure, with the directory of the test left out. */
    private String refused(ThrowingCallable load) {
        Throwable[] failure = new Throwable[1];
        assertThatExceptionOfType(TlsConfigurationException.class)
                .isThrownBy(load)
                .satisfies(e -> failure[0] = e);
        return String.valueOf(failure[0].getMessage()).replace(directory + "/", "");
    }

    private String refusedPem(String chain, String key) {
        return refused(() -> TlsIdentity.fromPem(file("chain.pem", chain), file("key.pem", key)));
    }

    // ---- What is good ----

    @Test
    void tellsWhoItIs() throws TlsConfigurationException {
        TlsIdentity identity = TlsIdentity.fromPem(EC.writeChain(directory, "a"), EC.writeKey(directory, "a"));
        assertThat(identity.chain()).isEqualTo(EC.chain());
        assertThat(identity.certificate()).isEqualTo(EC.certificate());
        assertThat(identity.names()).containsExactly("a.example", "*.a.example");
        assertThat(identity.validUntil())
                .isEqualTo(EC.certificate().getNotAfter().toInstant());
        assertThat(identity).hasToString("a.example, *.a.example, 127.0.0.1, valid until " + identity.validUntil());
    }

    @Test
    void aChainWithAnAuthorityBetweenIsKept() throws TlsConfigurationException {
        TestIdentity longer = AUTHORITY.intermediate("between").issue("a.example");
        TlsIdentity identity = TlsIdentity.fromPem(longer.writeChain(directory, "a"), longer.writeKey(directory, "a"));
        assertThat(identity.chain()).hasSize(2).isEqualTo(longer.chain());
    }

    @Test
    void theRootMayBeInTheChain() throws TlsConfigurationException {
        List<java.security.cert.X509Certificate> chain = List.of(EC.certificate(), AUTHORITY.root());
        assertThat(TlsIdentity.of(EC.key(), chain).chain()).isEqualTo(chain);
    }

    @Test
    void chainAndKeyMayBeInOneFileInAnyOrderWithTextBetween() throws TlsConfigurationException {
        Path file = file(
                "both.pem",
                "\ufeffBag Attributes\n  friendlyName: a-b -- c\n" + EC.keyPem() + "subject=CN = a\r\n"
                        + EC.chainPem().replace("\n", "\r\n"));
        assertThat(TlsIdentity.fromPem(file).certificate()).isEqualTo(EC.certificate());
    }

    @Test
    void keysOfEachKindAreRead() throws TlsConfigurationException {
        TestIdentity ed25519 = AUTHORITY.request("c.example").ed25519().issue();
        for (TestIdentity each : List.of(EC, RSA, ed25519)) {
            TlsIdentity identity = TlsIdentity.fromPem(file("both.pem", each.chainPem() + each.keyPem()));
            assertThat(identity.key()).isEqualTo(each.key());
        }
    }

    @Test
    void theFormThatRsaKeysHadBeforePkcs8IsRead() throws TlsConfigurationException {
        int header = 26; // PrivateKeyInfo of an RSA key with 2048 bits, up to the RSAPrivateKey
        byte[] encoded = RSA.key().getEncoded();
        String key = pem("RSA PRIVATE KEY", Arrays.copyOfRange(encoded, header, encoded.length));
        TlsIdentity identity = TlsIdentity.fromPem(file("both.pem", RSA.chainPem() + key));
        assertThat(identity.key()).isEqualTo(RSA.key());
    }

    @Test
    void theFormThatEcKeysHadBeforePkcs8IsRead() throws TlsConfigurationException {
        String key =
                pem("EC PARAMETERS", HexFormat.of().parseHex("06082a8648ce3d030107")) + pem("EC PRIVATE KEY", sec1());
        TlsIdentity identity = TlsIdentity.fromPem(file("both.pem", key + EC.chainPem()));
        assertThat(((ECPrivateKey) identity.key()).getS()).isEqualTo(((ECPrivateKey) EC.key()).getS());
    }

    /** ECPrivateKey (RFC 5915) on P-256: version, key, curve. */
    private static byte[] sec1() {
        BigInteger secret = ((ECPrivateKey) EC.key()).getS();
        return HexFormat.of().parseHex("30310201010420" + String.format("%064x", secret) + "a00a06082a8648ce3d030107");
    }

    // ---- What is not ----

    @Nested
    class Refused {
        @Test
        void aFileThatIsNotThere() {
            Path missing = directory.resolve("missing.pem");
            assertThat(refused(() -> TlsIdentity.fromPem(missing))).isEqualTo("missing.pem does not exist");
            assertThat(refused(() -> TlsIdentity.fromKeyStore(missing, PASSWORD)))
                    .isEqualTo("missing.pem does not exist");
        }

        @Test
        void aDirectory() {
            assertThat(refused(() -> TlsIdentity.fromPem(directory)))
                    .isEqualTo(directory + " is a directory, but must be a file");
        }

        @Test
        void aFileWithoutEnd() {
            assertThat(refused(() -> TlsIdentity.fromPem(file("big.pem", "x".repeat(PemFile.MAX_BYTES + 1)))))
                    .isEqualTo("big.pem is larger than 4194304 bytes: too much for keys and certificates");
        }

        @Test
        void aFileThatIsNoPem() {
            assertThat(refusedPem("\0\1binary", EC.keyPem()))
                    .isEqualTo("chain.pem holds no certificate, but must be PEM with a block"
                            + " \"-----BEGIN CERTIFICATE-----\"; there is no PEM in it");
            Path pkcs12 = EC.writeKeyStore(directory, "keys");
            assertThat(refused(() -> TlsIdentity.fromPem(pkcs12)))
                    .startsWith("keys.p12 holds no certificate, ")
                    .endsWith("; it seems to be DER or PKCS#12, which openssl converts");
        }

        @Test
        void aKeyInPlaceOfACertificateAndTheOtherWayRound() {
            assertThat(refusedPem(EC.keyPem(), EC.keyPem()))
                    .startsWith("chain.pem holds no certificate, ")
                    .endsWith("; in it is PRIVATE KEY");
            assertThat(refusedPem(EC.chainPem(), EC.chainPem()))
                    .isEqualTo("key.pem holds no private key, but must be PEM with a block"
                            + " \"-----BEGIN PRIVATE KEY-----\"; in it is CERTIFICATE");
        }

        @Test
        void twoKeys() {
            assertThat(refusedPem(EC.chainPem(), EC.keyPem() + RSA.keyPem()))
                    .isEqualTo("key.pem holds 2 private keys, but must hold one");
        }

        @Test
        void aFileThatIsCutShort() {
            String chain = AUTHORITY.intermediate("between").issue("a.example").chainPem();
            assertThat(refusedPem(chain.substring(0, chain.length() - 40), EC.keyPem()))
                    .isEqualTo("block 2 of chain.pem has no proper end: is the file complete?");
        }

        @Test
        void whatIsNoBase64() {
            assertThat(refusedPem("-----BEGIN CERTIFICATE-----\nMII?\n-----END CERTIFICATE-----", EC.keyPem()))
                    .isEqualTo("block 1 of chain.pem is no valid base64");
        }

        @Test
        void damagedContent() {
            assertThat(refusedPem(EC.chainPem() + pem("CERTIFICATE", new byte[100]), EC.keyPem()))
                    .isEqualTo("certificate 2 of chain.pem is damaged");
            for (String label : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")) {
                for (byte[] content :
                        List.of(new byte[0], new byte[100], new byte[] {0x30, (byte) 0x84, -1, -1, -1, -1})) {
                    assertThat(refusedPem(EC.chainPem(), pem(label, content)))
                            .startsWith("the private key in key.pem is damaged, or of a kind that is not known; ");
                }
            }
        }

        @Test
        void aKeyForWhichTlsHasNoUse() throws GeneralSecurityException {
            byte[] key = KeyPairGenerator.getInstance("X25519")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            assertThat(refusedPem(EC.chainPem(), pem("PRIVATE KEY", key)))
                    .endsWith("it must be an RSA, EC (P-256, P-384, P-521) or Ed25519 key");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\nAAAA\n"
                            + "-----END RSA PRIVATE KEY-----"
                })
        void anEncryptedKeyWithTheCommandThatDecryptsIt(String key) {
            String command = "\"openssl pkey -in " + directory.resolve("key.pem") + " -out decrypted.pem\"";
            assertThatExceptionOfType(TlsConfigurationException.class)
                    .isThrownBy(() -> TlsIdentity.fromPem(file("chain.pem", EC.chainPem()), file("key.pem", key)))
                    .withMessageContaining("key.pem is encrypted, but must not be; ")
                    .withMessageEndingWith(command);
        }

        @Test
        void aKeyOfOpenSsh() {
            assertThat(refusedPem(EC.chainPem(), pem("OPENSSH PRIVATE KEY", new byte[10])))
                    .isEqualTo("the private key in key.pem is a OPENSSH PRIVATE KEY, but must be a PRIVATE KEY,"
                            + " RSA PRIVATE KEY or EC PRIVATE KEY");
        }

        @Test
        void aKeyThatDoesNotMatchTheCertificate() {
            for (TestIdentity other : List.of(RSA, AUTHORITY.issue("a.example"))) {
                assertThat(refusedPem(EC.chainPem(), other.keyPem()))
                        .isEqualTo("the private key in key.pem does not match the certificate in chain.pem"
                                + " (a.example, *.a.example, 127.0.0.1); the two must have been made together");
            }
            assertThat(refused(() -> TlsIdentity.fromPem(file("both.pem", EC.chainPem() + RSA.keyPem()))))
                    .startsWith("the private key in both.pem does not match the certificate in it (a.example");
        }

        @Test
        void anExpiredCertificate() {
            TestIdentity late = AUTHORITY.request("a.example").expired().issue();
            assertThat(refusedPem(late.chainPem(), late.keyPem()))
                    .isEqualTo("the certificate in chain.pem (a.example) expired at "
                            + late.certificate().getNotAfter().toInstant() + "; put a new one there");
        }

        @Test
        void aCertificateThatIsNotValidYet() {
            TestIdentity early = AUTHORITY.request("a.example").notYetValid().issue();
            assertThat(refusedPem(early.chainPem(), early.keyPem()))
                    .startsWith("the certificate in chain.pem (a.example) is not valid before "
                            + early.certificate().getNotBefore().toInstant() + ", and this machine's clock says 2");
        }

        @Test
        void aChainThatIsNotInOrder() {
            TestIdentity longer = AUTHORITY.intermediate("between").issue("a.example");
            String own = pem("CERTIFICATE", encoded(longer, 0));
            String between = pem("CERTIFICATE", encoded(longer, 1));
            assertThat(refusedPem(between + own, longer.keyPem()))
                    .isEqualTo("the private key in key.pem is that of certificate 2 of chain.pem (a.example), but its"
                            + " certificate must come first, and then that of its issuer");
            assertThat(refusedPem(own + EC.chainPem() + between, longer.keyPem()))
                    .isEqualTo("certificate 2 of chain.pem (a.example, *.a.example, 127.0.0.1) has not issued"
                            + " certificate 1 (a.example); each must be followed by the one of its issuer, here by that"
                            + " of CN=between");
        }

        /** The name alone proves nothing. */
        @Test
        void anIssuerOfTheSameNameWithAnotherKey() {
            TestCertificates namesake = TestCertificates.create("Bowline test authority");
            assertThat(refused(() -> TlsIdentity.of(EC.key(), List.of(EC.certificate(), namesake.root()))))
                    .startsWith("certificate 2 of the chain (CN=Bowline test authority) has not issued certificate 1 ");
        }

        @Test
        void anEmptyChain() {
            assertThat(refused(() -> TlsIdentity.of(EC.key(), List.of())))
                    .isEqualTo("the chain is empty, but must hold a certificate");
        }
    }

    private static byte[] encoded(TestIdentity identity, int index) {
        try {
            return identity.chain().get(index).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    // ---- Key stores ----

    private static KeyStore store(String type) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        return store;
    }

    private static void put(KeyStore store, String alias, TestIdentity identity) throws GeneralSecurityException {
        PrivateKey key = identity.key();
        store.setKeyEntry(alias, key, PASSWORD, identity.chain().toArray(java.security.cert.X509Certificate[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void aKeyStoreOfEachTypeIsRead(String type) throws GeneralSecurityException, IOException {
        KeyStore store = store(type);
        put(store, "one", EC);
        Path file = directory.resolve("keys");
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
        assertThat(TlsIdentity.fromKeyStore(file, PASSWORD).chain()).isEqualTo(EC.chain());
        assertThat(TlsIdentity.fromKeyStore(file, PASSWORD, "one").key()).isEqualTo(EC.key());
    }

    @Test
    void theAliasChoosesAmongSeveralKeys() throws GeneralSecurityException, IOException {
        KeyStore store = store("PKCS12");
        put(store, "one", EC);
        put(store, "two", RSA);
        store.setCertificateEntry("authority", AUTHORITY.root());
        assertThat(TlsIdentity.of(store, PASSWORD, "two").certificate()).isEqualTo(RSA.certificate());
        assertThat(refused(() -> TlsIdentity.of(store, PASSWORD)))
                .isEqualTo("the key store holds 2 private keys; name the alias of one of [one, two]");
        assertThat(refused(() -> TlsIdentity.of(store, PASSWORD, "authority")))
                .isEqualTo("the key store holds no private key under the alias \"authority\"; there are [one, two]");
        assertThat(refused(() -> TlsIdentity.of(store, "wrong".toCharArray(), "one")))
                .isEqualTo("the password does not open the private key in the key store");
    }

    @Test
    void aKeyStoreThatCannotBeUsedIsRefused() throws GeneralSecurityException, IOException {
        Path file = EC.writeKeyStore(directory, "a");
        assertThat(refused(() -> TlsIdentity.fromKeyStore(file, "wrong".toCharArray())))
                .isEqualTo("the password does not open the key store a.p12");
        assertThat(refused(() -> TlsIdentity.fromKeyStore(EC.writeChain(directory, "a"), PASSWORD)))
                .isEqualTo("a.pem is no key store that this JDK knows; it must be PKCS#12 or JKS");
        KeyStore empty = store("PKCS12");
        assertThat(refused(() -> TlsIdentity.of(empty, PASSWORD)))
                .isEqualTo("the key store holds no private key, but must hold one with its certificates");
        TestIdentity late = AUTHORITY.request("a.example").expired().issue();
        assertThat(refused(() -> TlsIdentity.fromKeyStore(late.writeKeyStore(directory, "late"), PASSWORD)))
                .startsWith("the certificate in late.p12 (a.example) expired at ");
    }

    @Test
    void aClockDecidesWhatIsExpired() {
        java.time.Clock later =
                java.time.Clock.offset(java.time.Clock.systemUTC(), java.time.Duration.of(2, ChronoUnit.DAYS));
        assertThat(refused(() -> TlsIdentity.checked("it", EC.chain(), "it", EC.key(), later)))
                .contains("expired at");
    }
}
