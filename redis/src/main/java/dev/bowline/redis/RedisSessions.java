package dev.bowline.redis;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionStore;
import dev.bowline.session.wire.Cursor;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sessions and users, for one member. On the node's thread. */
final class RedisSessions implements SessionStore {
    private final RedisEngine engine;
    private final RedisMember member;

    RedisSessions(RedisEngine engine, RedisMember member) {
        this.engine = engine;
        this.member = member;
    }

    @Override
    public void create(@Nullable String user, Callback<Credentials> done) {
        engine.keeping().create(user, member).whenComplete((held, failure) -> {
            if (failure != null) {
                member.execute(() -> done.failed(Failures.of(failure)));
            } else if (member.hasLeft()) {
                engine.keeping().abandon(held);
                engine.handover().gone(held);
            } else {
                engine.holdings().arrived(held, () -> done.done(new Credentials(held.id, held.token)), List.of());
            }
        });
    }

    @Override
    public void claim(Claimant claimant, Callback<Claim> done) {
        engine.claims().claim(claimant, member, done);
    }

    /** The session, if this member has it. */
    private @Nullable Held own(String id) {
        Held held = engine.holdings().get(id);
        return held == null || held.member != member ? null : held;
    }

    @Override
    public void connected(String id, boolean connected) {
        Held held = own(id);
        if (held == null) {
            return;
        }
        synchronized (engine.holdings()) {
            held.connected = connected;
        }
        if (held.user != null) {
            engine.users()
                    .connected(
                            held.user,
                            id,
                            engine.site().ownersPrefix(),
                            engine.site().owner(member),
                            connected);
        }
    }

    @Override
    public void remove(String id, Consumer<Boolean> done) {
        Held held = own(id);
        if (held == null) {
            member.execute(() -> done.accept(false));
            return;
        }
        synchronized (engine.holdings()) {
            if (held.asked) { // its release says that it is over
                member.execute(() -> done.accept(true));
                return;
            }
            held.asked = true; // what is for it waits until nobody finds it
        }
        engine.keeping()
                .remove(held, over -> member.execute(() -> done.accept(over)))
                .whenComplete((nothing, failure) -> engine.handover().gone(held));
    }

    @Override
    public boolean keeps() {
        return engine.site().options().keepSessions();
    }

    @Override
    public void keep(
            String id, long attempt, boolean whole, Map<String, byte @Nullable []> changes, Callback<Kept> done) {
        if (!keeps()) {
            throw new IllegalStateException("this engine keeps no sessions");
        }
        Held held = own(id);
        if (held == null) {
            member.execute(() -> done.done(Kept.TAKEN));
            return;
        }
        engine.keeping().keep(held, attempt, whole, changes).whenComplete((kept, failure) -> {
            if (failure != null) {
                Failure told = Failures.of(failure);
                member.execute(() -> done.failed(told));
                return;
            }
            if (kept == Kept.TAKEN) {
                engine.taken(held);
            }
            member.execute(() -> done.done(kept));
        });
    }

    // ---- Users ----

    @Override
    public void users(Callback<List<String>> done) {
        member.answer(engine.users().all(), done);
    }

    @Override
    public void sessionsOf(String user, Callback<List<String>> done) {
        member.answer(engine.users().sessionsOf(user), done);
    }

    @Override
    public void isConnected(String user, Callback<Boolean> done) {
        member.answer(engine.users().isConnected(user), done);
    }

    @Override
    public void read(String user, long offset, Callback<Long> done) {
        member.answer(engine.mailboxes().read(user, offset), done);
    }

    @Override
    public void received(String user, Cursor cursor) {
        engine.mailboxes().received(user, cursor);
    }

    @Override
    public void whenReceived(String user, Cursor cursor, Runnable action) {
        engine.mailboxes().whenReceived(user, cursor, member, action);
    }

    // ---- Once ----

    /** The time is the server's. Who asks has a name, as a command that was on its way may be sent again. */
    @Override
    public void once(String key, long ttlMillis, long nowMillis, Callback<Boolean> done) {
        Site site = engine.site();
        member.answer(
                site.link()
                        .run(
                                Script.ONCE,
                                site.keys().once(key),
                                RedisLink.bytes(site.secrets().get()),
                                Keeping.number(ttlMillis))
                        .thenApply(Reply::isDone),
                done);
    }
}
