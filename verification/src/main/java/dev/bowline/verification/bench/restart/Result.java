package dev.bowline.verification.bench.restart;

/**
 * What became of a restart.
 *
 * @param attempts to connect, since it began
 * @param openings sessions that were open again, each for the first time
 * @param resumed how many of them had gone on; all others were new
 * @param lost messages that clients missed, or were told that they missed; of a crash, 0: there were none
 */
record Result(Course course, int clients, Curve attempts, Curve openings, long resumed, long lost) {}
