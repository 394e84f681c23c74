package dev.bowline.websocket.tls;

/** Whether a server asks its clients for certificates of their own. */
public enum ClientCertificates {
    /** It does not ask. */
    NONE,
    /** It asks; a client may go on without one, but one that is not trusted is refused. */
    OPTIONAL,
    /** It asks, and a client without a trusted one is refused. */
    REQUIRED
}
