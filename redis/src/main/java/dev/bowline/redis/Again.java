package dev.bowline.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What this process says again of the sessions that it has, and asks again, after it could not be sure of Redis. Safe from any thread. */
final class Again {
    private final Site site;
    private final Holdings holdings;
    private final Keeping keeping;
    private final Users users;
    private final Consumer<Held> taken;

    /**
     * @param taken is told of each that is not this process's any more
     */
    Again(Site site, Holdings holdings, Keeping keeping, Users users, Consumer<Held> taken) {
        this.site = site;
        this.holdings = holdings;
        this.keeping = keeping;
        this.users = users;
        this.taken = taken;
    }

    /** The process may have another name, and Redis may have lost what it knew: says whose the sessions are. */
    void sessions() {
        holdings.all().forEach(held -> {
            if (!held.arriving) {
                site.retries()
                        .wishInTurn(
                                "again " + held.id,
                                () -> holdings.has(held)
                                        ? keeping.sayAgain(held).thenCompose(ours -> {
                                            if (!ours) {
                                                taken.accept(held);
                                                return CompletableFuture.completedFuture(null);
                                            }
                                            return user(held);
                                        })
                                        : CompletableFuture.completedFuture(null));
            }
        });
    }

    /** What was said to users may have been missed. */
    void users() {
        holdings.all().forEach(held -> {
            if (!held.arriving && !held.asked && held.user != null) {
                site.retries().wishInTurn("hear " + held.id, () -> user(held));
            }
        });
    }

    private CompletionStage<?> user(Held held) {
        String user = held.user;
        if (user == null || !holdings.has(held)) {
            return CompletableFuture.completedFuture(null);
        }
        return users.has(user, held.id, site.owner(held.member), held.connected, held.told)
                .thenAccept(arrival -> {
                    arrival.missed().forEach(said -> holdings.tell(user, said.number(), said.message()));
                });
    }
}
