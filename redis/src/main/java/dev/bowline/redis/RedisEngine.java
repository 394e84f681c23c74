package dev.bowline.redis;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.engine.SessionRecord;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine of many nodes: it keeps logs, sessions and presence in Redis, and whatever engine has the same Redis and the same {@linkplain
 * RedisOptions#prefix() prefix} is one with it. A session can be resumed on any of them.
 *
 * <p>While Redis is away, what needs it fails within the {@linkplain RedisOptions#timeout() timeout}, and says so: with {@code
 * unavailable} where it certainly had no effect, and with {@code timeout} where that is not known.
 *
 * <p><b>Threads.</b> Safe from any thread; it has some of its own, for Redis and for what is due. Nothing but the constructor and {@link
 * #close} waits. Where the Redis is shared with others, whoever can reach it can read and change everything: sessions' secrets too.
 */
public final class RedisEngine implements Engine, AutoCloseable {
    /** What the scripts take for the server's own time: nodes' clocks differ. */
    static final String SERVERS_CLOCK = "";

    private static final Logger LOGGER = System.getLogger(RedisEngine.class.getName());
    private static final int SECRET_BYTES = 16;
    private static final long TICK_MILLIS = 1_000;

    private final ScheduledExecutorService scheduler;
    private final RedisLink link;
    private final Site site;
    private final Tails tails;
    private final Topics topics;
    private final RedisLog log;
    private final TopicIndex index;
    private final Processes processes;
    private final RedisPresence presence;
    private final Holdings holdings = new Holdings();
    private final Post post;
    private final Receipts receipts;
    private final Users users;
    private final Mailboxes mailboxes;
    private final Incarnation incarnation;
    private final Keeping keeping;
    private final Handover handover;
    private final Claims claims;
    private final Deliveries deliveries;
    private final Ends ends;
    private final Again again;
    private final List<RedisMember> members = new CopyOnWriteArrayList<>();

    private int joined; // how many there were; under the lock
    private boolean closed; // under the lock
    private CompletableFuture<Void> leaving =
            CompletableFuture.completedFuture(null); // ends with what members had; under the lock
    private volatile boolean ready; // the constructor has ended
    private volatile long soundMillis = Bus.FROM_NOW; // by the server's clock: what was published up to then was told

    /**
     * Connects to Redis, and is one of its engines then. Waits for that.
     *
     * @throws RedisConnectException if Redis can't be reached, or does not let this engine in
     */
    public RedisEngine(RedisOptions options) {
        this(options, options.lease().toMillis());
    }

    /** For tests, with a lease that may be shorter. */
    RedisEngine(RedisOptions options, long leaseMillis) {
        SecureRandom random = new SecureRandom();
        Supplier<String> secrets = () -> {
            byte[] bytes = new byte[SECRET_BYTES];
            random.nextBytes(bytes);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        };
        Keys keys = new Keys(options.prefix());
        String id = secrets.get();
        scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "bowline-redis");
            thread.setDaemon(true);
            return thread;
        });
        link = new RedisLink(options, new Subscriber());
        tails = new Tails(options.maxTailBytes());
        topics = new Topics(link, keys, tails);
        log = new RedisLog(link, keys, secrets, options);
        processes = new Processes(link, keys, id, leaseMillis, options.window().toMillis());
        presence = new RedisPresence(link, keys, processes, secrets, System::nanoTime);
        Pauses pauses = new Pauses(scheduler);
        site = new Site(
                options, link, new SessionKeys(options.prefix()), processes, pauses, new Retries(pauses), secrets);
        index = new TopicIndex(site, keys, secrets);
        receipts = new Receipts(site);
        post = new Post(
                link,
                site.keys(),
                id,
                new NodeMessageCodec(this::receipt),
                this::onNodeMessage,
                options.timeout().toMillis(),
                !options.cluster());
        users = new Users(site, holdings, post);
        mailboxes = new Mailboxes(site, post);
        incarnation = new Incarnation(site);
        keeping = new Keeping(site, holdings, users, incarnation);
        handover = new Handover(holdings, keeping);
        claims = new Claims(site, holdings, handover, keeping, users, post, incarnation);
        deliveries = new Deliveries(site, holdings, post, receipts);
        ends = new Ends(site, users, this::over);
        again = new Again(site, holdings, keeping, users, this::taken);
        processes.listen(new Others());
        ready = true;
        try {
            open(options);
        } catch (RuntimeException e) {
            scheduler.shutdownNow();
            link.close();
            throw e;
        }
    }

    private void open(RedisOptions options) {
        await(options, incarnation.learn());
        await(options, post.open());
        await(options, processes.beat());
        processes.start(scheduler);
        ScheduledFuture<?> unused = presence.start(scheduler);
        ScheduledFuture<?> unusedToo =
                scheduler.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void await(RedisOptions options, CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(2 * options.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Redis", e);
        } catch (ExecutionException | TimeoutException | CompletionException e) {
            throw new RedisConnectException("Redis does not let this engine in: " + e.getMessage(), e);
        }
    }

    @Override
    public Membership join(NodePort node) {
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            joined++;
            RedisMember member = new RedisMember(this, node, joined);
            members.add(member);
            return member;
        }
    }

    /** All members leave. Ends when Redis knows of these, and of those that left before; or does not answer. */
    private CompletionStage<Void> whenLeft() {
        members.forEach(RedisMember::leave);
        synchronized (this) {
            return leaving;
        }
    }

    /** What a member had is there for others, if it was kept. */
    void left(RedisMember member) {
        members.remove(member);
        topics.left(member);
        presence.left(member.index(), member);
        mailboxes.left(member);
        receipts.left(member);
        CompletableFuture<Void> all = CompletableFuture.allOf(holdings.of(member).stream()
                .map(held -> keeping.abandon(held)
                        .whenComplete((nothing, failure) -> handover.gone(held))
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new));
        synchronized (this) {
            leaving = CompletableFuture.allOf(leaving, all);
        }
    }

    /** Leaves, with all nodes that are still members; their sessions can be resumed elsewhere. Waits until Redis knows, or is away. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            await(
                    site.options(),
                    whenLeft().thenCompose(nothing -> claims.whenIdle()).thenCompose(nothing -> processes.leave()));
        } catch (RedisConnectException | IllegalStateException e) {
            LOGGER.log(Level.WARNING, "could not tell Redis that this engine is closed: {0}", e.getMessage());
        }
        scheduler.shutdownNow();
        link.close();
    }

    /** For tests: ends as a process does that is killed. */
    void kill() {
        synchronized (this) {
            closed = true;
        }
        scheduler.shutdownNow();
        link.close();
    }

    // ---- What comes ----

    private final class Subscriber implements RedisLink.Listener {
        @Override
        public void onMessage(@Nullable String glob, String channel, byte[] message) {
            if (!ready) {
                return; // nothing is subscribed yet
            }
            if (channel.endsWith(Keys.PRESENCE_END)) {
                presence.published(channel, message);
            } else if (channel.equals(post.channel())) {
                post.published(message);
            } else {
                topics.published(glob, channel, message);
            }
        }

        @Override
        public void subscribedAgain() {
            if (ready) {
                presence.subscribedAgain();
                lookAgain();
            }
        }
    }

    /** What was published may have been missed. */
    private void lookAgain() {
        long since = soundMillis;
        if (since >= 0) {
            members.forEach(member -> member.lookAgain(since));
        }
        mailboxes.lookAgain();
        again.users();
    }

    private void onNodeMessage(String from, NodeMessage message) {
        if (message instanceof NodeMessage.Ask ask) {
            handover.ask(ask.claimant(), answer -> post.reply(from, ask.call(), answer));
        } else if (message instanceof NodeMessage.Say say) {
            holdings.deliver(say.session(), say.message(), answer -> post.reply(from, say.call(), answer));
        } else if (message instanceof NodeMessage.Tell tell) {
            holdings.tell(tell.user(), tell.number(), tell.message());
        } else if (message instanceof NodeMessage.Taken taken) {
            Held held = holdings.get(taken.session());
            if (held != null && held.generation <= taken.generation()) {
                taken(held);
            }
        } else if (message instanceof NodeMessage.Receipted receipted) {
            receipts.settled(receipted.number(), receipted.received());
        } else if (message instanceof NodeMessage.Signal signal) {
            signal(signal.signal());
        } else if (message instanceof NodeMessage.Received received) {
            mailboxes.look(received.user());
        }
    }

    private Receipt receipt(String address) {
        return receipts.of(address, post);
    }

    private void toOne(Consumer<RedisMember> what) {
        for (RedisMember member : members) {
            if (!member.hasLeft()) {
                member.execute(() -> what.accept(member));
                return;
            }
        }
    }

    private void signal(HandlerSignal signal) {
        toOne(member -> member.port().onSignal(signal));
    }

    private void over(SessionRecord record) {
        toOne(member -> member.port().onOver(record));
    }

    /** A session is another process's, or nobody's. */
    void taken(Held held) {
        if (holdings.remove(held)) {
            held.member.execute(() -> held.member.port().onTaken(held.id)); // before it may have it again
            handover.gone(held);
        }
    }

    private final class Others implements Processes.Listener {
        @Override
        public void gone(String name) {
            String other = Site.idOf(name + ".");
            retry("receipts", receipts::look);
            site.pauses()
                    .background( // when what it had is cleared away
                            () -> retry("receipts", receipts::look),
                            2 * site.options().window().toMillis());
            if (!isAlive(other)) {
                members.forEach(member -> member.execute(() -> member.port().onGone(other)));
            }
        }

        @Override
        public void sayAgain() {
            index.forget();
            retry("incarnation", incarnation::learn);
            members.forEach(member -> member.execute(member.port()::onStoreChanged));
            again.sessions();
            lookAgain();
        }

        @Override
        public CompletionStage<Void> sweep(String name) {
            return members.isEmpty()
                    ? CompletableFuture.failedFuture(new IllegalStateException("no node is here to be told"))
                    : ends.sweep(name);
        }
    }

    private void tick() {
        if (!members.isEmpty()) { // else nobody is here to be told of what ends
            ends.tick();
        }
        long unbroken = link.unbroken();
        index.clock()
                .thenCompose(now -> post.roundTrip().thenApply(back -> now))
                .whenComplete((now, failure) -> {
                    if (failure == null && isUnbroken(unbroken)) {
                        soundMillis = now;
                    }
                });
    }

    /** Whether nothing of what was published can have been missed since {@link RedisLink#unbroken} was this. */
    private boolean isUnbroken(long before) {
        return before != RedisLink.BROKEN && before == link.unbroken();
    }

    /**
     * Ends when all was told that came to a topic before.
     *
     * @param told whom to tell what was missed meanwhile
     */
    CompletionStage<Void> whenTold(String topic, TopicIndex.Told told) {
        long since = soundMillis;
        long unbroken = link.unbroken();
        return post.roundTripFrom(topics.key(topic))
                .thenCompose(
                        back -> isUnbroken(unbroken) || since < 0 // it has just begun, and has no time to look from
                                ? CompletableFuture.completedFuture(null)
                                : index.behind(topic, since, told));
    }

    /** Ends when what was under way, here and to this process, has been done with, as far as Redis goes. For tests. */
    CompletionStage<Void> roundTrip() {
        return post.roundTrip();
    }

    /** Whether something is under way in Redis, or waits a little before it goes on. For tests. */
    boolean isUnderWay() {
        return link.isRunning() || site.pauses().isPausing();
    }

    /** Whether it is known up to when all was told that was published. For tests. */
    boolean isSound() {
        return soundMillis >= 0;
    }

    // ---- For members ----

    boolean isAlive(String process) {
        return process.equals(processes.id()) || processes.isAlive(process);
    }

    void signal(String process, HandlerSignal signal) {
        if (process.equals(processes.id())) {
            signal(signal);
        } else {
            retry(
                    "signal " + signal,
                    () -> isAlive(process)
                            ? post.send(process, new NodeMessage.Signal(signal))
                            : CompletableFuture.completedFuture(0L));
        }
    }

    void retry(String key, Supplier<? extends CompletionStage<?>> action) {
        site.retries().wish(key, action);
    }

    /** As {@link #retry}, of one of many. */
    void retryInTurn(String key, Supplier<? extends CompletionStage<?>> action) {
        site.retries().wishInTurn(key, action);
    }

    Site site() {
        return site;
    }

    Tails tails() {
        return tails;
    }

    Topics topics() {
        return topics;
    }

    RedisLog log() {
        return log;
    }

    TopicIndex index() {
        return index;
    }

    RedisPresence presence() {
        return presence;
    }

    Holdings holdings() {
        return holdings;
    }

    Post post() {
        return post;
    }

    Receipts receipts() {
        return receipts;
    }

    Users users() {
        return users;
    }

    Mailboxes mailboxes() {
        return mailboxes;
    }

    Keeping keeping() {
        return keeping;
    }

    Handover handover() {
        return handover;
    }

    Claims claims() {
        return claims;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    @Override
    public String toString() {
        return "RedisEngine[" + processes.id() + "]";
    }
}
