package dev.bowline.codec;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What extensions keep once for all connections of one thread, such as a compressor: so that an idle connection costs
 * none of it. The embedder has one for each event loop, passes it on where a connection is opened, and closes it when
 * the loop has ended. Touched by that thread alone.
 */
public final class ExtensionScope {
    /** Something shared. */
    public interface Shared {
        /** Gives back what it holds outside the heap. Connections may still close later. */
        void close();
    }

    private final Map<Class<? extends Shared>, Shared> shared = new HashMap<>();

    public ExtensionScope() {}

    /** The one of this type; made when first asked for. */
    public <T extends Shared> T shared(Class<T> type, Supplier<T> make) {
        return type.cast(shared.computeIfAbsent(type, absent -> make.get()));
    }

    /** Gives everything back. */
    public void close() {
        shared.values().forEach(Shared::close);
        shared.clear();
    }
}
