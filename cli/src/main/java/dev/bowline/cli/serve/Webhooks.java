package dev.bowline.cli.serve;

import dev.bowline.cli.config.Setting;
import dev.bowline.cli.config.Settings;
import dev.bowline.cli.config.Values;
import dev.bowline.cli.hook.ForwardOptions;
import dev.bowline.cli.hook.HookOptions;
import dev.bowline.cli.hook.Hooks;
import dev.bowline.cli.hook.SigningSecret;
import dev.bowline.cli.hook.Target;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What the configuration says of webhooks, and of requests that are forwarded. */
final class Webhooks {
    private Webhooks() {}

    static Hooks of(Values values) {
        List<HookOptions> hooks =
                values.all(Settings.HOOKS).stream().map(Webhooks::hook).toList();
        List<ForwardOptions> requests =
                values.all(Settings.REQUESTS).stream().map(Webhooks::request).toList();
        return new Hooks(hooks.isEmpty() && requests.isEmpty() ? "" : node(), hooks, requests);
    }

    private static HookOptions hook(Values hook) {
        return new HookOptions(
                target(hook, Settings.HOOK_URL, Settings.HOOK_SECRET, Settings.HOOK_TIMEOUT),
                Set.copyOf(hook.all(Settings.HOOK_EVENTS)),
                hook.get(Settings.HOOK_QUEUE),
                hook.get(Settings.HOOK_QUEUE_BYTES),
                hook.get(Settings.HOOK_GIVE_UP_AFTER));
    }

    private static ForwardOptions request(Values request) {
        return new ForwardOptions(
                request.get(Settings.REQUEST_NAME),
                target(request, Settings.REQUEST_URL, Settings.REQUEST_SECRET, Settings.REQUEST_TIMEOUT));
    }

    private static Target target(Values from, Setting<URI> url, Setting<String> secret, Setting<Duration> timeout) {
        return new Target(from.get(url), SigningSecret.of(from.get(secret)), from.get(timeout));
    }

    /** Tells nodes apart in what they tell: the machine, and the process there. */
    private static String node() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) { // it has none that it knows
            host = "localhost";
        }
        return host + "/" + ProcessHandle.current().pid();
    }
}
