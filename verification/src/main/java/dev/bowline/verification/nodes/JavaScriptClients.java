package dev.bowline.verification.nodes;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Clients in JavaScript: one process of {@code verification/nodes/clients.js}, which says what they do and are told. */
final class JavaScriptClients implements AutoCloseable {
    private int count; // of clients; touched by the one who adds them
    private final List<View> views;
    private final Ledger ledger;
    private final Set<Integer> ready = ConcurrentHashMap.newKeySet();
    private final Child child;

    private JavaScriptClients(
            ProofOptions options, URI uri, List<String> users, List<View> views, Ledger ledger, Path logs) {
        this.views = views;
        this.ledger = ledger;
        child = Child.start(
                List.of(
                        "node",
                        "--experimental-websocket", // which Node.js 20 has behind it, and later ones anyway
                        options.root().resolve("verification/nodes/clients.js").toString(),
                        uri.toString(),
                        Long.toString(options.seed()),
                        Long.toString(options.period().toMillis()),
                        Double.toString(options.patience()),
                        Integer.toString(NodeApplication.PARTS),
                        Integer.toString(Part.MOST_OPEN)),
                logs.resolve("javascript.txt"),
                this::hear);
        child.say("users " + String.join(" ", users));
    }

    /** One more comes. */
    void add(Part part) {
        count++;
        child.say("client " + part.client() + " " + (part.user().isEmpty() ? "-" : part.user()) + " "
                + String.join(",", part.patterns()) + " " + String.join(",", part.topics()));
    }

    /** @param views of all clients: that of client 1 first */
    static JavaScriptClients start(
            ProofOptions options, URI uri, List<String> users, List<View> views, Ledger ledger, Path logs) {
        return new JavaScriptClients(options, uri, users, views, ledger, logs);
    }

    boolean isReady() {
        return ready.size() == count;
    }

    void begin() {
        child.say("begin");
    }

    void quiet() {
        child.say("quiet");
    }

    /** One line; names have no spaces. */
    private void hear(String line) {
        try {
            obey(line, line.split(" "));
        } catch (RuntimeException e) {
            ledger.wrong("the clients in JavaScript said what nobody understands: " + line + " (" + e + ")");
        }
    }

    private void obey(String line, String[] words) {
        switch (words[0]) {
            case "given" -> {
                String place = words.length > 3 ? line.substring(line.indexOf(words[2]) + words[2].length() + 1) : "";
                ledger.given(Label.of(words[1]), Command.Kind.valueOf(words[2]), place);
            }
            case "told" -> ledger.told(Label.of(words[1]), words[2]);
            case "wrong" -> ledger.wrong(line);
            case "ready" -> ready.add(Integer.parseInt(words[1]));
            default -> told(views.get(Integer.parseInt(words[1]) - 1), words);
        }
    }

    private static void told(View view, String[] words) {
        switch (words[0]) {
            case "state" -> view.open(words[2].equals("open"));
            case "welcome" -> view.opened(words[2], Boolean.parseBoolean(words[3]), words.length > 4 ? words[4] : "");
            case "message" -> view.message(words[2], Long.parseLong(words[3]), Label.of(words[4]));
            case "gap" -> view.gap(words[2], Long.parseLong(words[3]), Long.parseLong(words[4]), words[5]);
            case "reset" -> view.reset(words[2], words[3]);
            case "out" -> {
                boolean unused = view.ended(words[2], words[3]);
            }
            case "direct" -> view.direct(Label.of(words[2]));
            case "here" -> view.here(words[2], List.of(words).subList(3, words.length));
            case "join" -> view.joined(words[2], words[3]);
            case "leave" -> view.left(words[2], words[3]);
            default -> throw new IllegalArgumentException("unknown word " + words[0]);
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
