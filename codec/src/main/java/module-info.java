/** RFC 6455 without I/O: bytes to WebSocket events and back, for either role. */
module dev.bowline.codec {
    requires static transitive org.jspecify;

    exports dev.bowline.codec;
    exports dev.bowline.codec.deflate;
    exports dev.bowline.codec.handshake;
}
