package dev.bowline.redis;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.Slice;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The logs, for one member. On the node's thread. */
final class MemberLog implements Log {
    private final RedisEngine engine;
    private final RedisMember member;
    private final Appends appends;
    private final String publisher;
    private long number; // of the latest message of the node's own

    MemberLog(RedisEngine engine, RedisMember member) {
        this.engine = engine;
        this.member = member;
        this.appends = new Appends(
                member,
                (topic, name, retention, messages) -> engine.index().note(topic).thenCompose(noted -> engine.log()
                        .append(topic, name, retention, messages, RedisEngine.SERVERS_CLOCK)));
        this.publisher = engine.site().processes().id() + "/" + member.index();
    }

    @Override
    public void append(
            String topic,
            String name,
            Retention retention,
            Payload payload,
            @Nullable String key,
            @Nullable Origin origin,
            long nowMillis,
            Callback<Cursor> done) {
        String by = origin == null ? publisher : origin.session();
        long its = origin == null ? ++number : origin.seq();
        appends.append(topic, name, retention, new RedisLog.Message(payload, key, by, its), done);
    }

    @Override
    public void read(String topic, long after, long maxBytes, long nowMillis, Callback<Slice> done) {
        member.answer(
                engine.topics().whenFollowed(topic).thenCompose(followed -> {
                    Slice here = engine.tails().behind(topic, after, maxBytes);
                    return here != null
                            ? CompletableFuture.completedFuture(here)
                            : engine.log().read(topic, after, maxBytes, RedisEngine.SERVERS_CLOCK);
                }),
                done);
    }
}
