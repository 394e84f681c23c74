package dev.bowline.websocket.internal.transport.epoll;

import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import dev.bowline.websocket.internal.transport.Transport;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The transport on Linux's epoll, level-triggered. It costs what the same loop costs in C: no selector and no channel stands
 * between the loop and the system calls, and a stream is two small objects.
 */
public final class EpollTransport implements Transport {
    private static final Log LOG = Log.of(EpollTransport.class);

    private static final int MAX_EVENTS = 1024;
    private static final int MAX_BUFFERS = 64;
    private static final int COPY_BYTES = 64 * 1024;

    /** {@code struct epoll_event}: 12 bytes on x86-64, where it is packed, and 16 elsewhere. */
    private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

    private static final int EVENT_BYTES = PACKED ? 12 : 16;
    private static final int DATA_AT = PACKED ? 4 : 8;

    /** {@code struct iovec}: address and length. */
    private static final int VECTOR_BYTES = 16;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** The slot of the wake-up, which is in no table. */
    private static final int WAKE_UP = -1;

    private final Kernel kernel = new Kernel();
    private final int epoll;
    private final Queue<EpollStream> connectedAtOnce = new ArrayDeque<>();

    // Native memory; the collector frees it with this object.
    private final MemorySegment events = Arena.ofAuto().allocate((long) MAX_EVENTS * EVENT_BYTES, 8);
    private final MemorySegment event = Arena.ofAuto().allocate(EVENT_BYTES, 8);
    private final MemorySegment vectors = Arena.ofAuto().allocate((long) MAX_BUFFERS * VECTOR_BYTES, 8);
    private final MemorySegment address = Arena.ofAuto().allocate(SocketAddresses.BYTES, 8);
    private final MemorySegment wakeUpCount = Arena.ofAuto().allocate(LONG); // what the loop reads
    private final MemorySegment wakeUpValue = Arena.ofAuto().allocate(LONG); // what others write
    private final ByteBuffer copy = ByteBuffer.allocateDirect(COPY_BYTES); // for buffers that lie in the heap

    // The sockets by slot. An event names slot and generation, so that one of a socket that was closed since, in the
    // same poll, is not taken for one of its successor in the slot.
    private @Nullable Ready[] slots = new Ready[16];
    private int[] generations = new int[16];
    private int[] freeSlots = new int[16];
    private int free; // how many of freeSlots
    private int used; // how many slots were ever used
    private int registered;

    private final AtomicLong handled = new AtomicLong(); // counted by the loop's thread

    // Waking, from any thread. The descriptor must not be written to once it is closed and perhaps another's.
    private final Kernel wakers = new Kernel();
    private final Object wakeUpLock = new Object();
    private final int wakeUp;
    private boolean closed;

