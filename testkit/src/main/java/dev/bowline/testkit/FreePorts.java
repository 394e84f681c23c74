package dev.bowline.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback address that nobody listens on, for programs that must be given one. They are below those that systems give to
 * outgoing connections, so a program that stops and starts again finds its own free.
 */
public final class FreePorts {
    /** How far from its port a node of a Redis cluster listens for the others. */
    static final int BUS = 10_000;

    private static final int LEAST = 10_000;
    private static final int MOST = 19_999;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /** One where {@link #BUS} further on is free too. */
    public static int next() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LEAST, MOST + 1);
            if (isFree(port) && isFree(port + BUS)) {
                return port;
            }
        }
        throw new AssertionError("no free port between " + LEAST + " and " + MOST + " in " + TRIES + " tries");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false; // somebody has it
        }
    }
}
