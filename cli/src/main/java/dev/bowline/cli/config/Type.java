package dev.bowline.cli.config;

/**
 * A kind of value.
 *
 * @param <T> what it is read as
 */
public interface Type<T> {
    /** What is allowed, behind "must be": "a number from 0 to 65535". */
    String allowed();

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException for what is none; the message may be null, or says more than {@link #allowed} does
     */
    T read(String text);

    /** As it is written, such that it is read again as the same. */
    default String write(T value) {
        return String.valueOf(value);
    }

    /** Whether it must not be shown. */
    default boolean isSecret() {
        return false;
    }
}
