package dev.bowline.websocket.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.websocket.internal.server.Admission.Verdict;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final InetAddress one;
    private final InetAddress other;

    AdmissionTest() throws UnknownHostException {
        one = InetAddress.getByName("192.0.2.1");
        other = InetAddress.getByName("2001:db8::1");
    }

    @Test
    void countsInAllAndForEachAddress() {
        Admission admission = new Admission(3, 2, AdmissionTest::isProxy);
        assertThat(admission.admit(one)).isEqualTo(Verdict.ADMITTED);
        assertThat(admission.admit(one)).isEqualTo(Verdict.ADMITTED);
        assertThat(admission.admit(one)).isEqualTo(Verdict.ADDRESS_FULL);
        assertThat(admission.admit(other)).isEqualTo(Verdict.ADMITTED);
        assertThat(admission.admit(other)).isEqualTo(Verdict.SERVER_FULL);
        admission.release(one);
        assertThat(admission.admit(other)).as("a refusal takes no place").isEqualTo(Verdict.ADMITTED);
        admission.release(other);
        admission.release(other);
        assertThat(admission.admit(one)).isEqualTo(Verdict.ADMITTED);
        assertThat(admission.admit(one)).isEqualTo(Verdict.ADDRESS_FULL);
    }

    @Test
    void countsAnIpv6NetworkAsOneAddress() throws UnknownHostException {
        Admission admission = new Admission(10, 2, AdmissionTest::isProxy);
        assertThat(admission.admit(InetAddress.getByName("2001:db8::1"))).isEqualTo(Verdict.ADMITTED);
        assertThat(admission.admit(InetAddress.getByName("2001:db8::ffff:0:0:2")))
                .isEqualTo(Verdict.ADMITTED);
        assertThat(admission.admit(InetAddress.getByName("2001:db8::3"))).isEqualTo(Verdict.ADDRESS_FULL);
        assertThat(admission.admit(InetAddress.getByName("2001:db8:0:1::1"))).isEqualTo(Verdict.ADMITTED);
        admission.release(InetAddress.getByName("2001:db8::1"));
        assertThat(admission.admit(InetAddress.getByName("2001:db8::3"))).isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void boundsThoseThatWaitForTheirRefusal() {
        Admission admission = new Admission(1, 1, AdmissionTest::isProxy);
        int refused = 0;
        while (admission.admitRefused()) {
            refused++;
        }
        assertThat(refused).isEqualTo(256);
        admission.releaseRefused();
        assertThat(admission.admitRefused()).isTrue();
        assertThat(admission.admitRefused()).isFalse();
    }

    @Test
    void countsTheClientsOfAProxyAndNotTheProxy() {
        Admission admission = new Admission(10, 1, one::equals);
        assertThat(admission.admit(one)).isEqualTo(Verdict.ADMITTED);
        assertThat(admission.admit(one)).as("a proxy has many").isEqualTo(Verdict.ADMITTED);
        assertThat(admission.admitClient(one, other)).isTrue();
        assertThat(admission.admitClient(one, other)).as("its second").isFalse();
        admission.release(one);
        assertThat(admission.admit(other)).isEqualTo(Verdict.ADDRESS_FULL);
        admission.release(other);
        assertThat(admission.admit(other)).isEqualTo(Verdict.ADMITTED);
    }

    private static boolean isProxy(InetAddress address) {
        return false;
    }
}
