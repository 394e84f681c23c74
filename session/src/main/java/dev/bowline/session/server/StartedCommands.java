package dev.bowline.session.server;

import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The commands of a session whose handlers were started and that have no result: requests, and messages for the application. A handler runs
 * where it was started, wherever its session goes. Touched as its session is.
 */
final class StartedCommands {
    private static final Failure CANCELLED = new Failure(Failure.CANCELLED, "");
    private static final Failure UNHEARD = new Failure(Failure.UNKNOWN, "the server that handled it does not answer");
    private static final Failure UNKNOWN =
            new Failure(Failure.UNKNOWN, "the server that handled it has gone; whether it had an effect is not known");

    /**
     * A message for the application.
     *
     * @param process where its handler runs
     * @param deadlineMillis when nobody waits for its result any more
     */
    private record StartedMessage(String process, long deadlineMillis) {}

    private final Session session;
    private final Keeper keeper;
    private final NodeOptions options;
    private final Map<Long, OpenRequest> requests = new LinkedHashMap<>(2);
    private final Map<Long, StartedMessage> messages = new HashMap<>(0);
    private final Map<Long, Long> earlyCredit = new HashMap<>(0); // of streams that wait for a decision
    private final Set<Long> givenUp = new HashSet<>(0); // requests that wait for a decision

    StartedCommands(Session session, Keeper keeper, NodeOptions options) {
        this.session = session;
        this.keeper = keeper;
        this.options = options;
    }

    private Node node() {
        return session.node();
    }

    boolean contains(long seq) {
        return requests.containsKey(seq) || messages.containsKey(seq);
    }

    boolean hasRequest(long seq) {
        return requests.containsKey(seq);
    }

    // ---- They begin and end ----

    /** A request that is decided; false if the client has given it up before that. */
    boolean open(OpenRequest request) {
        if (givenUp.contains(request.seq)) {
            session.fail(request.seq, CANCELLED);
            return false;
        }
        Long early = earlyCredit.remove(request.seq);
        if (request.stream && early != null) {
            request.credit = Math.max(request.credit, early);
        }
        requests.put(request.seq, request);
        keep(request);
        session.updateTimer();
        return true;
    }

    /** A message for the application that is decided. */
    void openMessage(long seq) {
        openMessage(seq, node().engine().process());
        session.updateTimer();
        if (keeper.isOn()) {
            keeper.put(SessionParts.started(seq), kept(seq));
        }
    }

    /** Its handler is given up after a while by its own node, and then the result has that time again to come here. */
    private void openMessage(long seq, String process) {
        messages.put(seq, new StartedMessage(process, node().now() + 2 * options.handlerMillis()));
    }

    /** What is kept of one. */
    private byte[] kept(long seq) {
        int bytes = session.bytesOf(seq);
        OpenRequest request = requests.get(seq);
        StartedMessage message = messages.get(seq);
        SessionParts.Started part = request == null
                ? new SessionParts.Started(message == null ? "" : message.process, bytes, false, -1, 0, false)
                : request.part(bytes);
        return part.encode();
    }

    private void keep(OpenRequest request) {
        if (keeper.isOn()) {
            keeper.put(SessionParts.started(request.seq), kept(request.seq));
        }
    }

    /** All that is to be kept of them. */
    void addTo(Map<String, byte[]> parts) {
        messages.keySet().forEach(seq -> parts.put(SessionParts.started(seq), kept(seq)));
        requests.values().forEach(request -> {
            parts.put(SessionParts.started(request.seq), kept(request.seq));
            long count = request.sent;
            for (Payload one : request.waiting()) {
                count++;
                parts.put(SessionParts.waiting(request.seq, count), one.pack());
            }
        });
    }

    /** Has what was kept. */
    void restore(Map<String, byte[]> parts) {
        SessionParts.started(parts).forEach((seq, one) -> {
            if (one.request()) {
                List<Payload> waiting = SessionParts.waiting(parts, seq, one.sent());
                requests.put(seq, new OpenRequest(seq, one, waiting, node().now() + options.handlerMillis()));
            } else {
                openMessage(seq, one.process());
            }
        });
    }

    /** Those end whose handlers have gone with their process. */
    void endThoseOf(Dead dead) {
        List.copyOf(requests.values()).stream()
                .filter(request -> dead.isGone(request.process))
                .forEach(request -> session.fail(request.seq, UNKNOWN));
        List.copyOf(messages.entrySet()).stream()
                .filter(message -> dead.isGone(message.getValue().process))
                .forEach(message -> session.fail(message.getKey(), UNKNOWN));
    }

    /** Which processes have gone. */
    interface Dead {
        boolean isGone(String process);
    }

    /** A command has its result. */
    void remove(long seq) {
        OpenRequest request = requests.remove(seq);
        if (request != null) {
            for (long count = request.sent + 1; count <= request.keptCount; count++) {
                keeper.remove(SessionParts.waiting(seq, count));
            }
        }
        if (messages.remove(seq) != null || request != null) {
            keeper.remove(SessionParts.started(seq));
        }
        earlyCredit.remove(seq);
        givenUp.remove(seq);
    }

    /** Nothing more comes of them: the session is over. */
    void giveUp() {
        List.copyOf(requests.values()).forEach(request -> signal(request, HandlerSignal.Kind.CANCELLED));
        requests.clear();
        messages.clear();
    }

