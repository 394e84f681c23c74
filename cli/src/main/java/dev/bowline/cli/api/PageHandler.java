package dev.bowline.cli.api;

import dev.bowline.cli.api.parts.PageFile;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Hands out the files of pages, to whoever asks; all other requests are for the next handler. */
final class PageHandler extends Handler.Abstract.NonBlocking {
    /** A page runs and loads nothing but its own files, asks nobody but this server, and is shown in no frame. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-cache");

    /** To where browsers are sent on, relative to where they are. */
    private static final Map<String, String> MOVED = Map.of("/", "dashboard/", "/dashboard", "dashboard/");

    private final Map<String, PageFile> files;

    /** @param files by their paths */
    PageHandler(Map<String, PageFile> files) {
        this.files = Map.copyOf(files);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = String.valueOf(request.getHttpURI().getPath());
        PageFile file = files.get(path);
        String target = files.isEmpty() ? null : MOVED.get(path);
        if (file == null && target == null) {
            return false;
        }
        ApiHandler.write(response, answer(request.getMethod(), file, target), callback);
        return true;
    }

    private static Answer answer(String method, @Nullable PageFile file, @Nullable String target) {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return new Problem(
                            405, "method-not-allowed", "This path takes GET, HEAD alone.", Map.of("Allow", "GET, HEAD"))
                    .toAnswer();
        }
        return file == null
                ? new Answer(302, "", ByteBuffer.allocate(0), Map.of("Location", String.valueOf(target)))
                : new Answer(200, file.contentType(), file.content(), HEADERS);
    }
}
