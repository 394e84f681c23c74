package dev.bowline.cli.hook;

import java.net.URI;
import java.time.Duration;

/**
 * Where something is posted to. Immutable.
 *
 * @param url begins with https:// or http://
 * @param secret what it is signed with
 * @param timeout how long an answer may take, with all of it
 */
public record Target(URI url, SigningSecret secret, Duration timeout) {
    /** For people: without a query, which may be secret. */
    @Override
    public String toString() {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + url.getPath();
    }
}
