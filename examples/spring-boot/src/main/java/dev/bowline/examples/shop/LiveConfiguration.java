package dev.bowline.examples.shop;

import dev.bowline.realtime.Authenticator;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.RefusedException;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.server.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** The hub: who its clients are, by the decoder that Spring Security goes by too, and what they may do. */
@Configuration
class LiveConfiguration {
    // snippet:hub
    @Bean(destroyMethod = "") // LiveServer closes it, before the connections that it has
    Hub hub(JwtDecoder decoder, ExecutorService decoding) {
        return Hub.builder()
                .authenticator(authenticator(decoder, decoding))
                .topic(TopicPolicy.of("orders.*").retain(100, 1 << 20, Duration.ofDays(7)))
                .build();
    }

    /** Decoding may fetch keys, so it is not done on event loops. */
    private static Authenticator authenticator(JwtDecoder decoder, ExecutorService decoding) {
        return token -> CompletableFuture.supplyAsync(
                () -> {
                    if (token == null) {
                        throw new RefusedException("unauthorized", "a token is needed");
                    }
                    try {
                        Jwt jwt = decoder.decode(token);
                        Instant end = jwt.getExpiresAt();
                        long validMillis = end == null
                                ? Long.MAX_VALUE
                                : Math.max(
                                        0, Duration.between(Instant.now(), end).toMillis());
                        return new Identity(jwt.getSubject(), validMillis);
                    } catch (JwtException e) {
                        throw new RefusedException("unauthorized", "the token is not good");
                    }
                },
                decoding);
    }
    // end:hub

    @Bean
    ExecutorService decoding() {
        return Executors.newFixedThreadPool(2);
    }

    /** With an issuer, Spring Boot makes one by {@code spring.security.oauth2.resourceserver.jwt.issuer-uri}. */
    @Bean
    JwtDecoder jwtDecoder(@Value("${shop.jwt-secret}") String secret) {
        return NimbusJwtDecoder.withSecretKey(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"))
                .build();
    }
}
