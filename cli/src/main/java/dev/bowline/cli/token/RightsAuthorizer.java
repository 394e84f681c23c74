package dev.bowline.cli.token;

import dev.bowline.realtime.Authorizer;
import dev.bowline.session.server.Action;
import dev.bowline.session.server.SessionInfo;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets sessions do what the {@link Rights} in their attributes say, where such a right is needed; all else it allows. Safe from any thread.
 */
public final class RightsAuthorizer implements Authorizer {
    /** For what a right is needed. */
    @FunctionalInterface
    public interface Need {
        /**
         * Whether it takes a right to do that. Called on event loops; must not block.
         *
         * @param name as of {@link Authorizer#mayDo}. Of a pattern it may say no where it says yes of topics: then each topic is asked about when
         *     it has a message
         */
        boolean isFor(Action action, String name);
    }

    /** How many different rights are known without being read again. */
    private static final int MAX_READ = 10_000;

    private static final CompletionStage<Boolean> ALLOWED = CompletableFuture.completedStage(true);
    private static final CompletionStage<Boolean> REFUSED = CompletableFuture.completedStage(false);

    private final Need need;
    private final Map<String, Rights> read =
            new ConcurrentHashMap<>(); // by the attribute, as many sessions have the same

    public RightsAuthorizer(Need need) {
        this.need = need;
    }

    @Override
    public CompletionStage<Boolean> mayDo(SessionInfo session, Action action, String name) {
        return !need.isFor(action, name) || rights(session).allows(action, name) ? ALLOWED : REFUSED;
    }

    private Rights rights(SessionInfo session) {
        String attribute = session.attributes().get(Rights.ATTRIBUTE);
        if (attribute == null) {
            return Rights.NONE;
        }
        Rights known = read.get(attribute);
        if (known == null) {
            known = Rights.parse(attribute);
            if (read.size() >= MAX_READ) {
                read.clear();
            }
            read.put(attribute, known);
        }
        return known;
    }
}
