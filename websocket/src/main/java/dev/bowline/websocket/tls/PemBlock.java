package dev.bowline.websocket.tls;

/** One block of a PEM file (RFC 7468). Immutable by convention: nobody writes to its content. */
final class PemBlock {
    private final String label;
    private final String headers;
    private final byte[] content;

    /** @param headers of the older formats (RFC 1421), such as {@code Proc-Type: 4,ENCRYPTED}; mostly empty */
    PemBlock(String label, String headers, byte[] content) {
        this.label = label;
        this.headers = headers;
        this.content = content;
    }

    String label() {
        return label;
    }

    byte[] content() {
        return content;
    }

    boolean isCertificate() {
        return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE"); // the latter: RFC 7468 §5.1
    }

    boolean isPrivateKey() {
        return label.endsWith("PRIVATE KEY");
    }

    boolean isEncrypted() {
        return label.startsWith("ENCRYPTED") || headers.contains("ENCRYPTED");
    }
}
