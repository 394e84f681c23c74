package dev.bowline.cli.hook;

/**
 * Who answers which requests of clients'. Immutable.
 *
 * @param name of the requests, or a pattern of names
 */
public record ForwardOptions(String name, Target target) {}
