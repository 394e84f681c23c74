package dev.bowline.websocket.tls;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys in the forms in which tools write them. The JDK knows PKCS#8 alone (RFC 5958); the two older forms are
 * the inner part of one, so they are wrapped into it.
 */
final class PrivateKeys {
    /** Those with which TLS signs. Each factory takes but its own. */
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private static final byte[] OID_RSA = {0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01};
    private static final byte[] OID_EC = {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int NULL = 0x05;
    private static final int OID = 0x06;
    private static final int SEQUENCE = 0x30;
    private static final int EC_PARAMETERS = 0xa0; // [0] in an ECPrivateKey

    private PrivateKeys() {}

    static PrivateKey read(String file, PemBlock block) throws TlsConfigurationException {
        if (block.isEncrypted()) {
            throw new TlsConfigurationException("the private key in " + file
                    + " is encrypted, but must not be; write it without its password by \"openssl pkey -in " + file
                    + " -out decrypted.pem\"");
        }
        byte[] pkcs8 =
                switch (block.label()) {
                    case "PRIVATE KEY" -> block.content();
                    case "RSA PRIVATE KEY" -> fromPkcs1(block.content());
                    case "EC PRIVATE KEY" -> fromSec1(block.content());
                    default ->
                        throw new TlsConfigurationException("the private key in " + file + " is a " + block.label()
                                + ", but must be a PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY");
                };
        PrivateKey key = pkcs8 == null ? null : fromPkcs8(pkcs8);
        if (key == null) {
            throw new TlsConfigurationException("the private key in " + file
                    + " is damaged, or of a kind that is not known; it must be an RSA, EC (P-256, P-384, P-521) or"
                    + " Ed25519 key");
        }
        return key;
    }

    private static @Nullable PrivateKey fromPkcs8(byte[] encoded) {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException | NoSuchAlgorithmException e) {
                // Of another kind, or damaged; the next may know.
            }
        }
        return null;
    }

    /** RSAPrivateKey (RFC 8017, appendix A.1.2). */
    private static byte[] fromPkcs1(byte[] key) {
        return wrap(der(SEQUENCE, der(OID, OID_RSA), der(NULL)), key);
    }

    /** ECPrivateKey (RFC 5915), whose curve stands outside in PKCS#8; null if it is damaged or names no curve. */
    private static byte @Nullable [] fromSec1(byte[] key) {
        try {
            ByteBuffer parts = ByteBuffer.wrap(content(ByteBuffer.wrap(key), SEQUENCE));
            content(parts, INTEGER); // the version
            content(parts, OCTET_STRING); // the key
            return wrap(der(SEQUENCE, der(OID, OID_EC), content(parts, EC_PARAMETERS)), key);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return null;
        }
    }

    /** PrivateKeyInfo (RFC 5208 §5): version, algorithm, key. */
    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return der(SEQUENCE, der(INTEGER, new byte[1]), algorithm, der(OCTET_STRING, key));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int size = content.size();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (size >= 0x80) {
            int bytes = (39 - Integer.numberOfLeadingZeros(size)) / 8; // no more than needed (X.690 §10.1)
            all.write(0x80 + bytes);
            for (int i = bytes - 1; i > 0; i--) {
                all.write(size >> (8 * i));
            }
        }
        all.write(size);
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    /** Takes the next element, which must have this tag; returns what is in it. */
    private static byte[] content(ByteBuffer in, int tag) {
        if ((in.get() & 0xff) != tag) {
            throw new IllegalArgumentException("another element");
        }
        int size = in.get() & 0xff;
        if (size >= 0x80) {
            int bytes = size - 0x80;
            size = 0;
            for (int i = 0; i < bytes; i++) {
                size = (size << 8) | (in.get() & 0xff);
            }
        }
        if (size < 0 || size > in.remaining()) {
            throw new IllegalArgumentException("longer than what it is in");
        }
        byte[] content = new byte[size];
        in.get(content);
        return content;
    }
}
