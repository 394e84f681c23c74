package dev.bowline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.config.Options;
import dev.bowline.cli.config.Settings;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import dev.bowline.websocket.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoEndpointTest {
    private static final int MASK = 0x37fa213d;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Service server = start("message");

    private Service start(String greeting) {
        Service started = TestServices.start(new Options().set("--greeting", Settings.GREETING, greeting));
        opened.add(started);
        return started;
    }

    @AfterEach
    void close() throws Exception {
        // Peers before servers, or a server would wait for peers that answer no Close.
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private RawPeer connect(String target) {
        RawPeer peer = RawPeer.connect(server.port());
        opened.add(peer);
        peer.handshakeAsClient(target);
        return peer;
    }

    private RawPeer greeted(String target) {
        RawPeer peer = connect(target);
        peer.expectFrame(RawFrame.text("message"));
        return peer;
    }

    private static RawFrame text(String text) {
        return RawFrame.text(text).withMask(MASK);
    }

    private static RawFrame binary(byte... bytes) {
        return RawFrame.binary(bytes).withMask(MASK);
    }

    private static void expectText(RawPeer peer, String text) {
        peer.expectFrame(RawFrame.text(text));
    }

    @Nested
    class Greeting {
        @Test
        void comesFirst() {
            expectText(connect("/"), "message");
        }

        @Test
        void mayBeAnyText() {
            server = start("héllo ✓ 你好");
            expectText(connect("/"), "héllo ✓ 你好");
        }

        @Test
        void isLeftOutWhenEmpty() {
            server = start("");
            RawPeer peer = connect("/");
            peer.send(text("first"));
            expectText(peer, "first");
        }
    }

    @Nested
    class Echo {
        @ParameterizedTest
        @ValueSource(strings = {"/", "/chat", "/a/b/c", "/?x=1", "/%E4%BD%A0?user="})
        void isAtEveryPath(String target) {
            RawPeer peer = greeted(target);
            peer.send(text("hello"));
            expectText(peer, "hello");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "ping",
                    "\0",
                    "a\nb\r\n",
                    "é",
                    "你好 🙂",
                    "@",
                    "@ ",
                    "@bob",
                    "@bob ",
                    "@bob\n",
                    "@ bob hi",
                    "a@bob hi",
                    " @bob hi"
                })
        void givesTextBackAsItWas(String message) {
            RawPeer peer = greeted("/");
            peer.send(text(message));
            expectText(peer, message);
        }

        @Test
        void givesBinaryBackAsItWas() {
            RawPeer peer = greeted("/");
            byte[] all = new byte[256];
            for (int i = 0; i < all.length; i++) {
                all[i] = (byte) i;
            }
            byte[] looksLikeAnAddress = "@bob hi".getBytes(StandardCharsets.UTF_8);
            peer.send(binary(), binary(all), binary(looksLikeAnAddress));
            peer.expectFrame(RawFrame.binary());
            peer.expectFrame(RawFrame.binary(all));
            peer.expectFrame(RawFrame.binary(looksLikeAnAddress));
        }

        @Test
        void takesMessagesUpToOneMebibyte() {
            RawPeer peer = greeted("/");
            byte[] most = new byte[1 << 20];
            Arrays.fill(most, (byte) 'x');
            peer.send(binary(most));
            peer.expectFrame(RawFrame.binary(most));
            peer.send(text(new String(most, StandardCharsets.US_ASCII)));
            peer.expectFrame(RawFrame.text(new String(most, StandardCharsets.US_ASCII)));
        }

        @Test
        void closesWith1009BeyondThat() {
            RawPeer peer = greeted("/");
            peer.tryWrite(binary(new byte[(1 << 20) + 1]).bytes());
            assertThat(peer.readFrame().closeCode()).isEqualTo(1009);
        }

        @Test
        void losesNothingWhenThePeerReadsSlowly() throws InterruptedException {
            RawPeer peer = RawPeer.connect(server.server().address(), 4096);
            opened.add(peer);
            peer.handshakeAsClient("/");
            expectText(peer, "message");
            int messages = 96;
            Thread writer = new Thread(() -> {
                for (int i = 0; i < messages; i++) {
                    peer.send(numbered(i).withMask(MASK));
                }
            });
            writer.start();
            WebSocket socket = server.server().connections().iterator().next();
            Await.until("the queue is full", () -> socket.bufferedAmount() > 3 << 20);
            for (int i = 0; i < messages; i++) {
                RawFrame frame = peer.readFrame();
                assertThat(frame.equals(numbered(i))).as("message %d", i).isTrue();
            }
            writer.join();
            peer.send(text("on we go"));
            expectText(peer, "on we go");
        }

        /** Large and small ones, text and binary. */
        private static RawFrame numbered(int i) {
            String content = i + ":" + "x".repeat(i % 3 == 0 ? 10 : 250_000);
            return i % 2 == 0 ? RawFrame.text(content) : RawFrame.binary(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Nested
    class Users {
        @Test
        void areSentToByName() {
            RawPeer ann = greeted("/?user=ann");
            RawPeer bob = greeted("/chat?x=1&user=bob");
            ann.send(text("@bob how are you?"));
            expectText(bob, "how are you?");
            bob.send(text("@ann  well \n"));
            expectText(ann, " well \n");
            ann.expectNothing(Duration.ofMillis(50));
        }

        @Test
        void areReachedOnEveryDevice() {
            RawPeer ann = greeted("/");
            List<RawPeer> devices = Stream.of("/?user=bob", "/?user=bob", "/other?user=bob")
                    .map(DemoEndpointTest.this::greeted)
                    .toList();
            RawPeer bobby = greeted("/?user=bobby");
            ann.send(text("@bob hi"));
            devices.forEach(device -> expectText(device, "hi"));
            bobby.expectNothing(Duration.ofMillis(50));
        }

        @Test
        void mayWriteToThemselves() {
            RawPeer ann = greeted("/?user=ann");
            ann.send(text("@ann note"));
            expectText(ann, "note");
        }

        @Test
        void whoAreNotThereAreNamed() {
            RawPeer ann = greeted("/?user=ann");
            ann.send(text("@nobody are you there?"), text("next"));
            expectText(ann, "nobody is not connected");
            expectText(ann, "next");
        }

        @Test
        void areNotThereWhenTheirLastConnectionIsGone() {
            RawPeer ann = greeted("/");
            RawPeer bob = greeted("/?user=bob");
            bob.send(RawFrame.close(1000, "").withMask(MASK));
            assertThat(bob.readFrame().closeCode()).isEqualTo(1000);
            bob.close();
            Await.until("bob is gone", () -> server.server().user("bob").isEmpty());
            ann.send(text("@bob hi"));
            expectText(ann, "bob is not connected");
        }

        @ParameterizedTest
        @CsvSource({
            "Jos%C3%A9, José",
            "%E5%BC%A0%E4%B8%89, 张三",
            "a%40b, a@b",
            "%40, @",
            "a%26b%3Dc, a&b=c",
            "%22%27%3Cb%3E, '\"''<b>'",
            "%F0%9F%99%82, 🙂",
            "a%2Bb, a+b",
        })
        void mayHaveOddNames(String encoded, String name) {
            RawPeer ann = greeted("/");
            RawPeer odd = greeted("/?user=" + encoded);
            ann.send(text("@" + name + " hi"));
            expectText(odd, "hi");
        }

        static Stream<String> unaddressableNames() {
            return Stream.of("a%20b", "a+b", "a%0Ab", "%E3%80%80", "a%00b", "x".repeat(65));
        }

        @ParameterizedTest
        @MethodSource("unaddressableNames")
        void areRefusedWithANameThatNoMessageCouldName(String encoded) {
            RawPeer peer = RawPeer.connect(server.port());
            opened.add(peer);
            peer.write(RawHandshake.request("localhost", "/?user=" + encoded));
            assertThat(RawHandshake.status(peer.readHead())).isEqualTo(400);
        }

        @Test
        void whoReadTooSlowlyAreNamedToTheSender() {
            RawPeer slow = RawPeer.connect(server.server().address(), 4096);
            opened.add(slow);
            slow.handshakeAsClient("/?user=slow");
            RawPeer ann = greeted("/");
            String words = "x".repeat(1_000_000);
            for (int i = 0; i < 20; i++) {
                ann.send(text("@slow " + words));
            }
            expectText(ann, "slow reads too slowly: not delivered to 1 of 1 connections");
        }
    }

    @Nested
    class Heartbeat {
        @Test
        void inTextIsAnsweredWhereItIsAskedFor() {
            RawPeer peer = greeted("/?heartbeat=text");
            peer.send(text("ping"), text("Ping"));
            expectText(peer, "pong");
            expectText(peer, "Ping");
        }

        @Test
        void inTextIsAMessageWhereItIsNot() {
            RawPeer peer = greeted("/?heartbeat=");
            peer.send(text("ping"));
            expectText(peer, "ping");
        }

        @Test
        void ofAnotherKindIsRefused() {
            RawPeer peer = RawPeer.connect(server.port());
            opened.add(peer);
            peer.write(RawHandshake.request("localhost", "/?heartbeat=txt"));
            assertThat(RawHandshake.status(peer.readHead())).isEqualTo(400);
        }
    }

    @Nested
    class Subprotocols {
        private @org.jspecify.annotations.Nullable String chosenFrom(String offered) {
            RawPeer peer = RawPeer.connect(server.port());
            opened.add(peer);
            String head = peer.handshakeAsClient("/", "Sec-WebSocket-Protocol: " + offered);
            expectText(peer, "message");
            return RawHandshake.header(head, "Sec-WebSocket-Protocol");
        }

        @Test
        void areTakenUpAsBrowsersDemand() {
            assertThat(chosenFrom("chat, superchat")).isEqualTo("chat");
        }

        @Test
        @DisplayName("an unknown one of Bowline's means more than an echo: it is not spoken")
        void ofBowlineAreNotTakenUpBlindly() {
            assertThat(chosenFrom("bowline.v9")).isNull();
            assertThat(chosenFrom("bowline.v9, chat")).isEqualTo("chat");
        }
    }
}
