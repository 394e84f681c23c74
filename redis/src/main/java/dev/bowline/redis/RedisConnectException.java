package dev.bowline.redis;

/** An engine could not connect to Redis when it was made. The message says where and why, and holds no password. */
public final class RedisConnectException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RedisConnectException(String message, Throwable cause) {
        super(message, cause);
    }
}
