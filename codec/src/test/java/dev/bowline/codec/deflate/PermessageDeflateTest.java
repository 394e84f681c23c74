package dev.bowline.codec.deflate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.ExtensionParameters;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The negotiation of RFC 7692 §5 and §7.1. */
final class PermessageDeflateTest {
    private static final String NAME = "permessage-deflate";
    private static final PermessageDeflate KEEPING =
            PermessageDeflate.builder().ownContext(true).peerContext(true).build();

    private static List<ExtensionParameters> parse(String header) {
        return Objects.requireNonNull(ExtensionParameters.parse(header));
    }

    private static @Nullable String header(@Nullable Agreement agreement) {
        return agreement == null ? null : agreement.parameters().toHeader();
    }

    private static @Nullable String answer(PermessageDeflate server, String offers) {
        return header(server.answer(parse(offers.replace("pmd", NAME))));
    }

    private static @Nullable String accept(PermessageDeflate client, String answer) {
        return header(client.accept(parse(answer.replace("pmd", NAME)).get(0)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    pmd                                                        | pmd; server_no_context_takeover; client_no_context_takeover
                    pmd; client_max_window_bits                                | pmd; server_no_context_takeover; client_no_context_takeover
                    pmd; client_max_window_bits=15                             | pmd; server_no_context_takeover; client_no_context_takeover
                    pmd; client_max_window_bits=10                             | pmd; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=10
                    pmd; server_max_window_bits=8                              | pmd; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8
                    pmd; server_max_window_bits="9"                            | pmd; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9
                    pmd; server_max_window_bits=15; client_max_window_bits=8   | pmd; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=15; client_max_window_bits=8
                    """)
    @DisplayName("a server takes over no context by default, keeps the windows asked for and asks for none")
    void answersByDefault(String offer, String expected) {
        assertThat(answer(PermessageDeflate.DEFAULT, offer)).isEqualTo(expected.replace("pmd", NAME));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    pmd                                                         | pmd
                    pmd; client_max_window_bits                                 | pmd
                    pmd; server_no_context_takeover                             | pmd; server_no_context_takeover
                    pmd; client_no_context_takeover                             | pmd; client_no_context_takeover
                    pmd; server_no_context_takeover; client_no_context_takeover | pmd; server_no_context_takeover; client_no_context_takeover
                    """)
    @DisplayName("§7.1.1: a server that keeps contexts gives up what the client asks it to")
    void answersWithContext(String offer, String expected) {
        assertThat(answer(KEEPING, offer)).isEqualTo(expected.replace("pmd", NAME));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    pmd                                                        | pmd; server_max_window_bits=12
                    pmd; client_max_window_bits                                | pmd; server_max_window_bits=12; client_max_window_bits=11
                    pmd; client_max_window_bits=10                             | pmd; server_max_window_bits=12; client_max_window_bits=10
                    pmd; client_max_window_bits=15                             | pmd; server_max_window_bits=12; client_max_window_bits=11
                    pmd; server_max_window_bits=9                              | pmd; server_max_window_bits=9
                    pmd; server_max_window_bits=14                             | pmd; server_max_window_bits=12
                    """)
    @DisplayName("§7.1.2: never a larger window than offered, and none asked of a client that does not know how")
    void answersWithWindows(String offer, String expected) {
        PermessageDeflate server = PermessageDeflate.builder()
                .ownContext(true)
                .peerContext(true)
                .ownWindowBits(12)
                .peerWindowBits(11)
                .build();
        assertThat(answer(server, offer)).isEqualTo(expected.replace("pmd", NAME));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pmd; unknown",
                "pmd; unknown=1",
                "pmd; server_no_context_takeover=1",
                "pmd; client_no_context_takeover=\"x\"",
                "pmd; server_no_context_takeover; server_no_context_takeover",
                "pmd; client_no_context_takeover; client_no_context_takeover",
                "pmd; server_max_window_bits",
                "pmd; server_max_window_bits=7",
                "pmd; server_max_window_bits=16",
                "pmd; server_max_window_bits=08",
                "pmd; server_max_window_bits=010",
                "pmd; server_max_window_bits=+9",
                "pmd; server_max_window_bits=9.0",
                "pmd; server_max_window_bits=99999999999",
                "pmd; server_max_window_bits=10; server_max_window_bits=10",
                "pmd; client_max_window_bits=0",
                "pmd; client_max_window_bits=7",
                "pmd; client_max_window_bits=16",
                "pmd; client_max_window_bits; client_max_window_bits=10",
                "pmd; SERVER_NO_CONTEXT_TAKEOVER"
            })
    @DisplayName("§7.1: an offer with an unknown, invalid or repeated parameter is declined; the next one counts")
    void declines(String offer) {
        assertThat(answer(KEEPING, offer)).isNull();
        assertThat(answer(KEEPING, offer + ", pmd; server_max_window_bits=10"))
                .isEqualTo(NAME + "; server_max_window_bits=10");
    }

    @Test
    @DisplayName("§5: the first offer that can be granted, in the client's order")
    void ordersOffers() {
        assertThat(answer(KEEPING, "pmd; server_max_window_bits=10, pmd; server_max_window_bits=12, pmd"))
                .isEqualTo(NAME + "; server_max_window_bits=10");
        assertThat(answer(KEEPING, "pmd, pmd; server_max_window_bits=10")).isEqualTo(NAME);
    }

    @Test
    void offersByDefault() {
        assertThat(PermessageDeflate.DEFAULT.offers())
                .extracting(ExtensionParameters::toHeader)
                .containsExactly(
                        NAME + "; server_no_context_takeover; client_no_context_takeover; client_max_window_bits");
        assertThat(KEEPING.offers())
                .extracting(ExtensionParameters::toHeader)
                .containsExactly(NAME + "; client_max_window_bits");
        assertThat(PermessageDeflate.builder()
                        .ownWindowBits(9)
                        .peerWindowBits(10)
                        .build()
                        .offers())
                .extracting(ExtensionParameters::toHeader)
                .containsExactly(
                        NAME
                                + "; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=9");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    pmd                                                        | pmd; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9     | yes
                    pmd                                                        | pmd; client_max_window_bits=10                             | no
                    pmd; client_max_window_bits                                | pmd; client_max_window_bits=10                             | yes
                    pmd; client_max_window_bits                                | pmd; client_max_window_bits                                | no
                    pmd; client_max_window_bits                                | pmd                                                        | yes
                    pmd; client_max_window_bits=10                             | pmd; client_max_window_bits=10                             | yes
                    pmd; client_max_window_bits=10                             | pmd; client_max_window_bits=11                             | no
                    pmd; client_max_window_bits=10                             | pmd                                                        | yes
                    pmd; server_max_window_bits=10                             | pmd; server_max_window_bits=10                             | yes
                    pmd; server_max_window_bits=10                             | pmd; server_max_window_bits=8                              | yes
                    pmd; server_max_window_bits=10                             | pmd; server_max_window_bits=11                             | no
                    pmd; server_max_window_bits=10                             | pmd                                                        | no
                    pmd; server_no_context_takeover                            | pmd                                                        | no
                    pmd; server_no_context_takeover                            | pmd; server_no_context_takeover                            | yes
                    pmd; client_no_context_takeover                            | pmd                                                        | yes
                    pmd                                                        | pmd; server_max_window_bits                                | no
                    pmd                                                        | pmd; unknown                                               | no
                    pmd                                                        | pmd; server_no_context_takeover; server_no_context_takeover | no
                    pmd                                                        | other                                                      | no
                    pmd; server_max_window_bits=9, pmd                         | pmd                                                        | yes
                    """)
    @DisplayName("§7.1: a client takes only an answer to one of its offers")
    void checksTheAnswer(String offers, String answer, String taken) {
        PermessageDeflate client = PermessageDeflate.builder()
                .offers(parse(offers.replace("pmd", NAME)))
                .build();
        assertThat(accept(client, answer)).isEqualTo(taken.equals("yes") ? answer.replace("pmd", NAME) : null);
    }

    @Test
    @DisplayName("what a server answers to a client's offers the client takes, with any options of both")
    void bothSidesAgree() {
        int agreed = 0;
        for (int i = 0; i < 1 << 8; i++) {
            PermessageDeflate client = options(i & 15);
            PermessageDeflate server = options(i >> 4);
            Agreement answer = server.answer(client.offers());
            assertThat(answer).isNotNull();
            assertThat(client.accept(answer.parameters())).isNotNull();
            agreed++;
        }
        assertThat(agreed).isEqualTo(256);
    }

    private static PermessageDeflate options(int bits) {
        return PermessageDeflate.builder()
                .ownContext((bits & 1) != 0)
                .peerContext((bits & 2) != 0)
                .ownWindowBits((bits & 4) != 0 ? 15 : 9)
                .peerWindowBits((bits & 8) != 0 ? 15 : 11)
                .build();
    }

    @Test
    void refusesOptionsOutOfRange() {
        assertThatThrownBy(() -> PermessageDeflate.builder().level(0).build()).hasMessage("level is 0, must be 1 to 9");
        assertThatThrownBy(() -> PermessageDeflate.builder().level(10).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PermessageDeflate.builder().ownWindowBits(7).build())
                .hasMessage("ownWindowBits is 7, must be 8 to 15");
        assertThatThrownBy(() -> PermessageDeflate.builder().peerWindowBits(16).build())
                .hasMessage("peerWindowBits is 16, must be 8 to 15");
        assertThatThrownBy(() -> PermessageDeflate.builder().thresholdBytes(-1).build())
                .hasMessageStartingWith("thresholdBytes is -1");
        assertThatThrownBy(() -> PermessageDeflate.builder()
                        .offers(parse("permessage-deflate; server_max_window_bits"))
                        .build())
                .hasMessageContaining("server_max_window_bits");
    }

    @Test
    void hasTheDocumentedDefaults() {
        PermessageDeflate options = PermessageDeflate.DEFAULT;
        assertThat(options.name()).isEqualTo(NAME);
        assertThat(options.level()).isEqualTo(6);
        assertThat(options.thresholdBytes()).isEqualTo(1024);
        assertThat(options.ownContext()).isFalse();
        assertThat(options.peerContext()).isFalse();
        assertThat(options.ownWindowBits()).isEqualTo(15);
        assertThat(options.peerWindowBits()).isEqualTo(15);
    }
}
