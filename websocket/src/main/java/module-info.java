/** WebSocket server and client on the JDK alone. */
module dev.bowline.websocket {
    requires static transitive org.jspecify;
    requires transitive dev.bowline.codec;

    exports dev.bowline.websocket;
    exports dev.bowline.websocket.tls;
}
