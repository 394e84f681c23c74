package dev.bowline.cli.dashboard;

import dev.bowline.cli.api.parts.PageFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files of the page. */
public final class Pages {
    private static final String BASE = "/dashboard/";
    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";

    /** As the jar has them that the build depends on. */
    private static final String CHARTS = "META-INF/resources/webjars/uplot/1.6.30/dist/";

    private Pages() {}

    /** By their paths. */
    public static Map<String, PageFile> files() {
        Map<String, PageFile> files = new HashMap<>();
        files.put(BASE, own("text/html; charset=utf-8", "index.html"));
        files.put(BASE + "dashboard.css", own(CSS, "dashboard.css"));
        for (String module : List.of(
                "dashboard", "api", "numbers", "format", "charts", "sessions", "console", "words", "page-words")) {
            files.put(BASE + module + ".js", own(JAVASCRIPT, module + ".js"));
        }
        files.put(BASE + "favicon.svg", own("image/svg+xml", "/dev/bowline/cli/serve/page/favicon.svg"));
        files.put(BASE + "uplot.js", charts(JAVASCRIPT, "uPlot.esm.js"));
        files.put(BASE + "uplot.css", charts(CSS, "uPlot.min.css"));
        return files;
    }

    private static PageFile own(String contentType, String name) {
        return PageFile.read(contentType, name, Pages.class.getResourceAsStream(name));
    }

    private static PageFile charts(String contentType, String name) {
        return PageFile.read(contentType, name, Pages.class.getClassLoader().getResourceAsStream(CHARTS + name));
    }
}
