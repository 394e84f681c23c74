package dev.bowline.codec;

/** Which end of the connection a protocol object plays (RFC 6455 §1.3). */
public enum Role {
    /** The end that sent the opening handshake; masks every frame it sends (RFC 6455 §5.3). */
    CLIENT,
    /** The end that answered it; never masks. */
    SERVER
}
