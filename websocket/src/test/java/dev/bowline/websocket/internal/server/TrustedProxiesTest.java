package dev.bowline.websocket.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.codec.handshake.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private final TrustedProxies proxies =
            new TrustedProxies(List.of("127.0.0.1", "10.0.0.0/8", "192.0.2.128/25", "::1", "fd00::/8"));

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "10.255.1.2", "192.0.2.128", "192.0.2.255", "::1", "fd12::3"})
    void areThoseOfAnAddressOrANetwork(String one) {
        assertThat(proxies.trusts(address(one))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.2", "11.0.0.1", "192.0.2.127", "::2", "fc00::1"})
    void areNoOthers(String one) {
        assertThat(proxies.trusts(address(one))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy.example",
                "10.0.0",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/x",
                "::1/129",
                "1:2",
                "256.0.0.1"
            })
    void areNothingElse(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrustedProxies(List.of(text)))
                .withMessageContaining("trusted proxy is \"" + text + "\"")
                .withMessageContaining("10.0.0.0/8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    203.0.113.7                            | 203.0.113.7
                    203.0.113.7, 10.0.0.1                  | 203.0.113.7
                    198.51.100.1, 203.0.113.7              | 203.0.113.7
                    198.51.100.1, 203.0.113.7, 10.0.0.1    | 203.0.113.7
                    10.0.0.2, 10.0.0.1                     | 10.0.0.2
                    203.0.113.7:4711                       | 203.0.113.7
                    2001:db8::7                            | 2001:db8::7
                    [2001:db8::7]:4711                     | 2001:db8::7
                    unknown                                | 127.0.0.1
                    client.example, 10.0.0.1               | 10.0.0.1
                    '203.0.113.7, '                        | 127.0.0.1
                    """)
    void sayWhoTheirClientIs(String header, String client) {
        InetSocketAddress told = proxies.client(
                new InetSocketAddress(address("127.0.0.1"), 5000), HttpHeaders.of("X-Forwarded-For", header));
        assertThat(told.getAddress()).isEqualTo(address(client));
    }

    @Test
    void mayAddAFieldEach() {
        HttpHeaders headers = HttpHeaders.of("X-Forwarded-For", "203.0.113.7", "x-forwarded-for", "10.0.0.1");
        assertThat(proxies.client(new InetSocketAddress(address("127.0.0.1"), 5000), headers))
                .isEqualTo(new InetSocketAddress(address("203.0.113.7"), 0));
    }

    @Test
    void mayBeSilent() {
        InetSocketAddress peer = new InetSocketAddress(address("127.0.0.1"), 5000);
        assertThat(proxies.client(peer, HttpHeaders.EMPTY)).isSameAs(peer);
    }

    @Test
    void areBelievedAndNobodyElse() {
        InetSocketAddress stranger = new InetSocketAddress(address("198.51.100.1"), 5000);
        assertThat(proxies.client(stranger, HttpHeaders.of("X-Forwarded-For", "203.0.113.7")))
                .isSameAs(stranger);
        InetSocketAddress peer = new InetSocketAddress(address("127.0.0.1"), 5000);
        assertThat(new TrustedProxies(List.of()).client(peer, HttpHeaders.of("X-Forwarded-For", "203.0.113.7")))
                .isSameAs(peer);
    }
}
