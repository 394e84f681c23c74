package dev.bowline.redis;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.wire.TopicPattern;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The way to other nodes, for one member. On the node's thread, but where it says otherwise. */
final class RedisBus implements Bus {
    private final RedisEngine engine;
    private final RedisMember member;
    private final Set<String> topics = ConcurrentHashMap.newKeySet(); // that the node follows
    private final Set<TopicPattern> patterns = ConcurrentHashMap.newKeySet();

    RedisBus(RedisEngine engine, RedisMember member) {
        this.engine = engine;
        this.member = member;
    }

    @Override
    public void follow(String topic) {
        topics.add(topic);
        engine.topics().follow(topic, member);
    }

    @Override
    public void unfollow(String topic) {
        topics.remove(topic);
        engine.topics().unfollow(topic, member);
    }

    @Override
    public void followAll(TopicPattern pattern, long sinceMillis, Callback<Long> done) {
        patterns.add(pattern);
        member.answer(
                engine.topics()
                        .followAll(pattern, member)
                        .thenCompose(followed -> engine.index().clock())
                        .thenCompose(now -> sinceMillis < 0
                                ? CompletableFuture.completedFuture(now)
                                : engine.index()
                                        .since(pattern, sinceMillis, member::onGrown)
                                        .thenApply(told -> now)),
                done);
    }

    @Override
    public void unfollowAll(TopicPattern pattern) {
        patterns.remove(pattern);
        engine.topics().unfollowAll(pattern, member);
    }

    @Override
    public void whenTold(String topic, Callback<String> done) {
        member.answer(engine.whenTold(topic, member::onGrown).thenApply(told -> topic), done);
    }

    /**
     * What was published may have been missed: the node hears of what may have grown. From any thread.
     *
     * @param sinceMillis by the server's clock: up to then all was told
     */
    void lookAgain(long sinceMillis) {
        topics.forEach(topic -> engine.retryInTurn(
                "look " + member.index() + " " + topic,
                () -> topics.contains(topic)
                        ? engine.index().behind(topic, sinceMillis, member::onGrown)
                        : CompletableFuture.completedFuture(null)));
        patterns.forEach(pattern -> engine.retryInTurn(
                "look " + member.index() + " all " + pattern,
                () -> patterns.contains(pattern)
                        ? engine.index().since(pattern, sinceMillis, member::onGrown)
                        : CompletableFuture.completedFuture(null)));
    }

    @Override
    public void publish(String topic, Entry unlogged) {
        engine.topics().publish(topic, unlogged);
    }

    @Override
    public void toSession(String id, SessionMessage message, Callback<Boolean> taken) {
        engine.deliveries().say(member, id, message, taken);
    }

    @Override
    public void toUser(String user, UserMessage message) {
        engine.users().say(user, message);
    }

    @Override
    public void toHandler(String process, HandlerSignal signal) {
        engine.signal(process, signal);
    }

    @Override
    public Receipt addressed(String session, Receipt receipt) {
        return engine.receipts().addressed(member, session, receipt);
    }

    @Override
    public Receipt receipt(String address) {
        return engine.receipts().of(address, engine.post());
    }
}
