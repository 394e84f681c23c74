package dev.bowline.session.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.bowline.testkit.Seeded;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the vectors can't say: whatever comes, parsing returns; what may not be sent can't be made. */
class ParseTest {
    private static final List<String> PIECES = List.of(
            "hello",
            "sub",
            "pub",
            "req",
            "welcome",
            "gap",
            "here",
            "auth",
            "resume",
            "topic",
            "from",
            "last",
            "stream",
            "presence",
            " ",
            " ",
            " ",
            "\n",
            "\n",
            "1",
            "0",
            "9007199254740991",
            "99999999999999999999",
            "news",
            "a.b",
            "orders.*",
            ">",
            "-",
            "e7Kd",
            "user",
            "session",
            "\u00e9",
            "\u0000",
            "\r");

    @Test
    void whateverComesIsAMessageOrMalformed() {
        Seeded.run(20_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.intBetween(0, 12); i > 0; i--) {
                text.append(PIECES.get(random.intBetween(0, PIECES.size() - 1)));
            }
            Payload message = Payload.text(text.toString());
            Payload bytes = random.chance(50) ? message : Payload.binary(ByteBuffer.wrap(random.bytes(40)));
            ClientMessage client = ClientMessage.parse(bytes);
            if (!(client instanceof Malformed)) {
                assertThat(ClientMessage.parse(client.toWire())).isEqualTo(client);
            }
            ServerMessage server = ServerMessage.parse(bytes);
            if (!(server instanceof Malformed)) {
                assertThat(ServerMessage.parse(server.toWire())).isEqualTo(server);
            }
        });
    }

    @Test
    void aHeaderHasAtMost1024Bytes() {
        String longest = "err 1 1 " + "x".repeat(64) + "\n" + "x".repeat(5_000);
        assertThat(ServerMessage.parse(Payload.text(longest))).isInstanceOf(ServerMessage.Err.class);
        String fits = "pub 1 " + "a".repeat(255) + " ".repeat(Grammar.MAX_HEADER_BYTES - 261);
        assertThat(detail(fits)).contains("empty field");
        assertThat(detail(fits + " ")).contains("more than 1024 bytes");
    }

    private static String detail(String message) {
        return ClientMessage.parse(Payload.text(message)) instanceof Malformed malformed ? malformed.detail() : "none";
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(detail("sub x news"))
                .isEqualTo("sub: the number is \"x\", must be a number of 1 to 9007199254740991");
        assertThat(detail("sub 1")).isEqualTo("sub: the pattern is missing");
        assertThat(detail("sub 1 a b")).isEqualTo("sub: \"b\" is a field too many");
        assertThat(detail("fly")).isEqualTo("\"fly\" is no verb of a client");
        assertThat(detail("hello\nauth")).isEqualTo("hello: the line \"auth\" has 0 fields, must have 1");
    }

    @Test
    void secretsAreNotShown() {
        ClientMessage hello = new ClientMessage.Hello(
                "secret-1", new ClientMessage.Resume("id", "secret-2", 0, 1, Map.of()), List.of(), null);
        assertThat(hello.toString()).doesNotContain("secret");
        assertThat(ServerMessage.parse(Payload.text("welcome\nsession a secret-3\nnew\nwindow 1\nping 1\ngrace 1\n"
                                + "max-message 1\nmax-pending 1 1"))
                        .toString())
                .startsWith("Welcome[a")
                .doesNotContain("secret");
        assertThat(detail("hello\nresume id secret/4 0")).doesNotContain("secret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClientMessage.Hello("secret 5", null, List.of(), null))
                .withMessageNotContaining("secret");
    }

    @Test
    void whatMayNotStandOnTheWireCannotBeMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClientMessage.Publish(0, "news", Payload.NONE))
                .withMessage("seq is 0, must be 1 to 9007199254740991");
        assertThatIllegalArgumentException().isThrownBy(() -> new ClientMessage.Publish(1, "news\n", Payload.NONE));
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerMessage.Err(1, 1, "a b", Payload.NONE));
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerMessage.Gap("news", 4, 3, "dropped"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClientMessage.Subscribe(1, "a.*", new ClientMessage.Start.Last(1), false))
                .withMessageContaining("a.*");
        assertThatIllegalStateException().isThrownBy(() -> new Malformed("header", "x").toWire());
    }
}
