/** Sessions that survive the network: the protocol {@code bowline.v1} over WebSocket. */
module dev.bowline.realtime {
    requires static transitive org.jspecify;
    requires transitive dev.bowline.session;
    requires transitive dev.bowline.websocket;

    exports dev.bowline.realtime;
}
