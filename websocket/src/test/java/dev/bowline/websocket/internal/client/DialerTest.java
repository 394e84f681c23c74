package dev.bowline.websocket.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialerTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ::1 ::2 10.0.0.1 10.0.0.2          | ::1 10.0.0.1 ::2 10.0.0.2
            10.0.0.1 10.0.0.2 ::1              | 10.0.0.1 ::1 10.0.0.2
            10.0.0.1 10.0.0.2 10.0.0.3 ::1 ::2 | 10.0.0.1 ::1 10.0.0.2 ::2 10.0.0.3
            10.0.0.2 10.0.0.1                  | 10.0.0.2 10.0.0.1
            ::1                                | ::1
            """)
    void takesTheFamiliesInTurn(String given, String order) throws UnknownHostException {
        assertThat(Dialer.interleave(addresses(given))).isEqualTo(addresses(order));
    }

    private static List<InetAddress> addresses(String text) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : text.split(" ", -1)) {
            addresses.add(InetAddress.getByName(address));
        }
        return addresses;
    }
}
