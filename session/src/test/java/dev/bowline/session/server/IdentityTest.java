package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdentityTest {
    @Test
    void hasAttributesThatNobodyChanges() {
        Map<String, String> given = new HashMap<>(Map.of("color", "red"));
        Identity ada = new Identity("ada", 1_000, given);
        given.clear();
        assertThat(ada.attributes()).containsExactly(Map.entry("color", "red"));
        assertThat(Identity.of("ada").attributes()).isEmpty();
        assertThat(new Identity("ada", 1_000).attributes()).isEmpty();
    }

    @Test
    void boundsAttributesInBytes() {
        Map<String, String> most = Map.of("name", "é".repeat((Identity.MAX_ATTRIBUTE_BYTES - 4) / 2));
        assertThat(new Identity("ada", 0, most).attributes()).isEqualTo(most);
        Map<String, String> more = Map.of("name", most.get("name") + "x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Identity("ada", 0, more))
                .withMessage("attributes are 4097 bytes of UTF-8, must be at most 4096");
    }

    @Test
    void isOfAUserOrNobody() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identity.of("Ada Lovelace"))
                .withMessageContaining("user is \"Ada Lovelace\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Identity(null, -1))
                .withMessageContaining("validMillis is -1");
        assertThat(Identity.ANONYMOUS.user()).isNull();
    }
}
