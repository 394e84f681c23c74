package dev.bowline.cli.serve;

import dev.bowline.cli.config.Settings;
import dev.bowline.cli.config.Values;
import dev.bowline.websocket.ServerOptions;
import java.util.ArrayList;
import java.util.List;

/** Which pages may open WebSockets, by which names the server goes, and which proxies it believes. */
final class Access {
    /** What a machine calls itself. A page that found another name for it (DNS rebinding) uses none of these. */
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    private Access() {}

    static void apply(Values values, ServerOptions.Builder options) {
        String host = values.get(Settings.HOST);
        boolean loopback = Settings.isLoopback(host);
        List<String> names = new ArrayList<>(values.all(Settings.HOSTS));
        if (loopback) {
            names.addAll(LOOPBACK);
            names.add(host.replaceFirst("%.*", "")); // without a zone, which no browser sends
        }
        options.allowedHosts(names.toArray(String[]::new));
        options.trustedProxies(values.all(Settings.TRUSTED_PROXIES).toArray(String[]::new));
        List<String> origins = values.all(Settings.ORIGINS);
        if (!origins.isEmpty()) {
            options.allowedOrigins(origins.toArray(String[]::new));
        } else if (values.get(Settings.ANY_ORIGIN)
                || (loopback && Settings.isDemo(values))) { // which holds nothing worth stealing
            options.anyOrigin();
        }
    }
}
