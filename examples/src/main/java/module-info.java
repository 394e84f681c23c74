/** Small complete programs; the README's snippets come from here. */
module dev.bowline.examples {
    requires static transitive org.jspecify;
    requires dev.bowline.realtime;
    requires dev.bowline.redis;
    requires dev.bowline.websocket;
}
