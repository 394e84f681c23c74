package dev.bowline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the demo server answers to plain GET. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoTest {
    @SuppressWarnings("NullAway.Init")
    private Service server;

    @BeforeAll
    void start() {
        server = TestServices.demo();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private record Response(HttpURLConnection connection, int status, String body) {
        String header(String name) {
            String value = connection.getHeaderField(name);
            return value == null ? "" : value;
        }
    }

    private Response get(String path, String... header) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + server.port() + path).toURL().openConnection();
        for (int i = 0; i < header.length; i += 2) {
            connection.setRequestProperty(header[i], header[i + 1]);
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Response(connection, status, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/,            text/html; charset=utf-8,       <!doctype html>",
        "/page.css,    text/css; charset=utf-8,        {",
        "/page.js,     text/javascript; charset=utf-8, /bowline.js",
        "/bowline.js,  text/javascript; charset=utf-8, ReconnectingWebSocket",
        "/sessions,    text/html; charset=utf-8,       /sessions.js",
        "/sessions.css, text/css; charset=utf-8,       .counts",
        "/sessions.js, text/javascript; charset=utf-8, /session.js",
        "/session.js,  text/javascript; charset=utf-8, session-core.js",
        "/session-core.js, text/javascript; charset=utf-8, createClientSession",
        "/favicon.svg, image/svg+xml,                  <svg",
        "/healthz,     text/plain; charset=utf-8,      ok",
    })
    void servesEachFileWithItsType(String path, String type, String excerpt) throws Exception {
        Response response = get(path);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Type")).isEqualTo(type);
        assertThat(response.body()).contains(excerpt);
    }

    @Test
    void healthIsOneWord() throws Exception {
        assertThat(get("/healthz").body()).isEqualTo("ok");
        assertThat(get("/healthz?verbose=1").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page.css", "/page.js", "/favicon.svg"})
    void letsThePageLoadNothingButItsOwn(String path) throws Exception {
        assertThat(get(path).header("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    @Test
    void theModuleMayBeLoadedByOtherOrigins() throws Exception {
        assertThat(get("/bowline.js").header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(get("/").header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void whatDidNotChangeIsNotSentAgain() throws Exception {
        String etag = get("/page.js").header("ETag");
        assertThat(etag).matches("\"[^\"]+\"");
        Response again = get("/page.js", "If-None-Match", etag);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/index.html", "/page/page.js", "/../page.js", "/version.properties", "/Main.class"})
    void whatIsNotListedIsNotThere(String path) throws Exception {
        Response response = get(path);
        assertThat(response.status()).isBetween(400, 499);
        assertThat(response.body()).hasSizeLessThan(200);
    }

    /** The strict policy allows neither, so the page would silently be without them. */
    @Test
    void thePageHoldsNoInlineScriptOrStyle() throws Exception {
        String page = get("/").body();
        assertThat(page)
                .doesNotContainPattern(Pattern.compile("<style|\\sstyle=|\\son[a-z]+=", Pattern.CASE_INSENSITIVE));
        assertThat(page).doesNotContainPattern(Pattern.compile("<script(?![^>]*\\ssrc=)", Pattern.CASE_INSENSITIVE));
    }
}
