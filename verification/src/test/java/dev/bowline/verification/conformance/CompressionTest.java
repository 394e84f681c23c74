package dev.bowline.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.verification.conformance.Setting.Subject;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** The fuzzer's own compression: its two ends understand each other, and its judge sees what is wrong. */
class CompressionTest {
    @Test
    void bothEndsUnderstandEachOther() {
        for (String agreed : new String[] {
            "",
            "; server_no_context_takeover; client_no_context_takeover",
            "; server_max_window_bits=9; client_max_window_bits=9",
            "; server_max_window_bits=8; client_max_window_bits=10; client_no_context_takeover"
        }) {
            DeflateParameters parameters = DeflateParameters.parse(DeflateParameters.NAME + agreed, true);
            try (Compression client = new Compression(parameters, Subject.SERVER);
                    Compression server = new Compression(parameters, Subject.CLIENT)) {
                for (Sample sample : Sample.values()) {
                    for (int size : new int[] {0, 1, 16, 300, 512, 513, 4096, 100_000}) {
                        byte[] content = sample.slice(3, size);
                        byte[] sent = client.compress(content);
                        assertThat(server.decompress(sent)).isEqualTo(content);
                        assertThat(client.decompress(server.compress(content))).isEqualTo(content);
                    }
                }
            }
        }
    }

    @Test
    void contextIsTakenOver() {
        byte[] content = Sample.JSON.slice(0, 400);
        try (Compression compression =
                new Compression(DeflateParameters.parse(DeflateParameters.NAME, true), Subject.SERVER)) {
            int first = compression.compress(content).length;
            assertThat(compression.compress(content).length).isLessThan(first / 4);
        }
    }

    @Test
    void aMatchBeyondTheWindowIsRefused() {
        byte[] content = Arrays.copyOf(Sample.DOCUMENT.slice(0, 600), 1200);
        System.arraycopy(content, 0, content, 600, 600);
        assertThat(new Inflate(1024).inflate(deflate(content))).isEqualTo(content);
        assertThatThrownBy(() -> new Inflate(512).inflate(deflate(content))).hasMessageContaining("the window has 512");
    }

    @Test
    void aMatchBeyondTheBeginningIsRefused() {
        byte[] content = Sample.JSON.slice(0, 200);
        try (Compression sender =
                        new Compression(DeflateParameters.parse(DeflateParameters.NAME, true), Subject.CLIENT);
                Compression receiver = new Compression(
                        DeflateParameters.parse(DeflateParameters.NAME + "; server_no_context_takeover", true),
                        Subject.SERVER)) {
            receiver.decompress(sender.compress(content));
            byte[] reachingBack = sender.compress(content);
            assertThatThrownBy(() -> receiver.decompress(reachingBack)).hasMessageContaining("before the beginning");
        }
    }

    @Test
    void anAnswerMustKeepToTheOffer() {
        DeflateParameters offer = DeflateParameters.parse(
                "permessage-deflate; server_no_context_takeover; server_max_window_bits=9", false);
        assertThat(offer.faultsOf(DeflateParameters.parse(DeflateParameters.NAME, true)))
                .hasSize(2);
        assertThat(offer.faultsOf(DeflateParameters.parse(
                        "permessage-deflate; server_no_context_takeover; server_max_window_bits=9"
                                + "; client_max_window_bits=10",
                        true)))
                .hasSize(1);
        assertThat(offer.faultsOf(DeflateParameters.parse(
                        "permessage-deflate; server_no_context_takeover; server_max_window_bits=8"
                                + "; client_no_context_takeover",
                        true)))
                .isEmpty();
    }

    @Test
    void badParametersAreRefused() {
        for (String bad : new String[] {
            "x-webkit-deflate-frame",
            "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=09",
            "permessage-deflate; client_max_window_bits",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
            "permessage-deflate; level=9"
        }) {
            assertThatThrownBy(() -> DeflateParameters.parse(bad, true))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] out = new byte[2 * content.length + 100];
        int size = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, size);
    }
}
