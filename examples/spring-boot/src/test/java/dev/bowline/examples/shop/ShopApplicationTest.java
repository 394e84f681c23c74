package dev.bowline.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"shop.live-port=0", "shop.jwt-secret=" + ShopApplicationTest.SECRET})
class ShopApplicationTest {
    static final String SECRET = "a-secret-of-more-than-32-characters-";

    private final HttpClient http = HttpClient.newHttpClient();
    private final LiveServer live;
    private final int port;

    ShopApplicationTest(@Autowired LiveServer live, @Value("${local.server.port}") int port) {
        this.live = live;
        this.port = port;
    }

    private static String token(String user) {
        NimbusJwtEncoder encoder = new NimbusJwtEncoder(new ImmutableSecret<>(SECRET.getBytes(StandardCharsets.UTF_8)));
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .subject(user)
                .expiresAt(Instant.now().plusSeconds(600))
                .build();
        return encoder.encode(JwtEncoderParameters.from(
                        JwsHeader.with(MacAlgorithm.HS256).build(), claims))
                .getTokenValue();
    }

    private SessionClientOptions.Builder options(String token) {
        return SessionClientOptions.builder().token(token);
    }

    private URI address() {
        return URI.create("ws://127.0.0.1:" + live.port() + "/live");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    @Test
    void whoFollowsAnOrderHearsWhatBecomesOfIt() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (SessionClient ann =
                Bowline.connect(address(), options(token("ann")).build())) {
            ann.subscribe("orders.7", new TopicListener() {
                        @Override
                        public void onMessage(String topic, long offset, Payload payload) {
                            heard.add(payload.asText());
                        }
                    })
                    .ready()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            HttpRequest.Builder status = request("/orders/7/status").POST(BodyPublishers.ofString("sent"));
            assertThat(send(status).statusCode()).isEqualTo(401);
            HttpResponse<String> accepted = send(status.header("Authorization", "Bearer " + token("staff")));
            assertThat(accepted.statusCode()).isEqualTo(202);
            assertThat(accepted.body()).isEqualTo("1");
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("sent");
            assertThat(send(request("/actuator/prometheus")).body()).contains("bowline_connections");
        }
    }

    @Test
    void aTokenOfSomebodyElsesLetsNobodyIn() throws Exception {
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        SessionListener listener = new SessionListener() {
            @Override
            public void onEnded(SessionClient client, int code, String reason) {
                ended.complete(code);
            }
        };
        try (SessionClient eve =
                Bowline.connect(address(), options("not.a.token").build(), listener)) {
            assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(4501);
            assertThat(eve.id()).isEmpty();
        }
    }
}
