package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.api.parts.ApiParts;
import dev.bowline.cli.dashboard.Pages;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the dashboard, as the program has it. */
class PageHandlerTest extends ApiTestBase {
    private static final String[] NO_KEY = {"Authorization", "none"};

    @BeforeEach
    void startWithPages() {
        ApiParts parts = parts(hub());
        start(
                options(),
                new ApiParts(
                        parts.hub(),
                        parts.sessions(),
                        parts.tickets(),
                        parts.metrics(),
                        parts.readiness(),
                        parts.watch(),
                        Pages.files()));
    }

    @Test
    void thePageNeedsNoKeyAndMayDoLittle() {
        Got got = get("/dashboard/", NO_KEY);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(got.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                        + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(got.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(got.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(got.body()).doesNotContain(KEY);
    }

    /** What the policy forbids would not work, and what is missing would not either. */
    @Test
    void thePageNamesFilesThatThereAreAndHasNothingInline() {
        String page = get("/dashboard/", NO_KEY).body();
        assertThat(page).doesNotContainPattern("<style|<script>|\\sstyle=|\\son[a-z]+=");
        Pattern.compile("(?:src|href)=\"([^\"#]+)\"").matcher(page).results().forEach(named -> assertThat(
                        get("/dashboard/" + named.group(1), NO_KEY).status())
                .as(named.group(1))
                .isEqualTo(200));
        for (String path : Pages.files().keySet()) {
            Pattern.compile("from '\\./([^']+)'")
                    .matcher(path.endsWith(".js") ? get(path, NO_KEY).body() : "")
                    .results()
                    .forEach(named -> assertThat(Pages.files()).containsKey("/dashboard/" + named.group(1)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/dashboard/dashboard.js, text/javascript; charset=utf-8",
        "/dashboard/uplot.js, text/javascript; charset=utf-8",
        "/dashboard/uplot.css, text/css; charset=utf-8",
        "/dashboard/favicon.svg, image/svg+xml"
    })
    void filesSayWhatTheyAre(String path, String type) {
        Got got = get(path, NO_KEY);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.header("Content-Type")).isEqualTo(type);
        assertThat(got.body()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/dashboard"})
    void whoComesToTheDoorIsShownIn(String path) {
        Got got = get(path, NO_KEY);
        assertThat(got.status()).isEqualTo(302);
        assertThat(got.header("Location")).isEqualTo("dashboard/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dashboard/nothing", "/dashboard/../v1", "/dashboard/index.html", "/dashboard//"})
    void whatIsNoFileIsNotFound(String path) {
        assertThat(get(path, NO_KEY).status()).isEqualTo(404);
    }

    @Test
    void filesAreReadAlone() {
        assertThat(send("POST", "/dashboard/", BodyPublishers.ofString("x")).problem())
                .isEqualTo("405 method-not-allowed: This path takes GET, HEAD alone.");
        Got head = send("HEAD", "/dashboard/", BodyPublishers.noBody());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }
}
