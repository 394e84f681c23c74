package dev.bowline.verification.bench.polling;

/** What the application has: an order for each user, who looks at it, and versions of it, which begin with {@value #FIRST_VERSION}. */
final class Orders {
    static final long FIRST_VERSION = 1;

    private static final String VERSION = "\"version\":";

    private Orders() {}

    static String path(int order) {
        return "/orders/" + order;
    }

    static String topic(int order) {
        return "orders." + order;
    }

    /** The state of an order, as each way delivers it. */
    static String state(int order, long version) {
        return "{\"id\":" + order + "," + VERSION + version
                + ",\"state\":\"packed\",\"items\":3,\"total\":\"129.90\",\"currency\":\"EUR\",\"carrier\":\"none yet\"}";
    }

    /** The version that a state tells. */
    static long version(String state) {
        int from = state.indexOf(VERSION) + VERSION.length();
        return Long.parseLong(state, from, state.indexOf(',', from), 10);
    }
}
