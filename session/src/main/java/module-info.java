/** Sessions that survive the network: the protocol {@code bowline.v1} without I/O, threads or a clock. */
module dev.bowline.session {
    requires static transitive org.jspecify;

    exports dev.bowline.session.client;
    exports dev.bowline.session.engine;
    exports dev.bowline.session.memory;
    exports dev.bowline.session.server;
    exports dev.bowline.session.wire;
}
