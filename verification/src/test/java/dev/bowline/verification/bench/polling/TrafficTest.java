package dev.bowline.verification.bench.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.realtime.HubOptions;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.FaultProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is counted is what stands here, to the byte. */
@Timeout(120)
final class TrafficTest {
    private static final Duration LONG = Duration.ofHours(1);

    private static final String REQUEST = """
            GET %s HTTP/1.1
            Host: shop.example
            Connection: keep-alive
            sec-ch-ua-platform: "Linux"
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
            sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"
            %ssec-ch-ua-mobile: ?0
            Accept: */*
            Sec-Fetch-Site: same-origin
            Sec-Fetch-Mode: cors
            Sec-Fetch-Dest: empty
            Referer: https://shop.example/orders
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Language: en-US,en;q=0.9
            Cookie: session=sssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss0

            """;

    private static final String STATE_1 =
            "{'id':0,'version':1,'state':'packed','items':3,'total':'129.90','currency':'EUR','carrier':'none yet'}";

    private static final String STATE_2 = STATE_1.replace("'version':1", "'version':2");

    private static final String FOUND = """
            HTTP/1.1 200 OK
            Date: Fri, 27 Nov 2026 08:00:00 GMT
            ETag: "1"
            Cache-Control: private, no-cache
            Content-Type: application/json
            Content-Length: 102

            """;

    private static final String NOT_MODIFIED = """
            HTTP/1.1 304 Not Modified
            Date: Fri, 27 Nov 2026 08:00:00 GMT
            ETag: "1"
            Cache-Control: private, no-cache
            Content-Length: 0

            """;

    private static final String NO_CONTENT = """
            HTTP/1.1 204 No Content
            Date: Fri, 27 Nov 2026 08:00:00 GMT
            Cache-Control: private, no-cache

            """;

    private final List<String> arrived = Collections.synchronizedList(new ArrayList<>());

    @Test
    void ofPollingIsEachRequestAndEachAnswer() throws IOException {
        try (PolledServer server = new PolledServer(1, LONG);
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
                HttpClients clients = new HttpClients(proxy.port(), 1, LONG, 0, this::arrived)) {
            clients.open();
            assertThat(Traffic.through(proxy))
                    .isEqualTo(traffic(bytes(REQUEST.formatted("/orders/0", "")), bytes(FOUND) + STATE_1.length()));

            String known = REQUEST.formatted("/orders/0", "If-None-Match: \"1\"\n");
            Traffic before = Traffic.through(proxy);
            ask(clients, 2);
            ask(clients, 3);
            assertThat(Traffic.through(proxy).minus(before))
                    .isEqualTo(traffic(2 * bytes(known), 2 * bytes(NOT_MODIFIED)));

            before = Traffic.through(proxy);
            server.change(0, 2);
            ask(clients, 4);
            assertThat(Traffic.through(proxy).minus(before))
                    .isEqualTo(traffic(bytes(known), bytes(FOUND) + STATE_2.length()));
            assertThat(arrived).containsExactly("0 has 1", "0 has 2");
            assertThat(server.handled()).isEqualTo(4);
            clients.check();
        }
    }

    @Test
    void ofLongPollingIsOneRequestAndOneAnswerForAChange() throws IOException {
        try (PolledServer server = new PolledServer(1, LONG);
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
                HttpClients clients = new HttpClients(proxy.port(), 1, null, 0, this::arrived)) {
            clients.open();
            Traffic before = Traffic.through(proxy);
            clients.ask(0);
            String waiting = REQUEST.formatted("/orders/0?after=1", "");
            Await.untilEquals("the request", () -> Traffic.through(proxy).minus(before), traffic(bytes(waiting), 0));
            server.change(0, 2);
            Await.untilEquals("answers", clients::answers, 2L);
            assertThat(Traffic.through(proxy).minus(before))
                    .isEqualTo(traffic(bytes(waiting), bytes(FOUND) + STATE_2.length()));
            assertThat(arrived).containsExactly("0 has 1", "0 has 2");
            assertThat(server.handled()).isEqualTo(2);
        }
    }

