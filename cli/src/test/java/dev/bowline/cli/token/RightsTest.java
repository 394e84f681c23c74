package dev.bowline.cli.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.session.server.Action;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RightsTest {
    private static final Rights SOME = Rights.of(Map.of(
            Action.SUBSCRIBE, List.of("chat.>", "news"),
            Action.PUBLISH, List.of("chat.room1"),
            Action.SEE_PRESENCE, List.of("chat.*"),
            Action.REQUEST, List.of("name.>"),
            Action.SEND, List.of()));

    @ParameterizedTest
    @CsvSource({
        "SUBSCRIBE, chat.room1, true",
        "SUBSCRIBE, chat.room1.a, true",
        "SUBSCRIBE, chat, false",
        "SUBSCRIBE, news, true",
        "SUBSCRIBE, news.eu, false",
        "SUBSCRIBE, $mailbox, false",
        "SUBSCRIBE, chat.*, true",
        "SUBSCRIBE, chat.*.>, true",
        "SUBSCRIBE, chat.>, true",
        "SUBSCRIBE, >, false",
        "SUBSCRIBE, *, false",
        "PUBLISH, chat.room1, true",
        "PUBLISH, chat.room2, false",
        "PUBLISH, news, false",
        "SEE_PRESENCE, chat.room1, true",
        "SEE_PRESENCE, chat.room1.a, false",
        "REQUEST, name.first, true",
        "REQUEST, chat.room1, false",
        "SEND, name.first, false"
    })
    void allowWhatTheySay(Action action, String name, boolean allowed) {
        assertThat(SOME.allows(action, name)).isEqualTo(allowed);
        assertThat(Rights.NONE.allows(action, name)).isFalse();
    }

    @Test
    void areAnAttribute() {
        String formatted = "subscribe=chat.>,news;publish=chat.room1;presence=chat.*;request=name.>";
        assertThat(SOME.format()).isEqualTo(formatted);
        assertThat(Rights.parse(formatted).format()).isEqualTo(formatted);
        assertThat(SOME).hasToString("Rights[" + formatted + "]");
        assertThat(Rights.NONE.format()).isEmpty();
        assertThat(Rights.parse("").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"subscribe", "subscribe=", "subscribe=a,", "read=a", "subscribe=a b", "subscribe=a;", ";"})
    void areNoOtherAttribute(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Rights.parse(text));
    }

    @Test
    void areAClaim() {
        assertThat(SOME.claim())
                .isEqualTo(Map.of(
                        "subscribe",
                        List.of("chat.>", "news"),
                        "publish",
                        List.of("chat.room1"),
                        "presence",
                        List.of("chat.*"),
                        "request",
                        List.of("name.>")));
        assertThat(Rights.ofClaim(SOME.claim()).format()).isEqualTo(SOME.format());
        assertThat(Rights.ofClaim(null)).isSameAs(Rights.NONE);
        assertThat(Rights.ofClaim(Map.of()).isEmpty()).isTrue();
        assertThat(Rights.ofClaim(Map.of("publish", List.of())).isEmpty()).isTrue();
    }

    @Test
    void areNoOtherClaim() {
        for (Object claim : List.of(
                "chat.>",
                5L,
                List.of("chat.>"),
                Map.of("subscribe", "chat.>"),
                Map.of("subscribe", List.of(5L)),
                Map.of("subscribe", List.of("a..b")),
                Map.of("subscribe", List.of("chat.>.a")),
                Map.of("subscibe", List.of("chat.>")))) {
            assertThatIllegalArgumentException()
                    .as("%s", claim)
                    .isThrownBy(() -> Rights.ofClaim(claim))
                    .withMessageStartingWith("its rights (bowline) ");
        }
    }
}
