package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.session.engine.Failure;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.Recorder;
import dev.bowline.testkit.RedisProcess;
import dev.bowline.testkit.TestCertificates;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class RedisLinkTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final RedisProcess redis = RedisProcess.launch("--appendonly", "yes", "--appendfsync", "always");
    private final Heard heard = new Heard();
    private @Nullable RedisLink opened;

    /** What a link tells. */
    private static final class Heard implements RedisLink.Listener {
        final Recorder<String> messages = new Recorder<>();
        final Recorder<String> again = new Recorder<>();
        final List<Long> unbroken = new CopyOnWriteArrayList<>(); // as it was when it told so
        private volatile @Nullable RedisLink link;

        @Override
        public void onMessage(@Nullable String glob, String channel, byte[] message) {
            messages.record((glob == null ? "" : glob + ": ") + channel + " " + RedisLink.text(message));
        }

        @Override
        public void subscribedAgain() {
            RedisLink of = link;
            if (of != null) {
                unbroken.add(of.unbroken());
            }
            again.record("again");
        }
    }

    private RedisLink link(RedisOptions options) {
        RedisLink link = new RedisLink(options.withTimeout(TIMEOUT), heard);
        opened = link;
        heard.link = link;
        return link;
    }

    private RedisLink link(String uri) {
        return link(RedisOptions.of(uri));
    }

    @AfterEach
    void stop() {
        if (opened != null) {
            opened.close();
        }
        redis.close();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return RedisTestBase.get(stage);
    }

    /** How a command fails. */
    private static Failure failure(CompletionStage<?> stage) {
        try {
            Object value = stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
            throw new AssertionError("did not fail: " + value);
        } catch (ExecutionException e) {
            return Failures.of(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private void subscribe(RedisLink link) {
        get(link.subscribe("a"));
        get(link.subscribeAll("b*"));
    }

    /** Both subscriptions are in effect, as subscribers hear it and as Redis has it. */
    private void expectMessages() {
        assertThat(redis.ask("PUBLISH a 1")).isEqualTo(":1");
        assertThat(redis.ask("PUBLISH bc 2")).isEqualTo(":1");
        heard.messages.expect("a 1");
        heard.messages.expect("b*: bc 2");
    }

    @Nested
    @DisplayName("says when it is subscribed again")
    final class Again {
        @Test
        void afterRedisWasStartedAgain() {
            subscribe(link(redis.uri()));
            redis.kill();
            redis.start();
            heard.again.expect("again");
            expectMessages();
        }

        @Test
        void afterRedisEndedTheConnection() {
            subscribe(link(redis.uri()));
            redis.ask("CLIENT KILL TYPE pubsub");
            heard.again.expect("again");
            expectMessages();
        }

        @Test
        void andUntilThenThatSomethingMayHaveBeenMissed() {
            RedisLink link = link(redis.uri());
            subscribe(link);
            long before = link.unbroken();
            assertThat(before).isNotEqualTo(RedisLink.BROKEN);
            redis.ask("CLIENT KILL TYPE pubsub");
            heard.again.expect("again");
            assertThat(heard.unbroken).containsExactly(RedisLink.BROKEN); // while it was told
            Await.until("it is whole", () -> link.unbroken() != RedisLink.BROKEN);
            assertThat(link.unbroken()).isNotEqualTo(before);
        }

        @Test
        void afterTheNetworkCutIt() {
            try (FaultProxy proxy = FaultProxy.to("127.0.0.1", redis.port())) {
                subscribe(link("redis://127.0.0.1:" + proxy.port()));
                proxy.resetAll();
                heard.again.expect("again");
                expectMessages();
            }
        }

        @Test
        void afterTheNetworkSwallowedAll() {
            try (FaultProxy proxy = FaultProxy.to("127.0.0.1", redis.port())) {
                subscribe(link("redis://127.0.0.1:" + proxy.port()));
                long before = proxy.acceptedCount();
                long begin = System.nanoTime();
                proxy.apply(Fault.blackHole());
                Await.until("it connects anew", () -> proxy.acceptedCount() > before);
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .isLessThan(TIMEOUT.multipliedBy(3).plusSeconds(2)); // the machine may be busy
                proxy.apply(Fault.none());
                heard.again.take();
                redis.ask("PUBLISH a 1");
                heard.messages.expect("a 1");
            }
        }
    }

    @Test
    void staysConnectedWhileNothingHappens() {
        RedisLink link = link(redis.uri());
        subscribe(link);
        String connections = redis.info("stats", "total_connections_received");
        long begin = System.nanoTime();
        Await.until(
                "longer than silence is borne",
                () -> System.nanoTime() - begin > TIMEOUT.multipliedBy(4).toNanos());
        int asked = 1; // by this test
        assertThat(Integer.parseInt(redis.info("stats", "total_connections_received")))
                .isEqualTo(Integer.parseInt(connections) + asked);
        expectMessages();
    }

    @Test
    void aServerThatStandsStillMakesCommandsTimeOutAndGoesOn() {
        RedisLink link = link(redis.uri());
        subscribe(link);
        redis.pause();
        assertThat(failure(link.publish("a", RedisLink.bytes("1"))).code()).isEqualTo(Failure.TIMEOUT);
        redis.resume();
        Await.until("commands are done", () -> {
            CompletionStage<Long> said = link.publish("c", new byte[0]);
            try {
                said.toCompletableFuture().get(1, TimeUnit.SECONDS);
                return true;
            } catch (ExecutionException | TimeoutException e) {
                return false; // not yet
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void leavesAServerThatSaysItIsAReplica() {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", redis.port());
                RedisProcess master = RedisProcess.launch("--appendonly", "no")) {
            RedisLink link = link("redis://127.0.0.1:" + proxy.port());
            subscribe(link);
            redis.ask("REPLICAOF 127.0.0.1 " + master.port());
            assertThat(failure(link.run(
                                    Script.READ,
                                    new Keys("test").log("a").subList(0, 2),
                                    RedisLink.bytes(""),
                                    RedisLink.bytes("epoch"),
                                    RedisLink.bytes("1"),
                                    RedisLink.bytes("1"),
                                    RedisLink.bytes("1000")))
                            .code())
                    .isEqualTo(Failure.UNAVAILABLE);
            heard.again.expect("again");
            Await.untilEquals("both connections were made again", proxy::acceptedCount, 4L);
        }
    }

    @Test
    void whatWasNeverSentIsUnavailableAndWhatMayHaveBeenIsNot() {
        RedisLink link = link(redis.uri());
        get(link.publish("a", new byte[0]));
        redis.pause();
        CompletionStage<Long> underWay = link.publish("a", new byte[0]);
        redis.kill();
        assertThat(failure(underWay).code()).isEqualTo(Failure.TIMEOUT);
        Await.untilEquals(
                "it knows that there is no connection",
                () -> failure(link.publish("a", new byte[0])).code(),
                Failure.UNAVAILABLE);
        redis.start();
        Await.until("it is connected again", () -> !redis.info("clients", "connected_clients")
                .equals("1"));
        get(link.publish("a", new byte[0]));
    }

    @Nested
    @DisplayName("where it may connect")
    final class Access {
        @Test
        void overTlsToWhomItTrusts() {
            TestCertificates authority = TestCertificates.create("authority");
            try (RedisProcess server = RedisProcess.startWithTls(authority.issue("127.0.0.1"))) {
                RedisOptions trusting =
                        RedisOptions.of(server.tlsUri()).withTrustedCertificates(authority.writePem(redis.directory()));
                RedisLink link = link(trusting);
                get(link.subscribe("a"));
                assertThat(get(link.publish("a", RedisLink.bytes("1")))).isEqualTo(1);
                heard.messages.expect("a 1");
                assertThatThrownBy(() -> new RedisLink(RedisOptions.of(server.tlsUri()), heard))
                        .isInstanceOf(RedisConnectException.class)
                        .hasMessageContaining(server.tlsUri().substring("rediss://".length()))
                        .hasMessageContaining("certification path");
            }
        }

        @Test
        void notToAServerOfAnotherNameThanItsCertificate() {
            TestCertificates authority = TestCertificates.create("authority");
            try (RedisProcess server = RedisProcess.startWithTls(authority.issue("elsewhere.example"))) {
                RedisOptions trusting =
                        RedisOptions.of(server.tlsUri()).withTrustedCertificates(authority.writePem(redis.directory()));
                assertThatThrownBy(() -> new RedisLink(trusting, heard)).isInstanceOf(RedisConnectException.class);
            }
        }

        @Test
        void asAUserWithAPassword() {
            redis.ask("ACL SETUSER app on >open-sesame ~* &* +@all");
            redis.ask("ACL SETUSER default off");
            RedisLink link = link("redis://app:open-sesame@127.0.0.1:" + redis.port());
            assertThat(get(link.publish("a", new byte[0]))).isZero();
            assertThatThrownBy(() -> link("redis://app:wrong-word@127.0.0.1:" + redis.port()))
                    .isInstanceOf(RedisConnectException.class)
                    .hasMessageContaining("127.0.0.1:" + redis.port() + ": WRONGPASS")
                    .hasMessageNotContaining("wrong-word");
            assertThatThrownBy(() ->
                            link(RedisOptions.ofCluster(List.of("redis://app:wrong-word@127.0.0.1:" + redis.port()))))
                    .isInstanceOf(RedisConnectException.class)
                    .hasMessageContaining("127.0.0.1:" + redis.port())
                    .hasMessageNotContaining("wrong-word");
        }

        @Test
        void notWhereNobodyIs() {
            redis.kill();
            assertThatThrownBy(() -> link("redis://app:open-sesame@127.0.0.1:" + redis.port()))
                    .isInstanceOf(RedisConnectException.class)
                    .hasMessageStartingWith("can't connect to Redis at 127.0.0.1:" + redis.port() + ": ")
                    .hasMessageContaining("refused")
                    .hasMessageNotContaining("sesame");
        }

        @Test
        void notWhereNobodyAnswers() {
            redis.pause();
            assertThatThrownBy(() -> link(redis.uri()))
                    .isInstanceOf(RedisConnectException.class)
                    .hasMessageStartingWith("can't connect to Redis at 127.0.0.1:" + redis.port() + ": ");
        }
    }
}
