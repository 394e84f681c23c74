package dev.bowline.cli.serve;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.config.EngineChoice;
import dev.bowline.redis.RedisConnectException;
import dev.bowline.redis.RedisEngine;
import dev.bowline.session.engine.Engine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Opens what {@link EngineChoice} names. */
final class Engines {
    private Engines() {}

    /**
     * An engine, and how to end it.
     *
     * @param redis null for one in memory
     */
    record Opened(@Nullable RedisEngine redis) implements AutoCloseable {
        /** Null for the hub's own, in memory. */
        @Nullable
        Engine engine() {
            return redis;
        }

        /** Whether other nodes may go on with what this one has. */
        boolean isShared() {
            return redis != null;
        }

        @Override
        public void close() {
            if (redis != null) {
                redis.close();
            }
        }
    }

    static Opened open(EngineChoice choice) throws CommandFailure {
        if (choice.redis() == null) {
            return new Opened(null);
        }
        try {
            return new Opened(new RedisEngine(choice.redis()));
        } catch (RedisConnectException e) {
            throw new CommandFailure(e.getMessage() + ". Is it running, and is the engine (--engine) right?");
        }
    }

    /** Reads {@code memory}, or the URI of a Redis. */
    static final class Converter implements ITypeConverter<EngineChoice> {
        @Override
        public EngineChoice convert(String value) {
            try {
                return EngineChoice.read(value);
            } catch (IllegalArgumentException e) {
                // the value is not repeated: there may be a password in it
                throw new TypeConversionException("the engine can't be read, but must be " + EngineChoice.ALLOWED);
            }
        }
    }
}