    /** The client gives a request up; without effect if that has its result. */
    void cancel(long seq) {
        if (requests.containsKey(seq)) {
            close(seq, CANCELLED);
        } else if (session.isOutstanding(seq)) { // no request yet, while its decision is awaited; or none at all
            givenUp.add(seq);
        }
    }

    /** Ends a request before its handler does. */
    private void close(long seq, Failure failure) {
        OpenRequest request = requests.get(seq);
        if (request != null) {
            session.fail(seq, failure);
            signal(request, HandlerSignal.Kind.CANCELLED);
        }
    }

    /** Tells a handler, where it runs. */
    private void signal(OpenRequest request, HandlerSignal.Kind kind) {
        HandlerSignal signal = new HandlerSignal(session.id(), request.seq, kind);
        if (request.process.equals(node().engine().process())) {
            node().onSignal(signal);
        } else {
            node().engine().bus().toHandler(request.process, signal);
        }
    }

    // ---- Streams ----

    /** The client lets a stream have so many parts in all. */
    void more(long seq, long total) {
        OpenRequest request = requests.get(seq);
        if (request == null) {
            if (session.isOutstanding(seq)) { // no request yet, while its decision is awaited
                earlyCredit.merge(seq, total, Math::max);
            }
        } else if (request.stream && total > request.credit) {
            request.credit = total;
            goOnWith(request);
        }
    }

    /** The handler has a part; false if there is no such stream, if a part before it has not come, or too much waits. */
    boolean part(SessionMessage.Part part) {
        long seq = part.seq();
        Payload payload = part.payload();
        OpenRequest request = requests.get(seq);
        if (request == null || !request.stream) {
            return false;
        }
        if (part.count() <= request.offered()) {
            return true; // it has come before
        }
        if (part.count() > request.offered() + 1 || !request.offer(payload)) {
            return false;
        }
        request.deadlineMillis = node().now() + options.handlerMillis();
        sendParts(request);
        if (request.hasWaiting() && keeper.isOn()) {
            keeper.put(SessionParts.waiting(seq, request.offered()), payload.pack());
            request.keptCount = request.offered();
        }
        session.updateTimer();
        if (!session.isOver() && !waitsForClient(request)) {
            signal(request, HandlerSignal.Kind.SENT);
        }
        return !session.isOver();
    }

    /** Whether parts are on their way yet that come before a stream's end. */
    boolean isTooEarly(SessionMessage message) {
        if (!(message instanceof SessionMessage.Finish end)) {
            return false;
        }
        OpenRequest request = requests.get(end.seq());
        return request != null && end.parts() > request.offered();
    }

    /** The handler has no more parts; false if the command has its result. */
    boolean finish(SessionMessage.Finish end) {
        long seq = end.seq();
        OpenRequest request = requests.get(seq);
        if (request == null) {
            return session.ok(seq);
        }
        if (request.hasWaiting()) {
            request.finished = true;
            keep(request);
            return true;
        }
        return session.finish(seq, n -> new ServerMessage.End(n, seq));
    }

    /** There is room in the direct log again. */
    void goOn() {
        List.copyOf(requests.values()).forEach(this::goOnWith);
    }

    /** There is more room than before for the parts of a stream, on the client's side or in the direct log. */
    private void goOnWith(OpenRequest request) {
        if (!request.stream) {
            return;
        }
        request.deadlineMillis = node().now() + options.handlerMillis(); // until now the client had to act
        sendParts(request);
        session.updateTimer();
        if (!session.isOver() && !request.finished && !waitsForClient(request)) {
            signal(request, HandlerSignal.Kind.READY);
        }
    }

    private void sendParts(OpenRequest request) {
        boolean sent = false;
        while (request.maySend() && session.hasDirectRoom() && !session.isOver()) {
            Payload part = request.next();
            session.tell(n -> new ServerMessage.Part(n, request.seq, part), null);
            if (request.sent <= request.keptCount) {
                keeper.remove(SessionParts.waiting(request.seq, request.sent));
            }
            sent = true;
        }
        if (session.isOver()) {
            return;
        }
        if (request.finished && !request.hasWaiting()) {
            session.finish(request.seq, n -> new ServerMessage.End(n, request.seq));
        } else if (sent) {
            keep(request);
        }
    }

    /** Whether a stream's next part could not go out before the client grants credit, or acknowledges. */
    private boolean waitsForClient(OpenRequest request) {
        return request.stream && (request.hasWaiting() || request.sent >= request.credit || !session.hasDirectRoom());
    }

    // ---- Time ----

    /** When the first handler has taken too long. */
    long deadlineMillis() {
        long deadline = Timed.NEVER;
        for (OpenRequest request : requests.values()) {
            deadline = Math.min(deadline, deadlineOf(request));
        }
        for (StartedMessage message : messages.values()) {
            deadline = Math.min(deadline, message.deadlineMillis);
        }
        return deadline;
    }

    /** A stream that waits for its client is not the handler's fault. */
    private long deadlineOf(OpenRequest request) {
        return request.finished || waitsForClient(request) ? Timed.NEVER : request.deadlineMillis;
    }

    void onTime(long nowMillis) {
        for (OpenRequest request : List.copyOf(requests.values())) {
            if (deadlineOf(request) <= nowMillis) {
                close(request.seq, new Failure(Failure.TIMEOUT, "no answer in " + options.handlerMillis() + " ms"));
            }
        }
        List.copyOf(messages.entrySet()).stream()
                .filter(message -> message.getValue().deadlineMillis <= nowMillis)
                .forEach(message -> session.fail(message.getKey(), UNHEARD));
    }
}
