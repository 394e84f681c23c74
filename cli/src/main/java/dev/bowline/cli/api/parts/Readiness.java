package dev.bowline.cli.api.parts;

import org.jspecify.annotations.Nullable;

/** Whether clients should be sent here. From any thread; does not block. */
public interface Readiness {
    /** Why not, such as {@code draining}, for people; null if they should. */
    @Nullable
    String whyNot();
}
