package dev.bowline.cli.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A back end's server, which keeps what it is told, and answers as a test wants. It checks signatures by its own means. */
public final class BackEnd implements AutoCloseable {
    public static final String SECRET = "a-secret-of-tests-0123456789-0123456789";

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private volatile Answer answer = (one, exchange) -> exchange.sendResponseHeaders(204, -1);

    /** A request, as it came. */
    public record Told(String id, String timestamp, String contentType, String body) {
        private static final ObjectMapper MAPPER = new ObjectMapper();

        public JsonNode json() {
            try {
                return MAPPER.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public String type() {
            return json().path("type").asText();
        }

        /** A member of what is told; empty if it is not there. */
        public String data(String member) {
            return json().path("data").path(member).asText();
        }
    }

    /** What it does with a request. */
    @FunctionalInterface
    public interface Answer {
        void to(Told told, HttpExchange exchange) throws IOException, InterruptedException;
    }

    public BackEnd() {
        this(0);
    }

    public BackEnd(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.setExecutor(executor);
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Told one = new Told(
                    header(exchange, "webhook-id"),
                    header(exchange, "webhook-timestamp"),
                    header(exchange, "content-type"),
                    new String(body, StandardCharsets.UTF_8));
            if (!header(exchange, "webhook-signature").equals("v1," + signature(one))) {
                wrong.add("not signed: " + one);
            }
            if (!exchange.getRequestMethod().equals("POST")) {
                wrong.add("not posted: " + one);
            }
            told.add(one);
            answer.to(one, exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }

    private static String signature(Told one) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            String signed = String.join(".", one.id, one.timestamp, one.body);
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/hook?token=hidden");
    }

    /** All that came, in order. */
    public List<Told> told() {
        return List.copyOf(told);
    }

    /** The ids of all that came, in order. */
    public List<String> ids() {
        return told.stream().map(Told::id).toList();
    }

    /** What came that was not as it must be: the test asks at its end. */
    public List<String> wrong() {
        return List.copyOf(wrong);
    }

    public void answersBy(Answer chosen) {
        answer = chosen;
    }

    public void answers(int status) {
        answer = (one, exchange) -> exchange.sendResponseHeaders(status, -1);
    }

    public void answers(int status, String contentType, byte[] body) {
        answer = (one, exchange) -> answer(exchange, status, contentType, body);
    }

    public void answers(int status, String contentType, String body) {
        answers(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers for {@link #answersBy}. */
    public static void answer(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** Never answers. */
    public void saysNothing() {
        answer = (one, exchange) -> closed.await();
    }

    /** Answers when the latch says so. */
    public void answersAfter(CountDownLatch latch) {
        answer = (one, exchange) -> {
            latch.await();
            exchange.sendResponseHeaders(204, -1);
        };
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        executor.shutdownNow();
    }
}
