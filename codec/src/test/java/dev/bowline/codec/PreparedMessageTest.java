package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Seeded;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PreparedMessageTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 1019, 1020, 1021, 65_535, 65_536, 100_000})
    @DisplayName("a server sends the bytes that it would send for the message itself, however often")
    void isFramedOnce(int size) {
        byte[] payload = Seeded.of(size).bytes(size);
        PreparedMessage prepared = PreparedMessage.binary(ByteBuffer.wrap(payload));
        assertThat(prepared.opcode()).isEqualTo(Opcode.BINARY);
        assertThat(prepared.payloadBytes()).isEqualTo(size);
        assertThat(prepared.frameBytes()).isEqualTo(RawFrame.binary(payload).bytes().length);
        for (int i = 0; i < 3; i++) {
            Endpoint server = new Endpoint(Role.SERVER);
            assertThat(server.protocol.send(prepared)).isTrue();
            assertThat(server.protocol.send(prepared)).isTrue();
            assertThat(server.sent()).containsExactly(RawFrame.binary(payload), RawFrame.binary(payload));
        }
    }

    @Test
    void aClientMasksItsOwnCopyEachTime() {
        PreparedMessage prepared = PreparedMessage.text("Grüße");
        Endpoint client = new Endpoint(Role.CLIENT);
        assertThat(client.protocol.send(prepared)).isTrue();
        assertThat(client.protocol.send(prepared)).isTrue();
        assertThat(client.keysMade).isEqualTo(2);
        assertThat(client.sentUnmasked()).containsExactly(RawFrame.text("Grüße"), RawFrame.text("Grüße"));
    }

    @Test
    void largeFramesAreWrittenFromWhereTheyLieAndSmallOnesFromACopy() {
        Endpoint server = new Endpoint(Role.SERVER);
        ByteBuffer[] batch = new ByteBuffer[2];
        server.protocol.send(PreparedMessage.binary(ByteBuffer.allocate(PreparedMessage.COPY_BYTES)));
        assertThat(server.output.gather(batch)).isOne();
        assertThat(batch[0].isDirect()).as("off-heap, by reference").isTrue();
        server.drain();
        server.protocol.send(PreparedMessage.binary(ByteBuffer.allocate(200)));
        assertThat(server.output.gather(batch)).as("shared").isZero();
        assertThat(server.output.size()).isEqualTo(204);
    }

    @Test
    void copiesWhatItIsGiven() {
        ByteBuffer given = ByteBuffer.wrap(new byte[] {0, 1, 2, 3}).position(1).limit(3);
        PreparedMessage prepared = PreparedMessage.binary(given);
        assertThat(given.position()).isEqualTo(1);
        assertThat(given.limit()).isEqualTo(3);
        given.put(1, (byte) 99);
        assertThat(prepared.payload()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    }

    @Test
    void thePayloadIsAReadOnlyViewOfTheCallersOwn() {
        PreparedMessage prepared = PreparedMessage.text("Hello");
        ByteBuffer view = prepared.payload();
        assertThat(view.isReadOnly()).isTrue();
        view.position(view.limit());
        assertThat(prepared.payload()).isEqualTo(Endpoint.utf8("Hello"));
        assertThat(prepared.opcode()).isEqualTo(Opcode.TEXT);
    }

    @Test
    void aSurrogateWithoutItsPairBecomesAQuestionMark() {
        assertThat(PreparedMessage.text("a\uD83Db").payload()).isEqualTo(Endpoint.utf8("a?b"));
        assertThat(PreparedMessage.text("\uD83D\uDE00").payloadBytes()).isEqualTo(4);
    }
}
