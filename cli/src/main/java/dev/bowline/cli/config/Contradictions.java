package dev.bowline.cli.config;

import dev.bowline.cli.config.Settings.Algorithm;
import dev.bowline.cli.config.Settings.Slow;
import dev.bowline.cli.hook.SigningSecret;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What can't hold together, though each value may be. */
final class Contradictions {
    /** As the engine has it ({@code RedisOptions.withWindow}). */
    private static final Duration MIN_SHARED_WINDOW = Duration.ofSeconds(1);

    private static final Duration MAX_SHARED_WINDOW = Duration.ofDays(1);

    private static final Pattern THIS_MACHINE =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

    private final Values values;
    private final List<Problem> problems = new ArrayList<>();

    private Contradictions(Values values) {
        this.values = values;
    }

    static List<Problem> in(Values values) {
        Contradictions all = new Contradictions(values);
        all.checkAccess();
        all.checkTls();
        all.checkEngine();
        all.checkTopics();
        all.checkTokens();
        all.checkApi();
        all.checkHooks();
        all.checkRequests();
        return all.problems;
    }

    private void complain(Item item, String text) {
        problems.add(new Problem(values.place(item), text));
    }

    private void complain(Values member, Item item, String text) {
        problems.add(new Problem(member.isGiven(item) ? member.place(item) : member.where(), text));
    }

    private void checkAccess() {
        boolean any = values.get(Settings.ANY_ORIGIN);
        boolean some = !values.all(Settings.ORIGINS).isEmpty();
        String host = values.get(Settings.HOST);
        if (any && some) {
            complain(
                    Settings.ORIGINS,
                    "server.anyOrigin (--allow-any-origin) leaves nothing for server.origins (--allow-origin) to allow: set one");
        }
        if (!any && !some && !Settings.isLoopback(host)) {
            complain(
                    Settings.HOST,
                    "the host " + host
                            + " can be reached from other machines, so say which pages may open WebSockets beside"
                            + " the server's own: server.origins (--allow-origin), such as https://example.com, or"
                            + " server.anyOrigin (--allow-any-origin)");
        }
    }

    private void checkTls() {
        if (values.isGiven(Settings.TLS_KEY) && !values.isGiven(Settings.TLS_CERTIFICATE)) {
            complain(
                    Settings.TLS_KEY,
                    "server.tls.key (--tls-key) is given without server.tls.certificate (--tls-cert), which it belongs to");
        }
    }

    private void checkEngine() {
        Duration window = values.get(Settings.RESUME_WINDOW);
        boolean shared = values.get(Settings.ENGINE).isShared();
        if (shared && (window.compareTo(MIN_SHARED_WINDOW) < 0 || window.compareTo(MAX_SHARED_WINDOW) > 0)) {
            complain(Settings.RESUME_WINDOW, "sessions.resumeWindow must be from 1s to 1d where nodes share a Redis");
        }
    }

    private void checkTopics() {
        Set<String> patterns = new HashSet<>();
        for (Values topic : values.all(Settings.TOPICS)) {
            String pattern = topic.get(Settings.TOPIC_PATTERN);
            if (!topic.isGiven(Settings.TOPIC_PATTERN)) {
                complain(topic, Settings.TOPIC_PATTERN, "topics[].pattern is missing: say which topics this is about");
            } else if (!patterns.add(pattern)) {
                complain(
                        topic,
                        Settings.TOPIC_PATTERN,
                        "the pattern " + pattern + " is there before; the first one counts");
            }
            if (!topic.get(Settings.TOPIC_LOG)) {
                for (Setting<?> kept :
                        List.of(Settings.TOPIC_COUNT, Settings.TOPIC_BYTES, Settings.TOPIC_AGE, Settings.TOPIC_SLOW)) {
                    if (topic.isGiven(kept)) {
                        complain(
                                topic, kept, kept.path() + " says what is kept, but topics[].log is false: nothing is");
                    }
                }
            }
            if (topic.isGiven(Settings.TOPIC_BEHIND) && topic.get(Settings.TOPIC_SLOW) != Slow.DROP_OLDEST) {
                complain(topic, Settings.TOPIC_BEHIND, "topics[].behind belongs to topics[].slow: drop-oldest");
            }
        }
    }

