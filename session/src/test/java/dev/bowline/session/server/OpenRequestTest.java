package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.wire.Payload;
import org.junit.jupiter.api.Test;

class OpenRequestTest {
    private static Payload part(int size) {
        return Payload.text("x".repeat(size));
    }

    @Test
    void isAStreamWithAnyCredit() {
        assertThat(new OpenRequest(1, -1, "here", 0).stream).isFalse();
        assertThat(new OpenRequest(1, 0, "here", 0).stream).isTrue();
    }

    @Test
    void sendsAsManyPartsAsItsCredit() {
        OpenRequest request = new OpenRequest(1, 1, "here", 0);
        assertThat(request.maySend()).isFalse();
        assertThat(request.offer(part(1))).isTrue();
        assertThat(request.offer(part(2))).isTrue();
        assertThat(request.maySend()).isTrue();
        assertThat(request.next()).isEqualTo(part(1));
        assertThat(request.maySend()).isFalse();
        assertThat(request.hasWaiting()).isTrue();
        request.credit = 2;
        assertThat(request.maySend()).isTrue();
        assertThat(request.next()).isEqualTo(part(2));
        assertThat(request.hasWaiting()).isFalse();
    }

    @Test
    void boundsWhatWaits() {
        OpenRequest request = new OpenRequest(1, 1, "here", 0);
        assertThat(request.offer(part(1_000_000))).as("one of any size").isTrue();
        assertThat(request.offer(part(1))).isFalse();
        request.next();
        assertThat(request.offer(part(200_000))).isTrue();
        assertThat(request.offer(part(62_144))).as("256 KiB in all").isTrue();
        assertThat(request.offer(part(1))).isFalse();
    }

    @Test
    void takesNothingBehindItsEnd() {
        OpenRequest request = new OpenRequest(1, 5, "here", 0);
        request.finished = true;
        assertThat(request.offer(part(1))).isFalse();
    }
}
