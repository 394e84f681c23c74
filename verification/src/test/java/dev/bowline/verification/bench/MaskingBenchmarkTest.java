package dev.bowline.verification.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Seeded;
import dev.bowline.verification.bench.MaskingBenchmark.Masker;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class MaskingBenchmarkTest {
    @Test
    void bothMaskersMakeTheSame() {
        Seeded.run(50, random -> {
            byte[] bytes = random.bytes(random.intBetween(MaskingBenchmark.FROM, 2000));
            int key = random.nextInt();
            ByteBuffer ours = ByteBuffer.wrap(bytes.clone());
            ByteBuffer bytewise = ByteBuffer.wrap(bytes.clone());
            Masker.of("bowline").apply(ours, MaskingBenchmark.FROM, bytes.length, key);
            Masker.of("bytewise").apply(bytewise, MaskingBenchmark.FROM, bytes.length, key);
            assertThat(ours.array()).isEqualTo(bytewise.array());
        });
    }
}
