/** Tools for tests: clock, seeded random, byte splitter, raw frames, recorder, fault proxy. Uses no other Bowline module. */
module dev.bowline.testkit {
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires java.logging;

    exports dev.bowline.testkit;
}
