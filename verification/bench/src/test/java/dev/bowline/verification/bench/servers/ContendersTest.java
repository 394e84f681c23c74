package dev.bowline.verification.bench.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every server of the comparison does what it is measured at. Run by {@code mvn -Pbench -pl verification/bench -am
 * test}; those that the machine can't run are skipped, with the reason, and what a contender can't do stands in {@link
 * Contender}.
 */
class ContendersTest {
    private static final List<Integer> SIZES = List.of(0, 20, 16 * 1024, 1024 * 1024);
    private static final int MANY = 200;
    private static final int SUBSCRIBERS = 20;
    private static final int IN_ORDER = 300;

    static Stream<Arguments> able() {
        return all(true);
    }

    static Stream<Arguments> unable() {
        return all(false);
    }

    private static Stream<Arguments> all(boolean able) {
        return Arrays.stream(Contender.values()).flatMap(contender -> Arrays.stream(Mode.values())
                .filter(mode -> contender.can(mode) == able)
                .map(mode -> Arguments.of(contender, mode)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("able")
    void bringsMessagesOfEverySizeBackAndCloses(Contender contender, Mode mode) throws Exception {
        try (ContenderProcess process = contender.start(mode);
                Client client = new Client(process.port())) {
            requireExtensions(mode, client.open());
            for (boolean text : List.of(false, true)) {
                for (int size : SIZES) {
                    Content content = Content.of(size, size);
                    CompletableFuture<Void> sent = client.send(text, content);
                    Client.Message came = client.receive();
                    sent.join();
                    assertThat(came.content()).isEqualTo(content);
                    assertThat(came.text()).isEqualTo(text);
                    if (mode == Mode.DEFLATE && size >= SIZES.get(2)) {
                        assertThat(came.compressed())
                                .as("%d B compressed", size)
                                .isTrue();
                        assertThat(came.wireBytes()).isLessThan(size / 4);
                    }
                }
            }
            client.beginClose();
            client.endClose();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("able")
    void bearsManyConnectionsAtOnce(Contender contender, Mode mode) throws Exception {
        try (ContenderProcess process = contender.start(mode)) {
            List<Client> clients = open(process.port(), MANY, mode);
            try {
                List<CompletableFuture<Void>> sent = new ArrayList<>();
                // In broadcast mode all get what one sends.
                int senders = mode == Mode.BROADCAST ? 1 : MANY;
                for (int i = 0; i < senders; i++) {
                    sent.add(clients.get(i).send(false, Content.of(100, i)));
                }
                for (int i = 0; i < MANY; i++) {
                    assertThat(clients.get(i).receive().content()).isEqualTo(Content.of(100, i % senders));
                }
                sent.forEach(CompletableFuture::join);
                clients.forEach(Client::beginClose);
                clients.forEach(Client::endClose);
            } finally {
                clients.forEach(Client::close);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void broadcastsToAllInOrder(Contender contender) throws Exception {
        try (ContenderProcess process = contender.start(Mode.BROADCAST)) {
            List<Client> clients = open(process.port(), SUBSCRIBERS, Mode.BROADCAST);
            try {
                // Eight at a time, as they are measured, and then a large one, for which nobody's socket has room.
                Client sender = clients.get(0);
                for (int from = 0; from < IN_ORDER; from += 8) {
                    sender.sendInOneGo(IntStream.range(from, Math.min(from + 8, IN_ORDER))
                            .mapToObj(number -> Content.of(100, number))
                            .toList());
                }
                Content large = Content.of(1024 * 1024, IN_ORDER);
                CompletableFuture<Void> sent = sender.send(false, large);
                for (Client client : clients) {
                    for (int number = 0; number < IN_ORDER; number++) {
                        assertThat(client.receive().content()).isEqualTo(Content.of(100, number));
                    }
                }
                for (Client client : clients) {
                    assertThat(client.receive().content()).isEqualTo(large);
                }
                sent.join();
            } finally {
                clients.forEach(Client::close);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void obeysItsConsole(Contender contender) throws Exception {
        try (ContenderProcess process = contender.start(Mode.ECHO)) {
            int port = process.port();
            String allocated = process.ask("allocated");
            String memory = process.ask("memory");
            assertThat(allocated).matches("allocated (-1|[0-9]+)");
            assertThat(memory).matches("memory heap=(-1|[0-9]+) direct=(-1|[0-9]+)");
            assertThat(memory.contains("heap=-1")).isEqualTo(!contender.tellsMemory());
            try (Client client = new Client(port)) {
                client.open();
                process.endInput();
                assertThat(process.exitCode()).isZero();
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("unable")
    void saysWhatItCannotDo(Contender contender, Mode mode) throws Exception {
        try (ContenderProcess process = contender.start(mode)) {
            assertThat(process.exitCode()).isEqualTo(Mode.UNABLE);
            assertThat(process.errors()).contains(mode.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Connects them all, then shakes hands with them all. */
    private static List<Client> open(int port, int count, Mode mode) throws IOException {
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                clients.add(new Client(port));
            }
            clients.forEach(client -> requireExtensions(mode, client.open()));
            if (mode == Mode.BROADCAST) {
                clients.forEach(Client::subscribe);
            }
        } catch (AssertionError | RuntimeException e) {
            clients.forEach(Client::close);
            throw e;
        }
        return clients;
    }

    private static void requireExtensions(Mode mode, @Nullable String extensions) {
        if (mode == Mode.DEFLATE) {
            assertThat(extensions)
                    .as("the extensions agreed on")
                    .startsWith("permessage-deflate")
                    .contains("server_no_context_takeover");
        } else {
            assertThat(extensions).as("the extensions agreed on").isNull();
        }
    }
}
