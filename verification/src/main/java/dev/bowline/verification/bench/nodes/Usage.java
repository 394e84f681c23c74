package dev.bowline.verification.bench.nodes;

/**
 * What was used of Redis and of the nodes: so far, or by something.
 *
 * @param scripts that Redis ran
 * @param published messages that Redis passed on to whoever had subscribed to their channel; by scripts, too
 * @param commands that Redis carried out; those of the scripts, too
 * @param bytesIn that came to Redis
 * @param bytesOut that went from Redis
 * @param redisMicros processor time of Redis
 * @param nodeMicros processor time of all nodes
 * @param seconds since when does not matter
 */
record Usage(
        double scripts,
        double published,
        double commands,
        double bytesIn,
        double bytesOut,
        double redisMicros,
        double nodeMicros,
        double seconds) {
    Usage minus(Usage other) {
        return plus(other, -1);
    }

    /** @param times that the other one is added */
    Usage plus(Usage other, double times) {
        return new Usage(
                scripts + times * other.scripts,
                published + times * other.published,
                commands + times * other.commands,
                bytesIn + times * other.bytesIn,
                bytesOut + times * other.bytesOut,
                redisMicros + times * other.redisMicros,
                nodeMicros + times * other.nodeMicros,
                seconds + times * other.seconds);
    }

    /** The same, in another time. */
    Usage at(double when) {
        return new Usage(scripts, published, commands, bytesIn, bytesOut, redisMicros, nodeMicros, when);
    }

    /** A share of it. */
    Usage per(double units) {
        return new Usage(0, 0, 0, 0, 0, 0, 0, 0).plus(this, 1 / units);
    }
}
