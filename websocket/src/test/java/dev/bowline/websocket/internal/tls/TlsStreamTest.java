package dev.bowline.websocket.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Seeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes through an open TLS stream, and how it ends. */
class TlsStreamTest {
    @RegisterExtension
    final TlsStreamHarness tls = new TlsStreamHarness();

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new java.util.Random(size).nextBytes(bytes);
        return bytes;
    }

    // ---- Bytes

    @ParameterizedTest
    @CsvSource({"server, TLSv1.3", "server, TLSv1.2", "client, TLSv1.3", "client, TLSv1.2"})
    void carriesBytesBothWays(String role, String protocol) throws SSLException {
        tls.open(role, protocol);
        assertThat(tls.stream().session().protocol()).isEqualTo(protocol);
        tls.peer().send(ascii("to you"));
        tls.send(ascii("to me"));
        tls.until(
                "both have it",
                () -> tls.above.received().equals("to you") && tls.peer().receivedBytes() == 5);
        assertThat(tls.peer().takeReceived()).isEqualTo(ascii("to me"));
        assertThat(tls.above.taken()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"server, TLSv1.3", "server, TLSv1.2", "client, TLSv1.3", "client, TLSv1.2"})
    void anyCutOfHandshakeAndRecordsWillDo(String role, String protocol) throws SSLException {
        tls.raw.readLimit(1);
        tls.open(role, protocol);
        tls.peer().send(ascii("one"));
        tls.peer().send(ascii("two"));
        tls.until("all of it", () -> tls.above.received().equals("onetwo"));
    }

    @Test
    void aRecordMayBeCutAnywhere() throws SSLException {
        tls.open("server", "TLSv1.3");
        StringBuilder all = new StringBuilder();
        for (int cut = 0; cut < 80; cut++) {
            String text = "message " + cut + "; ";
            tls.peer().send(ascii(text));
            tls.peer().send(ascii(text));
            all.append(text).append(text);
            byte[] records = tls.peer().takeOutput();
            tls.raw.incoming(Arrays.copyOf(records, Math.min(cut, records.length)));
            tls.settle();
            tls.raw.incoming(Arrays.copyOfRange(records, Math.min(cut, records.length), records.length));
            tls.settle();
            assertThat(tls.above.received()).as("cut at %s", cut).isEqualTo(all.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void plaintextCountsAsTakenWhenItsRecordHasGone(String protocol) {
        tls.open("server", protocol);
        tls.raw.room(0);
        byte[] data = random(100_000);
        tls.send(data);
        assertThat(tls.above.taken()).isZero();
        assertThat(tls.raw.writeInterest()).isTrue();
        Seeded.run(1, random -> {
            while (tls.above.taken() < data.length) {
                tls.raw.room(random.intBetween(0, random.nextBoolean() ? 3 : 20_000));
                tls.step();
                // The peer decrypts a record when its last byte has come, and so it counts here.
                assertThat(tls.above.taken()).isEqualTo((long) tls.peer().receivedBytes());
            }
        });
        assertThat(tls.peer().takeReceived()).isEqualTo(data);
        tls.settle();
        assertThat(tls.raw.writeInterest()).isFalse();
    }

    @Test
    void oneByteOfRoomAtATimeIsEnough() {
        tls.raw.room(0);
        tls.server("TLSv1.3");
        while (!tls.above.told.contains("connected")) {
            tls.raw.room(1);
            tls.step();
        }
        tls.send(ascii("Hello"));
        for (int i = 0; i < 1000 && tls.above.taken() == 0; i++) {
            tls.raw.room(1);
            tls.step();
        }
        assertThat(tls.peer().takeReceived()).isEqualTo(ascii("Hello"));
    }

    @Test
    void manyBuffersLeaveInOrder() {
        tls.open("client", "TLSv1.3");
        tls.raw.room(100);
        ByteBuffer[] buffers = new ByteBuffer[40];
        int size = 0;
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = i % 2 == 0 ? ByteBuffer.wrap(random(i * 100)) : ByteBuffer.allocateDirect(i * 100);
            size += i * 100;
        }
        byte[] all = new byte[size];
        ByteBuffer joined = ByteBuffer.wrap(all);
        for (ByteBuffer buffer : buffers) {
            joined.put(buffer.duplicate());
        }
        tls.inLoop(() -> {
            tls.above.send(buffers);
            return true;
        });
        tls.settle();
        tls.raw.room(Long.MAX_VALUE);
        tls.until("all is taken", () -> tls.above.taken() == all.length);
        assertThat(tls.peer().takeReceived()).isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000, 16_383, 16_384, 64 * 1024})
    void aReaderMayHaveLittleRoom(int bufferBytes) throws SSLException {
        tls.open("server", "TLSv1.3");
        tls.above.bufferBytes(bufferBytes);
        byte[] data = random(bufferBytes < 1000 ? 2000 : 200_000);
        tls.peer().send(data);
        tls.until("all is read", () -> tls.above.receivedBytes() == data.length);
        assertThat(tls.above.received().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(data);
    }

    @Test
    void whoPausesIsToldNothingAndLosesNothing() throws SSLException {
        tls.open("server", "TLSv1.3");
        tls.above.bufferBytes(10);
        tls.above.whenRead(bytes -> tls.above.pause(true));
        tls.peer().send(ascii("0123456789abcdefghij"));
        tls.peer().send(ascii("last"));
        tls.until("the first part", () -> tls.above.received().equals("0123456789"));
        assertThat(tls.raw.readInterest()).isFalse();
        tls.above.pause(false);
        tls.until("the second", () -> tls.above.received().equals("0123456789abcdefghij"));
        tls.above.pause(false);
        tls.until("the last", () -> tls.above.received().endsWith("last"));
    }

    @Test
    void dataBehindTheHandshakeIsNotMissed() throws SSLException {
        tls.server("TLSv1.3");
        tls.until("the client has all it needs", () -> tls.peer().isOpen());
        assertThat(tls.above.told).doesNotContain("end");
        tls.peer().send(ascii("at once"));
        tls.until("it is read", () -> tls.above.received().equals("at once"));
    }

    @Test
    void writingBeginsWhenTheHandshakeIsDone() {
        tls.client("TLSv1.3");
        tls.send(ascii("early"));
        assertThat(tls.above.taken()).isZero();
        tls.opened();
        tls.until("it is sent", () -> tls.peer().receivedBytes() == 5);
    }

    // ---- The end

    @ParameterizedTest
    @CsvSource({"server, TLSv1.3", "server, TLSv1.2", "client, TLSv1.3", "client, TLSv1.2"})
    void closeNotifyIsTheEndAndWhatCameBeforeIsRead(String role, String protocol) throws SSLException {
        tls.open(role, protocol);
        tls.peer().send(ascii("last words"));
        tls.peer().end();
        tls.raw.incoming(tls.peer().takeOutput());
        tls.raw.end();
        tls.until("the end", () -> tls.above.told.contains("end"));
        assertThat(tls.above.received()).isEqualTo("last words");
    }

    @ParameterizedTest
    @CsvSource({"server, TLSv1.3", "server, TLSv1.2", "client, TLSv1.3", "client, TLSv1.2"})
    void anEndWithoutCloseNotifyIsTruncation(String role, String protocol) throws SSLException {
        tls.open(role, protocol);
        tls.peer().send(ascii("whole"));
        tls.peer().send(ascii("cut"));
        byte[] records = tls.peer().takeOutput();
        tls.raw.incoming(Arrays.copyOf(records, records.length - 1));
        tls.raw.end();
        tls.until("told", () -> tls.above.told.size() == 2);
        assertThat(tls.above.received()).isEqualTo("whole");
        assertThat(tls.above.told)
                .containsExactly("connected", "broken: the TLS stream was truncated: it ended without close_notify");
    }

    @ParameterizedTest
    @CsvSource({"server, TLSv1.3", "server, TLSv1.2", "client, TLSv1.3", "client, TLSv1.2"})
    void ourEndIsCloseNotifyAndThenTheEndOfTheStreamBelowAndReadingGoesOn(String role, String protocol)
            throws Exception {
        tls.open(role, protocol);
        tls.send(ascii("last words"));
        tls.raw.room(10);
        shutdownOutput();
        assertThat(tls.raw.isOutputShut()).as("not before what is to be sent").isFalse();
        tls.raw.room(Long.MAX_VALUE);
        tls.until("it has come", () -> tls.peer().isCloseNotified() && tls.raw.isOutputShut());
        assertThat(tls.peer().takeReceived()).isEqualTo(ascii("last words"));
        if (protocol.equals("TLSv1.3")) { // with 1.2 the peer's side has ended with ours (RFC 5246 §7.2.1)
            tls.peer().send(ascii("still heard"));
            tls.until("it is heard", () -> tls.above.received().equals("still heard"));
        }
    }

    private void shutdownOutput() {
        tls.inLoop(() -> {
            tls.stream().shutdownOutput();
            return true;
        });
    }

    /** RFC 5246 §7.2.1 lets our side end with the peer's; what is said before it must be answered all the same. */
    @Test
    void whatCameTogetherWithCloseNotifyCanBeAnswered() throws SSLException {
        tls.open("server", "TLSv1.2");
        tls.above.whenRead(bytes -> tls.above.send(ByteBuffer.wrap(ascii("answer"))));
        tls.peer().send(ascii("question"));
        tls.peer().end();
        tls.until("the end", () -> tls.above.told.contains("end"));
        assertThat(tls.peer().takeReceived()).isEqualTo(ascii("answer"));
    }

    @Test
    void aCutSaysNothing() {
        tls.open("server", "TLSv1.3");
        tls.inLoop(() -> {
            tls.stream().close();
            tls.stream().close();
            return true;
        });
        tls.settle();
        assertThat(tls.raw.isClosed()).isTrue();
        assertThat(tls.peer().isCloseNotified()).isFalse();
    }

    // ---- Failures

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aForgedRecordEndsItWithAnAlertBehindWhatCameBefore(String protocol) throws SSLException {
        tls.open("server", protocol);
        tls.peer().send(ascii("true"));
        tls.peer().send(ascii("forged"));
        byte[] records = tls.peer().takeOutput();
        records[records.length - 1] ^= 1;
        tls.raw.incoming(records);
        tls.until("told", () -> tls.above.told.size() == 2);
        assertThat(tls.above.received()).isEqualTo("true");
        assertThat(tls.above.told.get(1)).startsWith("broken: ");
        assertThat(tls.peerFailure()).isEqualTo("Received fatal alert: bad_record_mac");
        assertThat(tls.raw.isOutputShut()).isTrue();
    }

    @Test
    void whatFailsBelowIsToldAbove() {
        tls.open("server", "TLSv1.3");
        tls.raw.fail(new IOException("Connection reset"));
        tls.until("told", () -> tls.above.told.contains("broken: Connection reset"));
        tls.send(ascii("late"));
        assertThat(tls.above.taken()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "client"})
    void renegotiationIsRefused(String role) throws SSLException {
        tls.open(role, "TLSv1.2");
        tls.peer().send(ascii("before"));
        tls.peer().renew();
        tls.until("told", () -> tls.above.told.size() == 2);
        assertThat(tls.above.told.get(1)).isEqualTo("broken: the peer wants to renegotiate TLS, which is refused");
        assertThat(tls.above.received()).isEqualTo("before");
        assertThat(tls.raw.isOutputShut()).isTrue();
    }

    // ---- New keys

    @ParameterizedTest
    @ValueSource(strings = {"server", "client"})
    void newKeysGoUnnoticed(String role) throws SSLException {
        tls.open(role, "TLSv1.3");
        for (int i = 0; i < 5; i++) {
            tls.peer().send(ascii("a" + i));
            tls.peer().renew();
            tls.peer().send(ascii("b" + i));
            tls.send(ascii("c" + i));
            tls.settle();
        }
        assertThat(tls.above.received()).isEqualTo("a0b0a1b1a2b2a3b3a4b4");
        assertThat(tls.peer().takeReceived()).isEqualTo(ascii("c0c1c2c3c4"));
        assertThat(tls.above.told).containsExactly("connected");
    }

    @Test
    void whoAsksForNewKeysAgainAndAgainMustTakeTheAnswers() throws SSLException {
        tls.open("server", "TLSv1.3");
        tls.raw.room(0);
        for (int i = 0; i < 300; i++) {
            tls.peer().renew();
        }
        tls.peer().send(ascii("and now?"));
        byte[] flood = tls.peer().takeOutput();
        tls.raw.incoming(flood);
        tls.settle();
        assertThat(tls.raw.readInterest()).as("reads on").isFalse();
        assertThat(tls.above.received()).isEmpty();
        tls.raw.room(Long.MAX_VALUE);
        tls.until("it goes on", () -> tls.above.received().equals("and now?"));
        tls.send(ascii("fine"));
        tls.until("and so does the peer", () -> tls.peer().receivedBytes() == 4);
    }

    @Test
    void whileOurOwnDataWaitsNewKeysAreAnsweredBehindIt() throws SSLException {
        tls.open("server", "TLSv1.3");
        tls.raw.room(0);
        byte[] data = random(50_000);
        tls.send(data);
        tls.peer().renew();
        tls.peer().send(ascii("read on"));
        tls.until("it is read", () -> tls.above.received().equals("read on"));
        tls.raw.room(Long.MAX_VALUE);
        tls.until("all is taken", () -> tls.above.taken() == data.length);
        assertThat(tls.peer().takeReceived()).isEqualTo(data);
    }
}
