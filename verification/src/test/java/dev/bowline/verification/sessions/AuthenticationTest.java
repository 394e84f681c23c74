package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.HubOptions;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Section 9: who the user is, and for how long. */
@Tag("once")
class AuthenticationTest extends OwnServerClauses {
    @Test
    void aTokenThatDoesNotDoIsRefused() {
        SpecClient client = connect();
        client.say("hello\nauth " + HubUnderTest.ENDED);
        client.expectClose(4501);
    }

    @Test
    @DisplayName("a token that does not do resumes nothing, and ends nothing")
    void refusedResume() {
        SpecClient client = begin("42");
        SpecClient other = also(client.reconnect());
        other.say("hello\nauth " + HubUnderTest.ENDED + "\n"
                + client.session().resumption().get(0));
        other.expectClose(4501);
        client.expectNothingElse();
    }

    @Test
    void theClientIsToldBeforeItsTimeIsOver() {
        serve(HubOptions.builder().expiryNotice(Duration.ofMinutes(1)));
        SpecClient client = begin("42:50000");
        assertThat(client.next("expiring *").number(1)).isBetween(1L, 50_000L);
    }

    @Test
    void whenTheTimeIsOverTheServerCloses() {
        SpecClient client = begin("42:200");
        client.next("expiring *");
        client.expectClose(4501);
    }

    @Test
    void aNewTokenKeepsTheSession() {
        SpecClient client = begin("42:1500");
        client.next("expiring *");
        client.does("auth #\n42");
        client.does("unsub # open.a");
        client.expectNothingElse();
    }

    @Test
    @DisplayName("a new token is given more time than it had")
    void renewsAgain() {
        serve(HubOptions.builder()
                .expiryNotice(Duration.ofSeconds(1))); // so long may the answer take on a busy machine
        SpecClient client = begin("42:1100");
        for (int i = 0; i < 3; i++) {
            client.next("expiring *");
            client.does("auth #\n42:1300");
        }
        client.next("expiring *");
        client.expectClose(4501);
    }

    @Test
    void theUserCantChange() {
        SpecClient client = begin("42");
        client.isRefused("auth #\n43", "user");
        client.isRefused("auth #\n" + HubUnderTest.ENDED, "unauthorized");
        client.does("auth #\n42");
        client.expectNothingElse();
    }

    @Test
    void aSessionWhoseTimeIsOverIsNotResumedWithoutAToken() {
        SpecClient client = begin("42:300");
        client.next("expiring *");
        client.expectClose(4501);
        SpecClient back = also(client.reconnect());
        back.say("hello\n" + client.session().resumption().get(0));
        SpecMessage answer = back.next("welcome"); // without a token it is nobody's
        assertThat(Welcome.of(answer).outcome()).startsWith("new ");
        assertThat(Welcome.of(answer).user()).isNull();
    }

    @Test
    void aUserWhoIsRevokedIsCutEverywhere() {
        SpecClient laptop = begin("mallory");
        SpecClient phone = begin("mallory");
        SpecClient other = begin("ada");
        hub().user("mallory").revoke("enough");
        assertThat(laptop.expectClose(4502)).isEqualTo("enough");
        assertThat(phone.expectClose(4502)).isEqualTo("enough");
        other.expectNothingElse();
        assertThat(also(laptop.reconnect()).resume().outcome()).startsWith("new ");
    }
}
