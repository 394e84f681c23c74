package dev.bowline.cli.config;

/**
 * Something in a configuration that is wrong.
 *
 * @param place where
 * @param text what is wrong, what is allowed, and what to do; without the value of a secret
 */
public record Problem(Place place, String text) {
    @Override
    public String toString() {
        return place + ": " + text;
    }
}
