package dev.bowline.redis;

import dev.bowline.redis.Held.Said;
import dev.bowline.session.engine.UserMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is known of users: which sessions they have, and what was said to all of these. Safe from any thread. */
final class Users {
    /** How many messages to a user are kept for sessions that are on their way. Of revokes, the latest is kept whatever follows. */
    private static final int MAX_SAID = 16;

    /** How long they are kept at least, behind the window. */
    private static final Duration LEAST_SAID = Duration.ofMinutes(10);

    private static final Duration NUMBER_KNOWN = Duration.ofDays(1);
    private static final byte[] YES = RedisLink.bytes("1");
    private static final byte[] NO = RedisLink.bytes("0");
    private static final byte[] NOTHING = {};

    /**
     * What a session finds that comes.
     *
     * @param latest the number of the latest message to the user
     * @param missed those that it was not told of
     */
    record Arrival(long latest, List<Said> missed) {}

    static final Arrival NOTHING_SAID = new Arrival(0, List.of());

    private final Site site;
    private final Holdings holdings;
    private final Post post;

    Users(Site site, Holdings holdings, Post post) {
        this.site = site;
        this.holdings = holdings;
        this.post = post;
    }

    // ---- Their sessions ----

    /**
     * A user has a session: from now on what is said to the user comes to its owner.
     *
     * @param heard the number of the latest message that it was told; null for a new one, to which those before are nothing
     */
    CompletionStage<Arrival> has(String user, String id, String owner, boolean connected, @Nullable Long heard) {
        CompletionStage<?> listed = site.link().run(Script.SET, site.keys().users(), YES, RedisLink.bytes(user));
        return site.link()
                .run(
                        Script.USER_HAS,
                        site.keys().userMessages(user),
                        RedisLink.bytes(id),
                        state(owner, connected),
                        heard == null ? NOTHING : Keeping.number(heard))
                .thenCombine(listed, (found, nothing) -> arrival(found));
    }

    private static byte[] state(String owner, boolean connected) {
        return RedisLink.bytes(owner + (connected ? " 1" : " 0"));
    }

    private static Arrival arrival(List<Object> found) {
        List<Said> missed = new ArrayList<>(0);
        for (int i = 1; i < found.size(); i++) {
            missed.add(said((byte[]) found.get(i)));
        }
        return new Arrival(Reply.number(found, 0), missed);
    }

    /** Of a number, a space, and a message. */
    private static Said said(byte[] item) {
        int space = 0;
        while (item[space] != ' ') {
            space++;
        }
        long number = Long.parseLong(RedisLink.text(Arrays.copyOf(item, space)));
        try {
            return new Said(number, NodeMessageCodec.userMessage(Arrays.copyOfRange(item, space + 1, item.length)));
        } catch (IOException e) {
            throw new IllegalStateException("what another engine said to a user is not understood", e);
        }
    }

    /** A session has got a connection, or has none any more; if it is still its owner's. */
    void connected(String user, String id, String ownersPrefix, String owner, boolean connected) {
        site.retries().wish("connected " + id, () -> session(user, id, ownersPrefix, state(owner, connected)));
    }

    /**
     * A session is over.
     *
     * @param ownersPrefix what its owner's name begins with; empty for whosever it is
     */
    void left(String user, String id, String ownersPrefix) {
        site.retries().wish("connected " + id, () -> session(user, id, ownersPrefix, NOTHING)
                .thenCompose(left -> {
                    if (left > 0) {
                        return CompletableFuture.completedFuture(left);
                    }
                    return listed(user, false)
                            .thenCompose(nothing -> sessions(user))
                            .thenCompose(now -> now.isEmpty()
                                    ? CompletableFuture.completedFuture(now)
                                    : listed(
                                            user,
                                            true)); // one has come since the first look, and before the user was taken
                    // out
                }));
    }

    private CompletionStage<Long> session(String user, String id, String ownersPrefix, byte[] state) {
        return site.link()
                .run(
                        Script.USER_SESSION,
                        site.keys().userSessions(user),
                        RedisLink.bytes(id),
                        RedisLink.bytes(ownersPrefix),
                        state)
                .thenApply(found -> Reply.number(found, 0));
    }

    private CompletionStage<Object> listed(String user, boolean there) {
        return site.link()
                .run(Script.SET, site.keys().users(), there ? YES : NO, RedisLink.bytes(user))
                .thenApply(nothing -> nothing);
    }

    private CompletionStage<Map<String, byte[]>> sessions(String user) {
        return site.link()
                .run(Script.USER_SESSIONS, site.keys().userSessions(user))
                .thenApply(found -> Reply.map(found, 0));
    }

    /** All that have sessions. */
    CompletionStage<List<String>> all() {
        return site.link().run(Script.MEMBERS, site.keys().users()).thenApply(found -> Reply.texts(found, 0));
    }

    /** The ids of a user's sessions. */
    CompletionStage<List<String>> sessionsOf(String user) {
        return sessions(user).thenApply(sessions -> List.copyOf(sessions.keySet()));
    }

    /** Whether any session has a connection, of a process that is alive. */
    CompletionStage<Boolean> isConnected(String user) {
        return sessions(user).thenCompose(sessions -> {
            List<String> processes = sessions.values().stream()
                    .map(RedisLink::text)
                    .filter(state -> state.endsWith(" 1"))
                    .map(Site::nameOf)
                    .toList();
            if (processes.isEmpty() || processes.stream().anyMatch(this::isAlive)) {
                return CompletableFuture.completedFuture(!processes.isEmpty());
            }
            return site.processes() // one that is not known may have come since the last beat, or since this one began
                    .beat()
                    .thenCompose(nothing -> site.processes().beat())
                    .thenApply(nothing -> processes.stream().anyMatch(this::isAlive));
        });
    }

    private boolean isAlive(String process) {
        return process.startsWith(site.ownersPrefix()) || site.processes().alive(process);
    }

    // ---- What is said to them ----

    /** Says something to all sessions of a user, also to those that are on their way. While Redis is away, that waits. */
    void say(String user, UserMessage message) {
        String wish = "say " + site.secrets().get();
        site.retries().wish(wish, () -> site.link()
                .run(
                        Script.USER_SAY,
                        site.keys().userMessages(user),
                        NodeMessageCodec.encode(message),
                        message instanceof UserMessage.Revoke ? YES : NO,
                        Keeping.number(site.options().window().plus(LEAST_SAID).toMillis()),
                        Keeping.number(MAX_SAID),
                        Keeping.number(NUMBER_KNOWN.toMillis()))
                .thenCompose(found -> tell(user, message, found)));
    }

    private CompletionStage<?> tell(String user, UserMessage message, List<Object> found) {
        long number = Reply.number(found, 0);
        Set<String> processes = new LinkedHashSet<>();
        Reply.map(found, 1).values().forEach(state -> processes.add(Site.idOf(RedisLink.text(state))));
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (String process : processes) {
            if (process.equals(site.processes().id())) {
                holdings.tell(user, number, message);
            } else {
                sent.add(post.send(process, new NodeMessage.Tell(user, number, message))
                        .toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
    }
}
