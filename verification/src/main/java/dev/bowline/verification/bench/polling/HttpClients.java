package dev.bowline.verification.bench.polling;

import dev.bowline.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Pages that ask for their orders by HTTP/1.1, each on a connection of its own that stays open, with one request at a time. One thread for
 * all. With an interval they ask every so often, from a random moment of the first interval on; without one, again as soon as they have an
 * answer, and the answer waits for what is new.
 */
final class HttpClients implements Clients {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MAX_ANSWER_BYTES = 4_096;
    private static final String HEAD_END = "\r\n\r\n";

    private final int port;
    private final int users;
    private final @Nullable Duration interval; // null for long polling
    private final long seed;
    private final Listener listener;
    private final Selector selector;
    private final List<Page> pages = new ArrayList<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicLong answers = new AtomicLong();
    private final Thread thread = new Thread(this::run, "polling-pages");
    private volatile @Nullable IOException failure;
    private volatile boolean closed;

    // the thread's own
    private final PriorityQueue<Page> due = new PriorityQueue<>(Comparator.comparingLong(page -> page.dueNanos));

    /** @param interval null for long polling */
    HttpClients(int port, int users, @Nullable Duration interval, long seed, Listener listener) throws IOException {
        this.port = port;
        this.users = users;
        this.interval = interval;
        this.seed = seed;
        this.listener = listener;
        selector = Selector.open();
    }

    @Override
    public void open() throws IOException {
        for (int user = 0; user < users; user++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Page page = new Page(user, channel);
            channel.register(selector, SelectionKey.OP_READ, page);
            pages.add(page);
        }
        thread.start();
        pages.forEach(page -> perform(page::ask));
        Await.until("first answers", PATIENCE, () -> failure != null || answers() == users);
        check();
    }

    @Override
    public void begin() {
        Random random = new Random(seed);
        for (Page page : pages) {
            long phase = interval == null ? 0 : (long) (interval.toNanos() * random.nextDouble());
            perform(() -> page.beginIn(phase));
        }
    }

    /** Has one page ask once, besides. */
    void ask(int user) {
        perform(pages.get(user)::ask);
    }

    /** How many have come so far. */
    long answers() {
        return answers.get();
    }

    @Override
    public void check() throws IOException {
        IOException one = failure;
        if (one != null) {
            throw new IOException("a page has failed", one);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
            selector.close();
            for (Page page : pages) {
                page.channel.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new IllegalStateException("a connection was not closed", e);
        }
    }

    private void perform(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void run() {
        try {
            while (!closed) {
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                long now = System.nanoTime();
                while (!due.isEmpty() && due.element().dueNanos <= now) {
                    due.remove().ask();
                }
                selector.select(
                        key -> {
                            if (key.attachment() instanceof Page page) {
                                page.read();
                            }
                        },
                        due.isEmpty() ? 0 : untilMillis(due.element().dueNanos));
            }
        } catch (Failure e) {
            failure = e.cause;
        } catch (IOException e) {
            failure = e;
        }
    }

    /** Rounded up: to look too early would be to look again. */
    private static long untilMillis(long nanos) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime()) + 1);
    }

    /** Carries a failure out of the selector's call. */
    private static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient IOException cause;

        Failure(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /** What a user has open. Of the thread alone, once that has begun. */
    private final class Page {
        private final int user;
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(MAX_ANSWER_BYTES);
        private long version; // 0 before the first answer
        private long dueNanos;
        private boolean asking;
        private boolean begun;

        Page(int user, SocketChannel channel) {
            this.user = user;
            this.channel = channel;
        }

        void beginIn(long nanos) {
            begun = true;
            if (interval == null) {
                ask();
            } else {
                dueNanos = System.nanoTime() + nanos;
                due.add(this);
            }
        }

        void ask() {
            if (asking) {
                throw new Failure(new IOException("page " + user + " asks before it has its answer"));
            }
            asking = true;
            boolean waits = interval == null && version > 0;
            String path = Orders.path(user) + (waits ? "?after=" + version : "");
            String known = interval == null || version == 0 ? "" : "If-None-Match: \"" + version + "\"\r\n";
            ByteBuffer request = ByteBuffer.wrap(Browser.get(user, path, known));
            try {
                while (request.hasRemaining()) { // there is room: it is the only one
                    channel.write(request);
                }
            } catch (IOException e) {
                throw new Failure(e);
            }
        }

        void read() {
            try {
                if (channel.read(in) < 0) {
                    throw new IOException("page " + user + " was disconnected");
                }
            } catch (IOException e) {
                throw new Failure(e);
            }
            String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
            int head = text.indexOf(HEAD_END);
            if (head < 0) {
                return;
            }
            int body = head + HEAD_END.length();
            int whole = body + contentLength(text.substring(0, head));
            if (text.length() < whole) {
                return;
            }
            if (!asking || text.length() > whole) {
                throw new Failure(new IOException("page " + user + " got what it has not asked for: " + text));
            }
            in.clear();
            answered(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()), text.substring(body));
        }

        private void answered(String status, String state) {
            asking = false;
            switch (status) {
                case "200" -> {
                    version = Orders.version(state);
                    listener.arrived(user, version);
                }
                case "204", "304" -> {} // nothing new
                default -> throw new Failure(new IOException("page " + user + " got status " + status));
            }
            answers.incrementAndGet();
            if (!begun) {
                return;
            }
            if (interval == null) {
                ask();
            } else {
                dueNanos = Math.max(System.nanoTime(), dueNanos + interval.toNanos());
                due.add(this);
            }
        }
    }

    private static int contentLength(String head) {
        String name = "\r\ncontent-length: ";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name);
        if (at < 0) {
            return 0; // of 204 and 304
        }
        int end = head.indexOf('\r', at + name.length());
        return Integer.parseInt(head.substring(at + name.length(), end < 0 ? head.length() : end));
    }
}
