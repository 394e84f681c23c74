package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.codec.handshake.RequestHead;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpgradeRequestTest {
    private static UpgradeRequest request(String target) {
        return new UpgradeRequest(
                new RequestHead("GET", target, HttpHeaders.EMPTY),
                List.of(),
                InetSocketAddress.createUnresolved("peer", 1));
    }

    @Test
    void queryParametersAreDecoded() {
        UpgradeRequest request = request("/a?user=J%C3%BCrgen+M&empty=&flag&user=second&%6Bey=%26%3D&=nameless");
        assertThat(request.path()).isEqualTo("/a");
        assertThat(request.queryParameter("user")).isEqualTo("Jürgen M");
        assertThat(request.queryParameter("empty")).isEmpty();
        assertThat(request.queryParameter("flag")).isEmpty();
        assertThat(request.queryParameter("key")).isEqualTo("&=");
        assertThat(request.queryParameter("absent")).isNull();
        assertThat(request.queryParameter("User")).isNull();
    }

    @Test
    void malformedEncodingIsNoParameter() {
        assertThat(request("/?a=%").queryParameter("a")).isNull();
        assertThat(request("/?a=%zz&a=b").queryParameter("a")).isNull();
        assertThat(request("/?%=b&c=d").queryParameter("c")).isEqualTo("d");
        assertThat(request("/").queryParameter("")).isEmpty();
        assertThat(request("/").queryParameter("a")).isNull();
    }
}
