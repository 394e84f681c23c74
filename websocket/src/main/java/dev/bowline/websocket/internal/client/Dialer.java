package dev.bowline.websocket.internal.client;

import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.TimingWheel;
import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of several addresses that answers (RFC 8305 §5, "Happy Eyeballs"): begins with the first, turns
 * to the next as soon as one fails or after 250 ms, keeps those under way going, and closes all but the winner. Touched
 * by its event loop alone.
 */
final class Dialer {
    /** RFC 8305 §8: the recommended Connection Attempt Delay. */
    static final Duration NEXT_ADDRESS_DELAY = Duration.ofMillis(250);

    /** Whom to tell, once. */
    interface Outcome {
        /** Connected; the stream still has the dialer's handler. */
        void onConnected(Stream stream);

        /** Every address failed; {@link #failures} says how. */
        void onAllFailed();
    }

    private final EventLoop loop;
    private final Queue<InetSocketAddress> untried;
    private final Outcome outcome;
    private final List<Try> underWay = new ArrayList<>();
    private final List<IOException> failures = new ArrayList<>();
    private final TimingWheel.Timer next = TimingWheel.Timer.of(this::tryNext);
    private boolean done;

    Dialer(EventLoop loop, List<InetAddress> addresses, int port, Outcome outcome) {
        this.loop = loop;
        this.outcome = outcome;
        this.untried = new ArrayDeque<>();
        for (InetAddress address : interleave(addresses)) {
            untried.add(new InetSocketAddress(address, port));
        }
    }

    /** The addresses with the families in turn, each in its own order, the family of the first one first (RFC 8305 §4). */
    static List<InetAddress> interleave(List<InetAddress> addresses) {
        boolean firstIs6 = !addresses.isEmpty() && addresses.get(0) instanceof Inet6Address;
        Queue<InetAddress> first = new ArrayDeque<>();
        Queue<InetAddress> second = new ArrayDeque<>();
        addresses.forEach(a -> (a instanceof Inet6Address == firstIs6 ? first : second).add(a));
        List<InetAddress> order = new ArrayList<>();
        while (!first.isEmpty() || !second.isEmpty()) {
            if (!first.isEmpty()) {
                order.add(first.remove());
            }
            if (!second.isEmpty()) {
                order.add(second.remove());
            }
        }
        return order;
    }

    void start() {
        tryNext();
    }

    /** Gives up what is under way; the outcome is not told. */
    void cancel() {
        done = true;
        loop.timers().cancel(next);
        underWay.forEach(Try::close);
        underWay.clear();
    }

    /** How the addresses failed that did, in order; each message begins with the address. */
    List<IOException> failures() {
        return failures;
    }

    /** The addresses that have not answered yet. */
    List<String> waitingFor() {
        return underWay.stream().map(t -> text(t.address)).toList();
    }

    private void tryNext() {
        loop.timers().cancel(next);
        while (!untried.isEmpty()) {
            Try attempt = new Try(untried.remove());
            try {
                attempt.stream = loop.transport().connect(attempt.address, attempt);
            } catch (IOException | RuntimeException e) {
                // A RuntimeException says, for one, that this JVM was told to use no IPv6.
                failures.add(failure(attempt.address, e));
                continue;
            }
            underWay.add(attempt);
            if (!untried.isEmpty()) {
                loop.timers().set(next, loop.nowNanos() + NEXT_ADDRESS_DELAY.toNanos());
            }
            return;
        }
        if (underWay.isEmpty()) {
            done = true;
            outcome.onAllFailed();
        }
    }

    private void connected(Try winner, Stream stream) {
        underWay.remove(winner);
        cancel();
        outcome.onConnected(stream);
    }

    private void failed(Try loser, IOException cause) {
        underWay.remove(loser);
        failures.add(failure(loser.address, cause));
        tryNext();
    }

    private static IOException failure(InetSocketAddress address, Exception cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new IOException(text(address) + ": " + why, cause);
    }

    /** The address without the name that it was found under. */
    static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip.getHostAddress();
        return (ip instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** One address that is being tried. */
    private final class Try implements StreamHandler {
        private final InetSocketAddress address;
        private @Nullable Stream stream; // set right after construction

        Try(InetSocketAddress address) {
            this.address = address;
        }

        @Override
        public void onConnected() {
            if (!done && stream != null) {
                connected(this, stream);
            }
        }

        @Override
        public void onConnectFailed(IOException cause) {
            if (!done) {
                failed(this, cause);
            }
        }

        @Override
        public void onReadable() {
            throw new IllegalStateException("readable before connected");
        }

        @Override
        public void onWritable() {
            throw new IllegalStateException("writable before connected");
        }

        void close() {
            if (stream != null) {
                stream.close();
            }
        }
    }
}
