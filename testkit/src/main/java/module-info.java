/** Tools for tests: clock, seeded random, byte splitter, raw frames, recorder, fault proxy. Uses no other Bowline module. */
module dev.bowline.testkit {
    requires static transitive org.jspecify;

    exports dev.bowline.testkit;
}
