package dev.bowline.verification.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Floods from one address, where each may have only so many connections. */
class HostileAddressTest extends HostileSuite {
    private static final int PER_ADDRESS = 100;

    HostileAddressTest() {
        super(limits(connectionLimits()).maxConnectionsPerAddress(PER_ADDRESS).build());
    }

    @Test
    void floodsFromOneAddress() {
        List<RawPeer> many = peers(PER_ADDRESS + 200, i -> connect());
        String refusal = many.get(many.size() - 1).readHead();
        assertThat(RawHandshake.status(refusal)).isEqualTo(429);
        assertThat(RawHandshake.header(refusal, "Retry-After")).isEqualTo("5");
        assertServed(); // who was there before them
        many.forEach(RawPeer::close);
        Await.until("room for a new user", PATIENCE, this::isServed);
    }
}
