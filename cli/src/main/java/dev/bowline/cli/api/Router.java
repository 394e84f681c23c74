package dev.bowline.cli.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.http.pathmap.PathMappings;
import org.eclipse.jetty.http.pathmap.UriTemplatePathSpec;
import org.jspecify.annotations.Nullable;

/** Which endpoint answers which method on which path. Filled first, then not changed, and safe from any thread. */
final class Router {
    /** Answers a request. On the server's threads; does not block. */
    interface Endpoint {
        /** Answers it, or throws {@link Problem}, or fails with one. */
        CompletionStage<Answer> answer(Call call);
    }

    /** What stands in the body of a request. */
    enum Body {
        /** Nothing that is read. */
        NONE,
        JSON,
        /** What is to be said: {@code text/plain}, {@code application/json} or {@code application/octet-stream}, as it is. */
        PAYLOAD
    }

    /**
     * An endpoint, and what it takes.
     *
     * @param path with variables in braces, each of which is a segment
     * @param open whether it is for those who have no key too
     * @param queries the parameters that there may be; null where nobody looks at them
     */
    record Route(
            String method,
            String path,
            boolean open,
            Body body,
            @Nullable List<String> queries,
            Endpoint endpoint) {
        Route {
            queries = queries == null ? null : List.copyOf(queries);
        }
    }

    /** A route that was found, and the variables of its path as they stand there. */
    record Match(Route route, Map<String, String> variables) {}

    private final PathMappings<Map<String, Route>> paths = new PathMappings<>();
    private final List<Route> routes = new ArrayList<>();

    /** With a key, and without a body. */
    Router add(String method, String path, List<String> queries, Endpoint endpoint) {
        return add(new Route(method, path, false, Body.NONE, queries, endpoint));
    }

    /** With a key and a body. */
    Router add(String method, String path, Body body, List<String> queries, Endpoint endpoint) {
        return add(new Route(method, path, false, body, queries, endpoint));
    }

    Router add(Route route) {
        UriTemplatePathSpec spec = new UriTemplatePathSpec(route.path());
        Map<String, Route> methods = paths.get(spec);
        if (methods == null) {
            methods = new LinkedHashMap<>();
            paths.put(spec, methods);
        }
        if (methods.putIfAbsent(route.method(), route) != null) {
            throw new IllegalStateException("there is an endpoint for " + route.method() + " " + route.path());
        }
        routes.add(route);
        return this;
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    /**
     * Finds the route of a request; of {@code HEAD}, that of {@code GET}.
     *
     * @param path as it stands in the request
     * @throws Problem if there is none
     */
    Match match(String method, String path) {
        MatchedResource<Map<String, Route>> found = paths.getMatched(path);
        if (found == null || !(found.getPathSpec() instanceof UriTemplatePathSpec spec)) {
            throw Problem.notFound("There is nothing at this path; /v1/openapi.json says where something is.");
        }
        Map<String, Route> methods = found.getResource();
        Route route = methods.get(method.equals("HEAD") ? "GET" : method);
        if (route == null) {
            List<String> allowed = new ArrayList<>(methods.keySet());
            if (methods.containsKey("GET")) {
                allowed.add("HEAD");
            }
            String allow = String.join(", ", allowed);
            throw new Problem(
                    405, "method-not-allowed", "This path takes " + allow + " alone.", Map.of("Allow", allow));
        }
        return new Match(route, spec.getPathParams(path));
    }
}
