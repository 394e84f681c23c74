package dev.bowline.cli.serve;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.Locale;

/** Finds out why a server could not listen, and what to do about it. */
final class ListenFailure {
    private ListenFailure() {}

    /** One sentence, that names the options of the server's own address. */
    static String explain(String host, int port, IOException failure) {
        return explain(host, port, failure, "--host", "--port");
    }

    /**
     * One sentence.
     *
     * @param hostOption what chooses another host
     * @param portOption what chooses another port
     */
    static String explain(String host, int port, IOException failure, String hostOption, String portOption) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            return "the host \"" + host
                    + "\" is unknown; give " + hostOption + " an address of this machine, such as 127.0.0.1"
                    + " (this machine only) or 0.0.0.0 (every interface).";
        }
        if (!isOfThisMachine(address)) {
            return "the host " + host + " is not an address of this machine; give " + hostOption
                    + " one that is, such as" + " 127.0.0.1 (this machine only) or 0.0.0.0 (every interface).";
        }
        String why = reasons(failure);
        if (why.contains("in use")) {
            return "port " + port + " of " + host + " is taken by another program; stop that program, or choose"
                    + " another port with " + portOption + " (0 takes a free one).";
        }
        if (why.contains("denied")) {
            return "this user may not listen on port " + port + "; choose a port above 1023 with " + portOption + ".";
        }
        return failure.getMessage() + "; choose another address with " + hostOption + " and " + portOption + ".";
    }

    /** What it says, and what its causes say. */
    private static String reasons(Throwable failure) {
        StringBuilder reasons = new StringBuilder();
        for (Throwable one = failure; one != null; one = one.getCause()) {
            reasons.append(one.getMessage()).append(' ');
        }
        return reasons.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            return true; // not known; the failure's own words must do
        }
    }
}
