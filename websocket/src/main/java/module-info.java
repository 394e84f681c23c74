/** WebSocket server and client on the JDK alone. */
@SuppressWarnings("module") // the module that these packages are exported to is built after this one
module dev.bowline.websocket {
    requires static transitive org.jspecify;
    requires transitive dev.bowline.codec;

    exports dev.bowline.websocket;
    exports dev.bowline.websocket.tls;

    // A session's connections, its timers and its callbacks live on an event loop, as a reconnecting WebSocket's do.
    exports dev.bowline.websocket.internal.client to
            dev.bowline.realtime;
    exports dev.bowline.websocket.internal.connection to
            dev.bowline.realtime;
    exports dev.bowline.websocket.internal.log to
            dev.bowline.realtime;
    exports dev.bowline.websocket.internal.loop to
            dev.bowline.realtime;
}
