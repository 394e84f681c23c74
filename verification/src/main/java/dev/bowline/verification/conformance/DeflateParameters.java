package dev.bowline.verification.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the parameters of one permessage-deflate offer or answer say (RFC 7692 §7.1), read strictly.
 *
 * @param clientBits the client's window; 0 where it is not named; −1 where it is named without a value, in an offer
 * @param serverBits the server's window; 0 where it is not named
 */
record DeflateParameters(boolean clientNoContext, boolean serverNoContext, int clientBits, int serverBits) {
    static final String NAME = "permessage-deflate";
    static final int LARGEST_BITS = 15;
    private static final int SMALLEST_BITS = 8;

    /**
     * Reads one element of the header field.
     *
     * @param answer whether it is a server's
     * @throws IllegalArgumentException if it breaks a rule, saying which
     */
    static DeflateParameters parse(String element, boolean answer) {
        String[] words = element.strip().split("\\s*;\\s*", -1);
        if (!words[0].equals(NAME)) {
            throw new IllegalArgumentException("\"" + words[0] + "\" is not " + NAME);
        }
        Map<String, String> values = new TreeMap<>();
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("\\s*=\\s*", 2);
            if (values.put(pair[0], pair.length == 1 ? "" : pair[1].replaceAll("^\"(.*)\"$", "$1")) != null) {
                throw new IllegalArgumentException(pair[0] + " stands twice in: " + element);
            }
        }
        DeflateParameters parameters = new DeflateParameters(
                flag(values.remove("client_no_context_takeover"), element),
                flag(values.remove("server_no_context_takeover"), element),
                bits(values.remove("client_max_window_bits"), !answer, element),
                bits(values.remove("server_max_window_bits"), false, element));
        if (!values.isEmpty()) {
            throw new IllegalArgumentException("unknown parameters " + values.keySet() + " in: " + element);
        }
        return parameters;
    }

    private static boolean flag(@Nullable String value, String element) {
        if (value != null && !value.isEmpty()) {
            throw new IllegalArgumentException("a no_context_takeover with a value in: " + element);
        }
        return value != null;
    }

    private static int bits(@Nullable String value, boolean mayBeEmpty, String element) {
        if (value == null) {
            return 0;
        }
        if (value.isEmpty() && mayBeEmpty) {
            return -1;
        }
        if (!value.matches("[89]|1[0-5]")) {
            throw new IllegalArgumentException("a window of \"" + value + "\" bits, not of " + SMALLEST_BITS + " to "
                    + LARGEST_BITS + ", in: " + element);
        }
        return Integer.parseInt(value);
    }

    /** What an answer has that this offer, to which it is one, does not allow; empty for a good answer. */
    List<String> faultsOf(DeflateParameters answer) {
        List<String> faults = new ArrayList<>();
        if (serverNoContext && !answer.serverNoContext) {
            faults.add("server_no_context_takeover was asked for and not granted (RFC 7692 §7.1.1.1)");
        }
        if (serverBits > 0 && (answer.serverBits == 0 || answer.serverBits > serverBits)) {
            faults.add("server_max_window_bits=" + serverBits + " was asked for, the answer has " + answer.serverBits
                    + " (RFC 7692 §7.1.2.1)");
        }
        if (answer.clientBits > 0 && (clientBits == 0 || (clientBits > 0 && answer.clientBits > clientBits))) {
            faults.add("client_max_window_bits=" + answer.clientBits + " was not offered (RFC 7692 §7.1.2.2)");
        }
        return faults;
    }

    /** The element of the header field. */
    @Override
    public String toString() {
        return NAME
                + (clientNoContext ? "; client_no_context_takeover" : "")
                + (serverNoContext ? "; server_no_context_takeover" : "")
                + (clientBits == 0 ? "" : "; client_max_window_bits" + (clientBits > 0 ? "=" + clientBits : ""))
                + (serverBits == 0 ? "" : "; server_max_window_bits=" + serverBits);
    }
}
