package dev.bowline.codec;

/** Whether to compress one message, where compression was negotiated at all. */
public enum Compression {
    /** Where it is worth it: the message is not too short, and gets shorter. */
    AUTO,
    /** Whatever the size. */
    ALWAYS,
    /**
     * Not this one: it is compressed already, or holds a secret beside text that an attacker may choose, whose size then
     * tells about the secret.
     */
    NEVER
}
