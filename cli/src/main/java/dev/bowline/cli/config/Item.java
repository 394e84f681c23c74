package dev.bowline.cli.config;

import org.jspecify.annotations.Nullable;

/** What a configuration may have at one place. */
public sealed interface Item permits Setting, ListSetting, Section, Group {
    /** Where it is: null at the top. */
    @Nullable
    Section parent();

    /** Its key. */
    String name();

    /** What it is for, in a sentence or two. */
    String help();

    /** Its keys from the top, with dots between: {@code server.tls.certificate}. */
    default String path() {
        Section parent = parent();
        return parent == null || parent.path().isEmpty() ? name() : parent.path() + "." + name();
    }

    /** The environment variable that sets it: {@code BOWLINE_SERVER_TLS_CERTIFICATE}. */
    default String variable() {
        return Environment.variable(path());
    }
}
