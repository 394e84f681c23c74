package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class OpcodeTest {
    @Test
    void definesExactlyTheSixOpcodesOfTheRfc() {
        Set<Integer> defined = Set.of(0x0, 0x1, 0x2, 0x8, 0x9, 0xA);
        for (int opcode = 0; opcode < 16; opcode++) {
            assertThat(Opcode.isDefined(opcode)).as("0x%x", opcode).isEqualTo(defined.contains(opcode));
            assertThat(Opcode.isControl(opcode)).as("0x%x", opcode).isEqualTo(opcode >= 8);
        }
    }

    @Test
    void namesThem() {
        assertThat(Opcode.name(Opcode.CONTINUATION)).isEqualTo("continuation");
        assertThat(Opcode.name(Opcode.TEXT)).isEqualTo("text");
        assertThat(Opcode.name(Opcode.BINARY)).isEqualTo("binary");
        assertThat(Opcode.name(Opcode.CLOSE)).isEqualTo("close");
        assertThat(Opcode.name(Opcode.PING)).isEqualTo("ping");
        assertThat(Opcode.name(Opcode.PONG)).isEqualTo("pong");
        assertThat(Opcode.name(0xB)).isEqualTo("reserved 0xb");
    }
}
