package dev.bowline.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A certification authority that lives as long as a test, and the certificates that it issues: so no key is committed, and
 * none expires.
 *
 * <pre>{@code
 * TestCertificates authority = TestCertificates.shared();
 * TestIdentity server = authority.issue("localhost", "127.0.0.1");
 * TestIdentity late = authority.request("localhost").expired().issue();
 * SSLContext serverSide = server.context();
 * SSLContext clientSide = authority.context();
 * }</pre>
 *
 * <p>Certificates are valid from yesterday until tomorrow, and written here, byte by byte, as starting the JDK's keytool for each
 * takes a second. Keys are elliptic curve keys unless asked otherwise. Immutable; safe from any thread.
 */
public final class TestCertificates {
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

    private static final int DIGITAL_SIGNATURE = 0x80; // bits of the key usage
    private static final int KEY_ENCIPHERMENT = 0x20;
    private static final int SIGNS_CERTIFICATES_AND_CRLS = 0x06;

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    /** One authority for all tests of a program. */
    private static final class Shared {
        static final TestCertificates INSTANCE = create("Bowline test authority");
    }

    private final String name;
    private final PrivateKey key;
    private final List<X509Certificate> chain; // its own first, the root last

    private TestCertificates(String name, PrivateKey key, List<X509Certificate> chain) {
        this.name = name;
        this.key = key;
        this.chain = chain;
    }

    /** The authority that all tests of this program share. */
    public static TestCertificates shared() {
        return Shared.INSTANCE;
    }

    /** A new authority, whose name is its own: a root. */
    public static TestCertificates create(String name) {
        KeyPair pair = generate(Kind.EC);
        TestCertificates unsigned = new TestCertificates(name, pair.getPrivate(), List.of());
        Request request = unsigned.new Request(name, List.of());
        request.authority = true;
        X509Certificate root = unsigned.sign(request, pair.getPublic(), pair.getPublic());
        return new TestCertificates(name, pair.getPrivate(), List.of(root));
    }

    /** An authority below this one. Whoever shows its certificates shows its own too, but not the root. */
    public TestCertificates intermediate(String itsName) {
        Request request = request(itsName);
        request.authority = true;
        TestIdentity identity = request.issue();
        List<X509Certificate> longer = new ArrayList<>(identity.chain());
        longer.add(root());
        return new TestCertificates(itsName, identity.key(), List.copyOf(longer));
    }

    /** The certificate at the top, which others trust. */
    public X509Certificate root() {
        return chain.get(chain.size() - 1);
    }

    /** Holds the root alone: what trusts this authority. */
    public KeyStore trustStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", root());
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes the root into {@code authority.pem} of a directory. */
    public Path writePem(Path directory) {
        return TestIdentity.write(
                directory.resolve("authority.pem"), TestIdentity.pem("CERTIFICATE", TestIdentity.encoded(root())));
    }

    /** Trusts this authority, and has no certificate of its own. */
    public SSLContext context() {
        return context(null);
    }

