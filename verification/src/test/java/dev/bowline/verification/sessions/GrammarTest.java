package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 2: what a client may say, and the violations of section 10.2 where it says something else. */
@Tag("once")
class GrammarTest extends AnyServerClauses {
    private static final String LONGEST_TOPIC = "t".repeat(255);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                " ",
                " ping",
                "ping ",
                "ping  ",
                "Ping",
                "ping2",
                "pin-g",
                "ping\r",
                "ping\t",
                "pöng",
                "averbofseventeens",
                "ping now",
                "pong 1",
                "bye 1",
                "ping\npayload",
                "pong\npayload",
                "bye\npayload",
                "hello again",
                "sub",
                "sub 1",
                "sub 0 a",
                "sub 01 a",
                "sub -1 a",
                "sub +1 a",
                "sub 1.0 a",
                "sub 1e0 a",
                "sub 0x1 a",
                "sub 9007199254740992 a",
                "sub 99999999999999999999 a",
                "sub a 1",
                "sub 1  a",
                "sub 1 a ",
                "sub 1 .",
                "sub 1 .a",
                "sub 1 a.",
                "sub 1 a..b",
                "sub 1 a/b",
                "sub 1 a#b",
                "sub 1 a*",
                "sub 1 *a",
                "sub 1 **",
                "sub 1 a.>b",
                "sub 1 >.a",
                "sub 1 a.>.b",
                "sub 1 a b",
                "sub 1 a from",
                "sub 1 a from e",
                "sub 1 a from e -1",
                "sub 1 a from e 01",
                "sub 1 a from e! 1",
                "sub 1 a from abcdefghijabcdefghijabcdefghij123 1", // 33
                "sub 1 a from e 1 last 1",
                "sub 1 a last",
                "sub 1 a last x",
                "sub 1 a last 1 2",
                "sub 1 a last 1 from e 1",
                "sub 1 a presence last 1",
                "sub 1 a presence presence",
                "sub 1 a Presence",
                "sub 1 a\npayload",
                "unsub 1",
                "unsub 1 a b",
                "unsub 1 a..b",
                "unsub 1 a\npayload",
                "pub 1",
                "pub 1 a.*\nx",
                "pub 1 >\nx",
                "pub 1 a b\nx",
                "req 1",
                "req 1 a.*",
                "req 1 a stream",
                "req 1 a stream x",
                "req 1 a stream -1",
                "req 1 a stream 1 2",
                "req 1 a strea 1",
                "send 1",
                "send 1 a b",
                "send 1 a/b",
                "cancel",
                "cancel 0",
                "cancel x",
                "cancel 1 1",
                "read 1",
                "read 1 x",
                "read 1 1 1",
                "read 1 1\npayload",
                "auth",
                "auth 1 token",
                "auth x\ntoken",
                "more 1",
                "more 0 1",
                "more 1 1 1",
                "more 1 x",
                "more 1 1\npayload",
                "ack",
                "ack x",
                "ack 1 1",
                "ack 0\npayload"
            })
    void whatIsOutsideTheGrammarIsAViolation(String message) {
        SpecClient client = begin();
        client.say(message);
        client.expectViolation("header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fly", "welcome", "ok 1 1", "msg 1 a\nx", "at a e 1", "averbofsixteenss"})
    void aVerbThatIsNotKnownIsAViolation(String message) {
        SpecClient client = begin();
        client.say(message);
        client.expectViolation("verb");
    }

    @Test
    @DisplayName("a header has at most 1024 bytes, a topic at most 255, and both may have as many")
    void longHeaders() {
        SpecClient client = begin();
        client.awaitResult(client.command("sub # " + LONGEST_TOPIC));
        client.say("pub " + client.session().nextSeq() + " " + LONGEST_TOPIC + "t\nx");
        client.expectViolation("header");

        client = connect();
        client.say("hello\nlonger-than-any-header " + "x".repeat(1100)); // a payload's lines are no header
        client.welcome();
        client.say("x".repeat(16) + " " + "f".repeat(1024 - 17));
        client.expectViolation("verb");

        client = begin();
        client.say("x".repeat(16) + " " + "f".repeat(1024 - 16));
        client.expectViolation("header");
    }

    @Test
    @DisplayName("an end that gets an empty payload, or none, takes both")
    void emptyPayloads() {
        SpecClient client = connect();
        client.say("hello\n");
        client.say("ping\n");
        if (authenticated().length == 0) {
            client.welcome();
            client.next("pong");
        }
        client = begin();
        client.say("ping\n");
        client.next("pong");
        client.awaitResult(client.command("unsub # conformance.never\n"));
        client.awaitResult(client.command("pub # conformance.never"));
        client.awaitResult(client.command("pub # conformance.never\n"));
        client.expectNothingElse();
    }

    @Test
    @DisplayName("a header is the same in a binary message")
    void binaryMessages() {
        SpecClient client = begin();
        long seq = client.session().nextSeq();
        client.sayBinary("pub " + seq + " conformance.never", (byte) 0, (byte) 0xff, (byte) '\n');
        client.awaitResult(seq);
        seq = client.session().nextSeq();
        client.sendBinary(("pub " + seq + " conformance.never").getBytes(StandardCharsets.US_ASCII));
        client.awaitResult(seq);
        client.expectNothingElse();
    }

    @Test
    void aHelloInABinaryMessageIsAViolation() {
        SpecClient client = connect();
        client.sayBinary("hello", "agent conformance".getBytes(StandardCharsets.US_ASCII));
        client.expectViolation("text");
    }

    @Test
    void theProtocolHasNoOtherTopicsOfItsOwn() {
        SpecClient client = begin();
        SpecMessage refused = client.await("err * " + client.command("sub # $conformance") + " *");
        assertThat(refused.field(3)).isIn("not-found", "forbidden");
    }
}
