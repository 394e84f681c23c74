package dev.bowline.verification.interop;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.Role;
import dev.bowline.testkit.Recorder;
import dev.bowline.verification.support.Browser;
import dev.bowline.verification.support.LineProcess;
import dev.bowline.verification.support.Node;
import dev.bowline.verification.support.Python;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Implementations in other languages: the Java half of the scripts. One process, any number of connections. */
public final class LinePeer implements Peer {
    private static final Set<Role> CLIENT = EnumSet.of(Role.CLIENT);
    private static final Set<Role> BOTH = EnumSet.allOf(Role.class);

    /** What the interface of browsers lets its users do. */
    private static final Set<Ability> WHATWG = EnumSet.noneOf(Ability.class);

    private final String name;
    private final boolean isPinned;
    private final Set<Role> roles;
    private final Set<Ability> abilities;
    private final Function<Consumer<String>, LineProcess> starter;
    private final Map<String, Recorder<String>> events = new ConcurrentHashMap<>();
    private final AtomicInteger lastLink = new AtomicInteger();

    // Touched by the test's thread alone; started when first needed, which ends the test with the reason where the
    // program is missing.
    private @Nullable LineProcess started;
    private @Nullable String version;

    private LinePeer(
            String name,
            boolean isPinned,
            Set<Role> roles,
            Set<Ability> abilities,
            Function<Consumer<String>, LineProcess> starter) {
        this.name = name;
        this.isPinned = isPinned;
        this.roles = roles;
        this.abilities = abilities;
        this.starter = starter;
    }

    public static LinePeer ws() {
        return new LinePeer("ws", true, BOTH, EnumSet.allOf(Ability.class), node("ws"));
    }

    public static LinePeer undici() {
        return new LinePeer("undici", true, CLIENT, WHATWG, node("undici"));
    }

    /** Bowline's own module for browsers. */
    public static LinePeer browserModule() {
        return new LinePeer("bowline.js", true, CLIENT, WHATWG, node("bowline"));
    }

    /** The library {@code websockets}, as Debian packages it. */
    public static LinePeer python() {
        Set<Ability> abilities = EnumSet.complementOf(EnumSet.of(Ability.SEE_PING));
        return new LinePeer("python3-websockets", false, BOTH, abilities, lines -> Python.start(lines, "peer.py"));
    }

    public static LinePeer chromium() {
        return new LinePeer("Chromium", false, CLIENT, WHATWG, lines -> Browser.start(lines, "peer.js"));
    }

    private static Function<Consumer<String>, LineProcess> node(String kind) {
        return lines -> Node.start(lines, "peer.js", kind);
    }

    private LineProcess process() {
        if (started == null) {
            started = starter.apply(this::dispatch);
            version = answer("0", "version ");
        }
        return started;
    }

    private void dispatch(String line) {
        String[] linkAndEvent = line.split(" ", 2);
        eventsOf(linkAndEvent[0]).record(linkAndEvent[1]);
    }

    private Recorder<String> eventsOf(String link) {
        return events.computeIfAbsent(link, any -> new Recorder<>());
    }

    private String answer(String link, String prefix) {
        return eventsOf(link).expect(said -> said.startsWith(prefix), prefix).substring(prefix.length());
    }

    private Link newLink() {
        return new Link(Integer.toString(lastLink.incrementAndGet()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        process();
        return Objects.requireNonNull(version);
    }

    /** The node packages stand in a lock file; the others come with the machine. */
    @Override
    public boolean isPinned() {
        return isPinned;
    }

    @Override
    public Set<Role> roles() {
        return roles;
    }

    @Override
    public Set<Ability> abilities() {
        return abilities;
    }

    @Override
    public boolean canAskFor(Role role, Deflate deflate) {
        return abilities.contains(Ability.PING); // the others have the interface of browsers
    }

    @Override
    public End connect(URI uri, Settings settings, String... subprotocols) {
        Link link = newLink();
        link.say(("open " + settings.json() + " " + uri + " " + String.join(" ", subprotocols)).strip());
        return link;
    }

    @Override
    public Listening listen(Settings settings) {
        Link server = newLink();
        server.say("listen " + settings.json());
        int port = Integer.parseInt(answer(server.number, "listening "));
        return new Listening() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public Awaited await() {
                Link link = newLink();
                return new Awaited("?link=" + link.number, () -> link);
            }

            @Override
            public void close() {
                server.say("unlisten");
            }
        };
    }

    @Override
    public void close() {
        if (started != null) {
            started.close();
        }
    }

    /** Its end of one connection. */
    private final class Link implements End {
        private final String number;

        Link(String number) {
            this.number = number;
        }

        void say(String command) {
            process().say(number + " " + command);
        }

        private static String base64(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }

        @Override
        public Recorder<String> events() {
            return eventsOf(number);
        }

        @Override
        public void send(Message message) {
            say((message.isText() ? "text " : "binary ") + base64(message.payload()));
        }

        @Override
        public void sendPart(boolean isText, byte[] part, boolean last) {
            say((isText ? "text-part " : "binary-part ") + (last ? "1 " : "0 ") + base64(part));
        }

        @Override
        public void ping(byte... payload) {
            say("ping " + base64(payload));
        }

        @Override
        public void close(int code, String reason) {
            say(
                    code == CloseCode.NO_STATUS_RECEIVED
                            ? "close"
                            : "close " + code + " " + base64(reason.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void terminate() {
            say("terminate");
        }
    }
}
