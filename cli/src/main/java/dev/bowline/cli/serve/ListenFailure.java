package dev.bowline.cli.serve;

import dev.bowline.cli.serve.ServeCommand.Host;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.Locale;

/** Finds out why a server could not listen, and what to do about it. */
final class ListenFailure {
    private ListenFailure() {}

    /** One sentence. */
    static String explain(Host host, int port, IOException failure) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host.name());
        } catch (UnknownHostException e) {
            return "the host \"" + host.name()
                    + "\" is unknown; give --host an address of this machine, such as 127.0.0.1"
                    + " (this machine only) or 0.0.0.0 (every interface).";
        }
        if (!isOfThisMachine(address)) {
            return "the host " + host.name() + " is not an address of this machine; give --host one that is, such as"
                    + " 127.0.0.1 (this machine only) or 0.0.0.0 (every interface).";
        }
        String why = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (why.contains("in use")) {
            return "port " + port + " of " + host.name() + " is taken by another program; stop that program, or choose"
                    + " another port with --port (0 takes a free one).";
        }
        if (why.contains("denied")) {
            return "this user may not listen on port " + port + "; choose a port above 1023 with --port.";
        }
        return failure.getMessage() + "; choose another address with --host and --port.";
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