    /**
     * Opens one.
     *
     * @throws UnsupportedOperationException if Java was not told to let Bowline call native code, or the C library lacks
     *     something; the message says which
     */
    public static Transport open() throws IOException {
        Module module = EpollTransport.class.getModule();
        if (!module.isNativeAccessEnabled()) {
            // To go on would print a warning for now, and fail on a later Java.
            throw new UnsupportedOperationException("Java must be started with --enable-native-access="
                    + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
        }
        return new EpollTransport();
    }

    private EpollTransport() throws IOException {
        epoll = Failures.require(kernel.epollCreate());
        int eventfd = kernel.eventfd();
        if (eventfd < 0) {
            kernel.close(epoll);
            throw Failures.of(eventfd);
        }
        wakeUp = eventfd;
        wakeUpValue.set(LONG, 0, 1);
        int added = control(Kernel.EPOLL_CTL_ADD, wakeUp, WAKE_UP, 0, Kernel.EPOLLIN);
        if (added < 0) {
            kernel.close(wakeUp);
            kernel.close(epoll);
            throw Failures.of(added);
        }
    }

    @Override
    public String name() {
        return "epoll";
    }

    Kernel kernel() {
        return kernel;
    }

    // ---- Opening ----

    @Override
    public Acceptor listen(InetSocketAddress where, int backlog, AcceptHandler handler) throws IOException {
        Failures.requireResolved(where);
        InetAddress host = where.getAddress();
        int family = family(host);
        int fd = kernel.socket(family);
        if (fd == -Kernel.EAFNOSUPPORT && host.isAnyLocalAddress()) { // a machine without IPv6
            family = Kernel.AF_INET;
            fd = kernel.socket(family);
        }
        Failures.require(fd);
        try {
            // A restarted server must not wait for the old one's connections in TIME_WAIT.
            Failures.require(kernel.reuseAddress(fd));
            Failures.require(kernel.noDelay(fd));
            if (family == Kernel.AF_INET6) {
                Failures.require(kernel.bothFamilies(fd));
            }
            int length = SocketAddresses.write(address, family, host, where.getPort());
            Failures.require(kernel.bind(fd, address.address(), length));
            Failures.require(kernel.listen(fd, backlog));
            Failures.require(kernel.localAddress(fd, address.address(), SocketAddresses.BYTES));
            EpollAcceptor acceptor = new EpollAcceptor(fd, SocketAddresses.read(address), handler);
            add(acceptor, Kernel.EPOLLIN);
            return acceptor;
        } catch (IOException | RuntimeException e) {
            kernel.close(fd);
            throw e;
        }
    }

    /** As the JDK has it: the wildcard address means both families, unless IPv6 was ruled out. */
    private static int family(InetAddress host) {
        boolean ipv4 = host instanceof Inet4Address;
        return ipv4 && (!host.isAnyLocalAddress() || Boolean.getBoolean("java.net.preferIPv4Stack"))
                ? Kernel.AF_INET
                : Kernel.AF_INET6;
    }

    @Override
    public Stream connect(InetSocketAddress to, StreamHandler handler) throws IOException {
        Failures.requireResolved(to);
        int family = to.getAddress() instanceof Inet4Address ? Kernel.AF_INET : Kernel.AF_INET6;
        int fd = Failures.require(kernel.socket(family));
        try {
            Failures.require(kernel.noDelay(fd));
            EpollStream stream = new EpollStream(fd, to);
            stream.handler(handler);
            int length = SocketAddresses.write(address, family, to.getAddress(), to.getPort());
            int result = kernel.connect(fd, address.address(), length);
            if (result == 0) {
                // epoll has nothing to announce; the handler is told in the next poll all the same.
                add(stream, 0);
                connectedAtOnce.add(stream);
            } else if (result == -Kernel.EINPROGRESS) {
                stream.connecting();
                add(stream, Kernel.EPOLLOUT);
            } else {
                throw Failures.of(result);
            }
            return stream;
        } catch (IOException | RuntimeException e) {
            kernel.close(fd);
            throw e;
        }
    }

    @Override
    public void register(Stream accepted, StreamHandler handler) throws IOException {
        EpollStream stream = (EpollStream) accepted;
        stream.handler(handler);
        try {
            add(stream, Kernel.EPOLLIN);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    /** Accepts one stream; leaves its peer's address for {@link #acceptedAddress}. */
    int accept(EpollAcceptor acceptor) {
        return kernel.accept(acceptor.fd, address.address(), SocketAddresses.BYTES);
    }

    InetSocketAddress acceptedAddress() throws IOException {
        return SocketAddresses.read(address);
    }

    private void add(Ready socket, int events) throws IOException {
        if (!socket.isOpen()) {
            throw new java.nio.channels.ClosedChannelException();
        }
        int slot = free > 0 ? freeSlots[--free] : used++;
        if (slot == slots.length) {
            slots = Arrays.copyOf(slots, slot * 2);
            generations = Arrays.copyOf(generations, slot * 2);
            freeSlots = Arrays.copyOf(freeSlots, slot * 2);
        }
        socket.slot = slot;
        slots[slot] = socket;
        try {
            socket.watch(this, events);
        } catch (IOException e) {
            release(slot);
            socket.slot = Ready.NOT_REGISTERED;
            throw e;
        }
        socket.transport = this;
        registered++;
    }

    private void release(int slot) {
        slots[slot] = null;
        generations[slot]++;
        freeSlots[free++] = slot;
    }

    /** Tells epoll about a socket. */
    void control(int operation, Ready socket, int interest) throws IOException {
        Failures.require(control(operation, socket.fd, socket.slot, generations[socket.slot], interest));
    }

    private int control(int operation, int fd, int slot, int generation, int interest) {
        event.set(INT, 0, interest);
        event.set(LONG, DATA_AT, ((long) generation << 32) | (slot & 0xFFFF_FFFFL));
        return kernel.epollCtl(epoll, operation, fd, event.address());
    }

    /** Closes a socket; epoll forgets it by itself. */
    void forget(Ready socket) {
        release(socket.slot);
        socket.slot = Ready.NOT_REGISTERED;
        registered--;
        logFailure(kernel.close(socket.fd));
    }

    static void closeUnregistered(int fd) {
        logFailure(new Kernel().close(fd)); // on whatever thread this is
    }

    private static void logFailure(int result) {
        if (result < 0) {
            // The descriptor is released all the same; there is nobody to tell but the log.
            LOG.log(System.Logger.Level.DEBUG, "Closing a socket failed", Failures.of(result));
        }
    }

    // ---- Waiting ----

    @Override
    public void poll(long timeoutNanos) throws IOException {
        boolean work = false;
        for (EpollStream stream = connectedAtOnce.poll(); stream != null; stream = connectedAtOnce.poll()) {
            work = true; // its handler may have timers, tasks and bytes to flush, which must not wait
            stream.connected();
        }
        int n = kernel.epollWait(epoll, events.address(), MAX_EVENTS, work ? 0 : millis(timeoutNanos));
        if (n < 0 && n != -Kernel.EINTR) {
            throw Failures.of(n);
        }
        for (int i = 0; i < n; i++) {
            long at = (long) i * EVENT_BYTES;
            dispatch(events.get(INT, at), events.get(LONG, at + DATA_AT));
        }
    }

    /** Rounded up, or the last fraction of a millisecond before a timer would be spent spinning. */
    private static int millis(long nanos) {
        if (nanos <= 0) {
            return 0;
        }
        return nanos == Long.MAX_VALUE
                ? -1
                : (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    }

    private void dispatch(int ready, long data) {
        int slot = (int) data;
        if (slot == WAKE_UP) {
            int n = kernel.read(wakeUp, wakeUpCount.address(), Long.BYTES); // it counts; any count is one wake-up
            if (n < 0 && n != -Kernel.EAGAIN) {
                LOG.log(System.Logger.Level.WARNING, "Reading the wake-up failed", Failures.of(n));
            }
            return;
        }
        Ready socket = slots[slot];
        if (socket == null || generations[slot] != (int) (data >>> 32)) {
            return; // another handler closed it in the same poll
        }
        handled.setOpaque(handled.getPlain() + 1);
        try {
            socket.onReady(ready);
        } catch (RuntimeException | Error e) {
            // Handlers catch what can be foreseen. Left open, the stream would be ready again at once, for ever, and
            // those behind it in this poll would never get their turn.
            LOG.log(System.Logger.Level.ERROR, "The handler of a stream failed; closing the stream", e);
            socket.close();
        }
    }

    @Override
    public long handled() {
        return handled.getOpaque();
    }

    @Override
    public int registered() {
        return registered;
    }

    @Override
    public void wakeUp() {
        synchronized (wakeUpLock) {
            if (!closed) {
                int n = wakers.write(wakeUp, wakeUpValue.address(), Long.BYTES);
                if (n < 0 && n != -Kernel.EAGAIN) { // which means that it is awake already
                    LOG.log(System.Logger.Level.WARNING, "Waking an event loop failed", Failures.of(n));
                }
            }
        }
    }

    @Override
    public void close() {
        for (int slot = 0; slot < used; slot++) {
            Ready socket = slots[slot];
            if (socket != null) {
                socket.close();
            }
        }
        synchronized (wakeUpLock) {
            if (!closed) {
                closed = true;
                logFailure(kernel.close(wakeUp));
                logFailure(kernel.close(epoll));
            }
        }
    }

    // ---- Bytes ----

    /** Receives into a buffer; the number of bytes, or {@code -errno}. */
    int receive(int fd, ByteBuffer target) {
        if (target.isDirect()) {
            try {
                int n = kernel.receive(fd, address(target), target.remaining());
                if (n > 0) {
                    target.position(target.position() + n);
                }
                return n;
            } finally {
                Reference.reachabilityFence(target); // the system call knows only the address
            }
        }
        ByteBuffer between = copy.clear().limit(Math.min(COPY_BYTES, target.remaining()));
        int n = receive(fd, between);
        if (n > 0) {
            target.put(between.flip());
        }
        return n;
    }

    /** Sends from a buffer; the number of bytes, or {@code -errno}. */
    int send(int fd, ByteBuffer source) {
        ByteBuffer direct = source;
        if (!source.isDirect()) {
            int n = Math.min(COPY_BYTES, source.remaining());
            direct = copy.clear().put(0, source, source.position(), n).limit(n);
        }
        try {
            int n = kernel.send(fd, address(direct), direct.remaining());
            if (n > 0) {
                source.position(source.position() + n);
            }
            return n;
        } finally {
            Reference.reachabilityFence(direct);
        }
    }

    /** Sends from many buffers at once; the number of bytes, or {@code -errno}. */
    long send(int fd, ByteBuffer[] sources, int count) {
        try {
            long written = kernel.writeGathered(fd, vectors.address(), lay(sources, count));
            long left = written;
            for (int i = 0; left > 0; i++) {
                int n = (int) Math.min(left, sources[i].remaining());
                sources[i].position(sources[i].position() + n);
                left -= n;
            }
            return written;
        } finally {
            Reference.reachabilityFence(sources);
        }
    }

    /** Fills the vectors; returns how many. */
    private int lay(ByteBuffer[] sources, int count) {
        copy.clear();
        for (int i = 0; i < Math.min(count, MAX_BUFFERS); i++) {
            ByteBuffer source = sources[i];
            int n = source.remaining();
            long from;
            if (source.isDirect()) {
                from = address(source);
            } else {
                n = Math.min(n, copy.remaining());
                from = address(copy);
                copy.put(copy.position(), source, source.position(), n).position(copy.position() + n);
            }
            vectors.set(LONG, (long) i * VECTOR_BYTES, from);
            vectors.set(LONG, (long) i * VECTOR_BYTES + 8, n);
            if (n < source.remaining()) {
                return i + 1; // the rest of it another time, and what stands behind it after that
            }
        }
        return Math.min(count, MAX_BUFFERS);
    }

    /** The address of the buffer's first byte; the segment object does not outlive the compiler's optimisation. */
    private static long address(ByteBuffer direct) {
        return MemorySegment.ofBuffer(direct).address();
    }
}
