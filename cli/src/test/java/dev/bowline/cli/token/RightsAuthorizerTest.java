package dev.bowline.cli.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.server.Action;
import dev.bowline.session.server.SessionInfo;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RightsAuthorizerTest {
    private final RightsAuthorizer authorizer =
            new RightsAuthorizer((action, name) -> action != Action.SEND && name.startsWith("chat."));

    private static SessionInfo session(String rights) {
        return new SessionInfo("s1", "ada", null, rights.isEmpty() ? Map.of() : Map.of("rights", rights));
    }

    private boolean may(SessionInfo session, Action action, String name) {
        return authorizer.mayDo(session, action, name).toCompletableFuture().join();
    }

    @Test
    void asksForARightWhereOneIsNeeded() {
        SessionInfo ada = session("subscribe=chat.>");
        assertThat(may(ada, Action.SUBSCRIBE, "chat.room1")).isTrue();
        assertThat(may(ada, Action.SUBSCRIBE, "chat.*")).isTrue();
        assertThat(may(ada, Action.PUBLISH, "chat.room1")).isFalse();
        assertThat(may(ada, Action.PUBLISH, "news")).isTrue();
        assertThat(may(ada, Action.SEND, "chat.room1")).isTrue();
        SessionInfo nobody = session("");
        assertThat(may(nobody, Action.SUBSCRIBE, "chat.room1")).isFalse();
        assertThat(may(nobody, Action.SUBSCRIBE, "news")).isTrue();
    }

    @Test
    void goesByTheRightsOfTheMoment() {
        for (int i = 0; i < 10_002; i++) { // more than it keeps in mind
            assertThat(may(session("publish=chat.room" + i), Action.PUBLISH, "chat.room" + i))
                    .isTrue();
            assertThat(may(session("publish=chat.room" + i), Action.PUBLISH, "chat.room" + (i + 1)))
                    .isFalse();
        }
    }
}
