package dev.bowline.codec.deflate;

import dev.bowline.codec.ExtensionParameters;
import dev.bowline.codec.ExtensionParameters.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one offer or answer (RFC 7692 §7.1), understood.
 *
 * @param serverMaxWindowBits 8 to 15, or {@link #ABSENT}
 * @param clientMaxWindowBits 8 to 15, {@link #ABSENT}, or {@link #WITHOUT_VALUE} in an offer
 */
record DeflateParameters(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits) {
    static final String EXTENSION = "permessage-deflate";
    static final int ABSENT = 0;
    static final int WITHOUT_VALUE = -1;

    private static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";
    private static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";
    private static final String CLIENT_MAX_WINDOW_BITS = "client_max_window_bits";

    /**
     * Reads an offer; null if it must be declined (§7.1: an unknown parameter, an invalid value, the same parameter
     * twice).
     */
    static @Nullable DeflateParameters ofOffer(ExtensionParameters offer) {
        return parse(offer, true);
    }

    /** Reads an answer; null if the connection must be failed. */
    static @Nullable DeflateParameters ofAnswer(ExtensionParameters answer) {
        return parse(answer, false);
    }

    private static @Nullable DeflateParameters parse(ExtensionParameters element, boolean offer) {
        if (!element.name().equals(EXTENSION)) {
            return null;
        }
        boolean serverNoContext = false;
        boolean clientNoContext = false;
        int serverBits = ABSENT;
        int clientBits = ABSENT;
        Set<String> seen = new HashSet<>();
        for (Parameter parameter : element.parameters()) {
            String value = parameter.value();
            boolean valid = seen.add(parameter.name());
            switch (parameter.name()) {
                case SERVER_NO_CONTEXT_TAKEOVER -> {
                    serverNoContext = true;
                    valid &= value == null; // §7.1.1.1
                }
                case CLIENT_NO_CONTEXT_TAKEOVER -> {
                    clientNoContext = true;
                    valid &= value == null; // §7.1.1.2
                }
                case SERVER_MAX_WINDOW_BITS -> {
                    serverBits = windowBits(value);
                    valid &= serverBits != ABSENT; // §7.1.2.1: always with a value
                }
                case CLIENT_MAX_WINDOW_BITS -> {
                    // §7.1.2.2: an offer without a value says that the client understands the parameter.
                    clientBits = value == null && offer ? WITHOUT_VALUE : windowBits(value);
                    valid &= clientBits != ABSENT;
                }
                default -> valid = false;
            }
            if (!valid) {
                return null;
            }
        }
        return new DeflateParameters(serverNoContext, clientNoContext, serverBits, clientBits);
    }

    /** A decimal number from 8 to 15 without leading zeros (§7.1.2); {@link #ABSENT} for anything else. */
    private static int windowBits(@Nullable String value) {
        if (value != null) {
            for (int bits = DeflateFormat.MIN_WINDOW_BITS; bits <= DeflateFormat.MAX_WINDOW_BITS; bits++) {
                if (value.equals(Integer.toString(bits))) {
                    return bits;
                }
            }
        }
        return ABSENT;
    }

    ExtensionParameters toExtensionParameters() {
        List<Parameter> parameters = new ArrayList<>();
        if (serverNoContextTakeover) {
            parameters.add(new Parameter(SERVER_NO_CONTEXT_TAKEOVER, null));
        }
        if (clientNoContextTakeover) {
            parameters.add(new Parameter(CLIENT_NO_CONTEXT_TAKEOVER, null));
        }
        if (serverMaxWindowBits != ABSENT) {
            parameters.add(new Parameter(SERVER_MAX_WINDOW_BITS, Integer.toString(serverMaxWindowBits)));
        }
        if (clientMaxWindowBits != ABSENT) {
            String value = clientMaxWindowBits == WITHOUT_VALUE ? null : Integer.toString(clientMaxWindowBits);
            parameters.add(new Parameter(CLIENT_MAX_WINDOW_BITS, value));
        }
        return new ExtensionParameters(EXTENSION, parameters);
    }

    /** Whether this answer may stand to an offer: it grants what was demanded, and asks for nothing not offered. */
    boolean answers(DeflateParameters offer) {
        if (offer.serverNoContextTakeover && !serverNoContextTakeover) {
            return false; // §7.1.1.1
        }
        if (offer.serverMaxWindowBits != ABSENT
                && (serverMaxWindowBits == ABSENT || serverMaxWindowBits > offer.serverMaxWindowBits)) {
            return false; // §7.1.2.1
        }
        return switch (offer.clientMaxWindowBits) { // §7.1.2.2
            case ABSENT -> clientMaxWindowBits == ABSENT;
            case WITHOUT_VALUE -> true;
            default -> clientMaxWindowBits <= offer.clientMaxWindowBits;
        };
    }
}
