package dev.bowline.websocket.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A file of PEM blocks (RFC 7468). Text between the blocks is skipped: other programs write there whom a certificate is for.
 *
 * @param name how messages name the file
 * @param binary whether it looks like DER or PKCS#12
 */
record PemFile(String name, List<PemBlock> blocks, boolean binary) {
    /** Far more than all authorities of a browser take, and far less than memory. */
    static final int MAX_BYTES = 4 << 20;

    private static final String BEGIN = "-----BEGIN ";

    private static final Pattern BLOCK =
            Pattern.compile(BEGIN + "([A-Z0-9 ]+)-----\\s*((?:[\\w-]+:[^\\r\\n]*\\s+)*)([^-]*)-----END \\1-----");

    static PemFile read(Path file) throws TlsConfigurationException {
        return parse(file.toString(), new String(readBytes(file), StandardCharsets.ISO_8859_1));
    }

    /** The content of a file with keys or certificates; not without end, though a device has none. */
    static byte[] readBytes(Path file) throws TlsConfigurationException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new TlsConfigurationException(
                        file + " is larger than " + MAX_BYTES + " bytes: too much for keys and certificates");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw new TlsConfigurationException(file + " does not exist", e);
        } catch (AccessDeniedException e) {
            throw new TlsConfigurationException("this user may not read " + file, e);
        } catch (TlsConfigurationException e) {
            throw e;
        } catch (IOException e) {
            throw new TlsConfigurationException(
                    Files.isDirectory(file)
                            ? file + " is a directory, but must be a file"
                            : "can't read " + file + ": " + e.getMessage(),
                    e);
        }
    }

    static PemFile parse(String name, String text) throws TlsConfigurationException {
        List<PemBlock> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        for (int from = text.indexOf(BEGIN); from >= 0; from = text.indexOf(BEGIN, matcher.end())) {
            // Half a file, as it is while it is written, must not pass for one with fewer certificates.
            if (!matcher.find(from) || matcher.start() != from) {
                throw new TlsConfigurationException(
                        "block " + (blocks.size() + 1) + " of " + name + " has no proper end: is the file complete?");
            }
            blocks.add(new PemBlock(
                    matcher.group(1), matcher.group(2), decode(name, blocks.size() + 1, matcher.group(3))));
        }
        return new PemFile(name, blocks, text.startsWith("0\u0082")); // a SEQUENCE with a length of two bytes
    }

    private static byte[] decode(String name, int number, String text) throws TlsConfigurationException {
        try {
            return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new TlsConfigurationException("block " + number + " of " + name + " is no valid base64", e);
        }
    }

    /** All certificates, in their order; at least one. */
    List<X509Certificate> certificates() throws TlsConfigurationException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemBlock block : blocks) {
            if (block.isCertificate()) {
                certificates.add(certificate(block, certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            throw new TlsConfigurationException(name + " holds no certificate, but must be PEM with a block \"" + BEGIN
                    + "CERTIFICATE-----\"; " + contents());
        }
        return certificates;
    }

    private X509Certificate certificate(PemBlock block, int number) throws TlsConfigurationException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.content()));
        } catch (CertificateException e) {
            throw new TlsConfigurationException("certificate " + number + " of " + name + " is damaged", e);
        }
    }

    /** The one private key. */
    PrivateKey privateKey() throws TlsConfigurationException {
        List<PemBlock> keys = blocks.stream().filter(PemBlock::isPrivateKey).toList();
        if (keys.isEmpty()) {
            throw new TlsConfigurationException(name + " holds no private key, but must be PEM with a block \"" + BEGIN
                    + "PRIVATE KEY-----\"; " + contents());
        }
        if (keys.size() > 1) {
            throw new TlsConfigurationException(name + " holds " + keys.size() + " private keys, but must hold one");
        }
        return PrivateKeys.read(name, keys.get(0));
    }

    /** What is there instead. */
    private String contents() {
        if (blocks.isEmpty()) {
            return binary ? "it seems to be DER or PKCS#12, which openssl converts" : "there is no PEM in it";
        }
        return "in it is " + blocks.stream().map(PemBlock::label).distinct().collect(Collectors.joining(", "));
    }
}
