package dev.bowline.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PlainScreenTest {
    @Test
    void writesMessagesAndTheRestApartAndAtOnce() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Screen screen = new PlainScreen(out, err);
        assertThat(screen.message("你好")).isTrue();
        screen.status("open");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("你好" + System.lineSeparator());
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("open" + System.lineSeparator());
    }

    @Test
    void tellsThatNobodyReadsAnyMore() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertThat(new PlainScreen(gone, gone).message("hello")).isFalse();
    }
}