    /** Trusts this authority, and shows that identity where there is one. */
    public SSLContext context(@Nullable TestIdentity identity) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trustStore());
            KeyManager[] keys = null;
            if (identity != null) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(identity.keyStore(), TestIdentity.PASSWORD.toCharArray());
                keys = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A valid certificate for DNS names (also {@code *.example}) and IP addresses; the first is its common name too. */
    public TestIdentity issue(String... names) {
        return request(names).issue();
    }

    /** A certificate still to be issued. */
    public Request request(String... names) {
        return new Request(names[0], List.of(names));
    }

    /** A certificate for clients, named by its common name alone. */
    public TestIdentity issueForClient(String commonName) {
        Request request = new Request(commonName, List.of());
        request.client = true;
        return request.issue();
    }

    private enum Kind {
        EC,
        RSA,
        ED25519
    }

    /** What a certificate is to be. Belongs to one thread. */
    public final class Request {
        private final String commonName;
        private final List<String> names;
        private Kind kind = Kind.EC;
        private Instant from = Instant.now().minus(1, ChronoUnit.DAYS);
        private Instant until = Instant.now().plus(1, ChronoUnit.DAYS);
        private boolean authority;
        private boolean client;

        private Request(String commonName, List<String> names) {
            this.commonName = commonName;
            this.names = names;
        }

        /** With an RSA key, of 2048 bits. */
        public Request rsa() {
            kind = Kind.RSA;
            return this;
        }

        /** With an Ed25519 key. */
        public Request ed25519() {
            kind = Kind.ED25519;
            return this;
        }

        /** Valid until yesterday. */
        public Request expired() {
            return valid(Instant.now().minus(2, ChronoUnit.DAYS), Instant.now().minus(1, ChronoUnit.DAYS));
        }

        /** Valid from tomorrow on. */
        public Request notYetValid() {
            return valid(Instant.now().plus(1, ChronoUnit.DAYS), Instant.now().plus(2, ChronoUnit.DAYS));
        }

        /** Valid between two moments. */
        public Request valid(Instant begin, Instant end) {
            from = begin;
            until = end;
            return this;
        }

        /** Makes the key and signs the certificate. */
        public TestIdentity issue() {
            KeyPair pair = generate(kind);
            List<X509Certificate> shown = new ArrayList<>();
            shown.add(sign(this, pair.getPublic(), chain.get(0).getPublicKey()));
            shown.addAll(chain.subList(0, chain.size() - 1)); // the root is with those who trust it
            return new TestIdentity(pair.getPrivate(), List.copyOf(shown), TestCertificates.this);
        }
    }

    private static KeyPair generate(Kind kind) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.name());
            switch (kind) {
                case EC -> generator.initialize(new ECGenParameterSpec("secp256r1"));
                case RSA -> generator.initialize(2048);
                case ED25519 -> {} // there is but one
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** RFC 5280 §4.1. */
    private X509Certificate sign(Request request, PublicKey subjectKey, PublicKey issuerKey) {
        byte[] algorithm = Der.sequence(Der.oid(ECDSA_WITH_SHA256));
        byte[] body = Der.sequence(
                Der.explicit(0, Der.integer(BigInteger.TWO)), // version 3
                Der.integer(new BigInteger(64, new SecureRandom()).setBit(63)),
                algorithm,
                named(name),
                Der.sequence(Der.time(request.from), Der.time(request.until)),
                named(request.commonName),
                subjectKey.getEncoded(),
                Der.explicit(3, extensions(request, subjectKey, issuerKey)));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(body);
            byte[] certificate = Der.sequence(body, algorithm, Der.bits(signature.sign(), 0));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] named(String commonName) {
        return Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.utf8(commonName))));
    }

    private static byte[] extensions(Request request, PublicKey subjectKey, PublicKey issuerKey) {
        List<byte[]> all = new ArrayList<>();
        if (request.authority) {
            all.add(extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.bool(true))));
            all.add(extension(KEY_USAGE, true, Der.bits(new byte[] {SIGNS_CERTIFICATES_AND_CRLS}, 1)));
        } else {
            boolean rsa = request.kind == Kind.RSA;
            byte[] usage = {(byte) (DIGITAL_SIGNATURE | (rsa ? KEY_ENCIPHERMENT : 0))};
            all.add(extension(KEY_USAGE, true, Der.bits(usage, rsa ? 5 : 7)));
            String purpose = request.client ? CLIENT_AUTHENTICATION : SERVER_AUTHENTICATION;
            all.add(extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.oid(purpose))));
        }
        all.add(extension(SUBJECT_KEY_IDENTIFIER, false, Der.octets(identifier(subjectKey))));
        all.add(extension(AUTHORITY_KEY_IDENTIFIER, false, Der.sequence(Der.implicit(0, identifier(issuerKey)))));
        if (!request.names.isEmpty() && !request.authority) {
            byte[][] names = request.names.stream()
                    .map(TestCertificates::alternativeName)
                    .toArray(byte[][]::new);
            all.add(extension(SUBJECT_ALTERNATIVE_NAME, false, Der.sequence(names)));
        }
        return Der.sequence(all.toArray(byte[][]::new));
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static byte[] alternativeName(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            return Der.implicit(2, text.getBytes(StandardCharsets.US_ASCII));
        }
        try {
            return Der.implicit(7, InetAddress.getByName(text).getAddress()); // an address: no look-up
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text + " is no IP address", e);
        }
    }

    private static byte[] identifier(PublicKey publicKey) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(publicKey.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
