package dev.bowline.session.engine;

/**
 * How much of a topic is kept: the oldest messages go when any of these is exceeded.
 *
 * @param maxCount how many messages, at least 1
 * @param maxBytes how many bytes of messages, headers included, at least 1
 * @param maxAgeMillis how long, at least 1
 */
public record Retention(int maxCount, long maxBytes, long maxAgeMillis) {
    public Retention {
        if (maxCount < 1 || maxBytes < 1 || maxAgeMillis < 1) {
            throw new IllegalArgumentException("maxCount is " + maxCount + ", maxBytes " + maxBytes + ", maxAgeMillis "
                    + maxAgeMillis + ": each must be at least 1");
        }
    }
}
