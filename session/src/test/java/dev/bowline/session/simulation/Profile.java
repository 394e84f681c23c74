package dev.bowline.session.simulation;

import java.util.List;
import java.util.stream.Stream;

/**
 * What befalls the clients and the server in one course of events: how often, of a hundred actions, each fault is one.
 *
 * @param remoteEngine whether the engine is at the other end of a wire
 * @param slowApplication whether the application decides late, or not at all
 * @param slowReaders whether clients read slowly
 * @param cuts connections that break
 * @param stalls connections where nothing arrives, one way or both, for a while
 * @param sleeps clients that sleep
 * @param thefts clients whose session somebody else takes over
 * @param nodeRestarts nodes that end, while the engine goes on
 * @param serverRestarts servers that end with all they have
 * @param dismissals nodes that send their clients away
 * @param revocations users whose rights are withdrawn
 * @param outages engines that are out of reach for a while
 * @param logRestarts logs that go on in another epoch, with all that they had, or without the last of it
 * @param smallLogs whether logs are bounded so closely that they lose epochs
 * @param keeps whether the engine keeps sessions outside their nodes: then logs that lose messages do so with what was kept of sessions
 * @param crashes nodes that die without a word
 * @param pauses nodes that do nothing for a while, so that they may be taken for dead
 */
record Profile(
        String name,
        boolean remoteEngine,
        boolean slowApplication,
        boolean slowReaders,
        int cuts,
        int stalls,
        int sleeps,
        int thefts,
        int nodeRestarts,
        int serverRestarts,
        int dismissals,
        int revocations,
        int outages,
        int logRestarts,
        boolean smallLogs,
        boolean keeps,
        int crashes,
        int pauses) {
    static final Profile CALM =
            new Profile("calm", false, false, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, false, 0, 0);
    static final Profile CUTS =
            new Profile("cuts", false, false, false, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, false, 0, 0);
    static final Profile TUNNELS =
            new Profile("tunnels", false, true, false, 4, 5, 2, 0, 0, 0, 1, 0, 0, 0, false, false, 0, 0);
    static final Profile REMOTE =
            new Profile("remote", true, false, false, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0, false, false, 0, 0);
    static final Profile REMOTE_SLOW =
            new Profile("remote-slow", true, true, true, 6, 3, 1, 1, 0, 0, 0, 1, 0, 0, false, false, 0, 0);
    static final Profile SLOW_READERS =
            new Profile("slow-readers", false, false, true, 3, 2, 2, 0, 0, 0, 0, 0, 0, 0, false, false, 0, 0);
    static final Profile THIEVES =
            new Profile("thieves", true, true, false, 3, 2, 0, 4, 0, 0, 0, 1, 0, 0, false, false, 0, 0);
    static final Profile RESTARTS =
            new Profile("restarts", true, true, false, 3, 2, 1, 1, 2, 1, 1, 1, 0, 1, false, false, 0, 0);
    static final Profile SMALL =
            new Profile("small", false, false, true, 4, 2, 1, 0, 1, 0, 0, 0, 0, 1, true, false, 0, 0);
    static final Profile OUTAGES =
            new Profile("outages", true, false, false, 4, 1, 0, 0, 0, 0, 0, 0, 2, 1, false, false, 0, 0);
    static final Profile LOG_RESTARTS =
            new Profile("log-restarts", false, false, true, 4, 2, 1, 0, 0, 0, 0, 0, 0, 5, false, false, 0, 0);
    static final Profile FAIL_OVERS =
            new Profile("fail-overs", true, true, false, 4, 2, 1, 1, 1, 0, 1, 0, 1, 4, false, false, 0, 0);
    static final Profile ALL = new Profile("all", true, true, true, 4, 3, 2, 1, 1, 1, 1, 1, 1, 1, true, false, 0, 0);

    static final Profile KEPT = new Profile("kept", true, true, false, 4, 2, 1, 1, 1, 0, 1, 1, 0, 0, false, true, 3, 0);
    static final Profile PAUSES =
            new Profile("pauses", true, true, true, 3, 2, 1, 1, 1, 0, 1, 1, 0, 0, false, true, 1, 4);
    static final Profile ROLL_BACKS =
            new Profile("roll-backs", true, true, false, 3, 2, 1, 1, 1, 0, 1, 1, 1, 3, false, true, 2, 1);

    static final Profile[] EACH = {
        CALM,
        CUTS,
        TUNNELS,
        REMOTE,
        REMOTE_SLOW,
        SLOW_READERS,
        THIEVES,
        RESTARTS,
        SMALL,
        OUTAGES,
        LOG_RESTARTS,
        FAIL_OVERS,
        KEPT,
        PAUSES,
        ROLL_BACKS,
        ALL
    };

    /** Those whose names stand between commas. */
    static List<Profile> named(String names) {
        return Stream.of(names.split(","))
                .filter(name -> !name.isEmpty())
                .map(name -> Stream.of(EACH)
                        .filter(profile -> profile.name.equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("there is no profile " + name)))
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