    private void checkTokens() {
        for (Values key : values.all(Settings.KEYS)) {
            boolean secret = key.isGiven(Settings.KEY_SECRET);
            if (secret == key.isGiven(Settings.KEY_FILE)) {
                complain(key, Settings.KEY_SECRET, "a key of tokens.keys has either a secret or a file");
            } else if (secret && key.get(Settings.KEY_ALGORITHM) != Algorithm.HS256) {
                complain(key, Settings.KEY_SECRET, "a secret is for hs256; the others have the public key in a file");
            }
        }
        boolean tokens = Settings.hasTokens(values);
        boolean demo = Settings.isDemo(values);
        if (demo && tokens && values.isGiven(Settings.DEMO_ENABLED)) {
            complain(
                    Settings.DEMO_ENABLED,
                    "the demo knows no tokens, and whoever comes may take any name: set demo.enabled to false, or leave tokens.keys and tokens.jwks out");
        }
        if (!demo && !tokens && !values.get(Settings.ANONYMOUS)) {
            complain(
                    Settings.TOP,
                    "nobody could come in: give tokens.keys or tokens.jwks, or set tokens.anonymous to true; bowline init writes a file with a fresh key");
        }
        boolean shared = values.get(Settings.ENGINE).isShared();
        if (!demo && shared && values.get(Settings.API_ENABLED) && !values.isGiven(Settings.TICKET_SECRET)) {
            complain(
                    Settings.ENGINE,
                    "nodes that share a Redis must share tickets.secret too: set it to 32 characters or more");
        }
    }

    private void checkApi() {
        String host = values.get(Settings.API_HOST);
        if (values.get(Settings.API_ENABLED) && values.all(Settings.API_KEYS).isEmpty() && !Settings.isLoopback(host)) {
            complain(
                    Settings.API_HOST,
                    "the API's host " + host
                            + " can be reached from other machines, so it needs api.keys; bowline init writes a"
                            + " file with a fresh one");
        }
    }

    private void checkHooks() {
        for (Values hook : values.all(Settings.HOOKS)) {
            checkTarget(hook, Settings.HOOK_URL, Settings.HOOK_SECRET, Settings.HOOK_PLAIN_HTTP);
            if (hook.all(Settings.HOOK_EVENTS).isEmpty()) {
                complain(
                        hook,
                        Settings.HOOK_EVENTS,
                        "hooks[].events is empty, so nothing would be told: it takes "
                                + Settings.HOOK_EVENTS.type().allowed());
            }
        }
    }

    private void checkRequests() {
        Set<String> names = new HashSet<>();
        for (Values request : values.all(Settings.REQUESTS)) {
            String name = request.get(Settings.REQUEST_NAME);
            if (!request.isGiven(Settings.REQUEST_NAME)) {
                complain(
                        request, Settings.REQUEST_NAME, "requests[].name is missing: say which requests this is about");
            } else if (!names.add(name)) {
                complain(request, Settings.REQUEST_NAME, "the name " + name + " is there before; the first one counts");
            } else if (Settings.isDemo(values) && name.startsWith("demo.")) {
                complain(
                        request,
                        Settings.REQUEST_NAME,
                        "the demo answers requests of its own by names such as " + name);
            }
            checkTarget(request, Settings.REQUEST_URL, Settings.REQUEST_SECRET, Settings.REQUEST_PLAIN_HTTP);
        }
    }

    private void checkTarget(Values member, Setting<URI> where, Setting<String> with, Setting<Boolean> plainHttp) {
        URI url = member.find(where);
        if (url == null) {
            complain(member, where, where.path() + " is missing: say where to");
        } else if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            complain(
                    member,
                    where,
                    where.path() + " must have no user, password or fragment: the signature says who it is from");
        } else if (!url.getScheme().equalsIgnoreCase("https")
                && !THIS_MACHINE.matcher(url.getHost()).matches()
                && !member.get(plainHttp)) {
            complain(
                    member,
                    where,
                    where.path() + " would be told to another machine in plain text: use https, or set "
                            + plainHttp.path() + " to true");
        }
        String secret = member.find(with);
        if (secret == null) {
            complain(member, with, with.path() + " is missing: the other end can't know who it hears without one");
        } else {
            try {
                SigningSecret.of(secret);
            } catch (IllegalArgumentException e) {
                complain(member, with, with.path() + ": " + e.getMessage());
            }
        }
    }
}