    @Test
    void ofLongPollingIsAnEmptyAnswerWhereNothingChanges() throws IOException {
        try (PolledServer server = new PolledServer(1, Duration.ofMillis(1));
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
                HttpClients clients = new HttpClients(proxy.port(), 1, null, 0, this::arrived)) {
            clients.open();
            Traffic before = Traffic.through(proxy);
            ask(clients, 2);
            assertThat(Traffic.through(proxy).minus(before))
                    .isEqualTo(traffic(bytes(REQUEST.formatted("/orders/0?after=1", "")), bytes(NO_CONTENT)));
            assertThat(server.handled()).isEqualTo(2);
        }
    }

    @Test
    void ofPushIsOneFrameForAChange() throws IOException {
        HubOptions quiet =
                HubOptions.builder().heartbeat(LONG, Duration.ofMinutes(1)).build();
        try (PushServer server = new PushServer(quiet);
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
                PushClients clients = new PushClients(proxy.port(), 1, this::arrived)) {
            clients.open();
            server.change(0, 2); // what opens the session is behind us when that has come
            Await.untilEquals("the first change", () -> List.copyOf(arrived), List.of("0 has 2"));
            Await.untilEquals("hello, sub and ack", server::handled, 3L);
            Traffic before = Traffic.through(proxy);
            server.change(0, 3);
            Await.untilEquals("the second change", () -> List.copyOf(arrived), List.of("0 has 2", "0 has 3"));
            String message = "pub orders.0 2\n" + STATE_1;
            assertThat(message.length()).isBetween(1, 125);
            assertThat(Traffic.through(proxy).minus(before)).isEqualTo(traffic(0, 2 + message.length()));
            assertThat(server.handled()).isEqualTo(3);
            clients.check();
        }
    }

    @Test
    void ofAHeartbeatIsAPingAndAPong() throws IOException {
        HubOptions lively = HubOptions.builder()
                .heartbeat(Duration.ofSeconds(1), Duration.ofMinutes(1))
                .build();
        try (PushServer server = new PushServer(lively);
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
                PushClients clients = new PushClients(proxy.port(), 1, this::arrived)) {
            clients.open();
            server.change(0, 2);
            Await.untilEquals("the change", () -> List.copyOf(arrived), List.of("0 has 2"));
            Await.until("hello, sub and ack", () -> server.handled() >= 3);
            Traffic before = Traffic.through(proxy);
            long handled = server.handled();
            Await.until("a pong", () -> server.handled() > handled);
            Traffic traffic = Traffic.through(proxy).minus(before);
            // more of them may have come by now
            assertThat(traffic.toServer()).isPositive();
            assertThat(traffic.toServer() % (2 + 4 + "pong".length())).isZero();
            assertThat(traffic.toClients() % (2 + "ping".length())).isZero();
        }
    }

    @Test
    void isNotKnownWhenAConnectionHasEnded() throws IOException {
        try (PolledServer server = new PolledServer(1, LONG);
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
                HttpClients clients = new HttpClients(proxy.port(), 1, LONG, 0, this::arrived)) {
            clients.open();
            proxy.closeAll();
            assertThatThrownBy(() -> Traffic.through(proxy))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("of 1 connections there are 0 left");
            Await.until("the page notices", () -> {
                try {
                    clients.check();
                    return false;
                } catch (IOException expected) {
                    return true;
                }
            });
        }
    }

    private void arrived(int user, long version) {
        arrived.add(user + " has " + version);
    }

    private static void ask(HttpClients clients, long answers) {
        clients.ask(0);
        Await.untilEquals("answers", clients::answers, answers);
    }

    private static Traffic traffic(long toServer, long toClients) {
        return new Traffic(toServer, toClients);
    }

    /** Of text whose lines end by CR and LF. */
    private static long bytes(String head) {
        return head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1).length;
    }
}
