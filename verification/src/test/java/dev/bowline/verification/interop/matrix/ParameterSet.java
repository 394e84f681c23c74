package dev.bowline.verification.interop.matrix;

import dev.bowline.codec.ExtensionNegotiator;
import dev.bowline.codec.ExtensionParameters;
import dev.bowline.codec.ExtensionParameters.Parameter;
import dev.bowline.codec.Role;
import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.verification.interop.Deflate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for which parameters of permessage-deflate. Whoever does not ask keeps contexts and takes any window, so that what
 * is agreed on comes from the other's asking.
 */
record ParameterSet(By by, Deflate asked) {
    enum By {
        /** Bowline has no compression, the other implementation has. */
        OFF("off"),
        /** Both have it as it comes. */
        DEFAULTS("defaults"),
        BOWLINE("Bowline"),
        PEER("peer");

        final String text;

        By(String text) {
            this.text = text;
        }
    }

    private static final int DEFAULT_BITS = 15;

    /** In the order of the table. */
    static List<ParameterSet> all() {
        List<ParameterSet> all = new ArrayList<>();
        all.add(new ParameterSet(By.OFF, Deflate.ANY));
        all.add(new ParameterSet(By.DEFAULTS, Deflate.ANY));
        for (By by : List.of(By.BOWLINE, By.PEER)) {
            List<Deflate> asked = new ArrayList<>();
            asked.add(Deflate.ANY);
            asked.add(Deflate.noContext(true, false));
            asked.add(Deflate.noContext(false, true));
            asked.add(Deflate.noContext(true, true));
            IntStream.rangeClosed(9, DEFAULT_BITS).forEach(bits -> asked.add(Deflate.windows(bits, 0)));
            IntStream.rangeClosed(9, DEFAULT_BITS).forEach(bits -> asked.add(Deflate.windows(0, bits)));
            asked.add(new Deflate(true, true, 10, 10));
            asked.forEach(each -> all.add(new ParameterSet(by, each)));
        }
        all.remove(new ParameterSet(By.PEER, Deflate.ANY)); // that is what the peer does where Bowline asks
        return all;
    }

    /** Whether Bowline in this role can ask for it: a server says 15 only where the client did. */
    boolean isForOurs(Role ours) {
        return by != By.BOWLINE
                || ours == Role.CLIENT
                || (asked.serverMaxWindowBits() != DEFAULT_BITS && asked.clientMaxWindowBits() != DEFAULT_BITS);
    }

    Deflate askedByPeer() {
        return by == By.PEER ? asked : Deflate.ANY;
    }

    boolean oursKeepsContext(Role ours) {
        return switch (by) {
            case OFF, DEFAULTS -> false;
            case PEER -> true;
            case BOWLINE -> ours == Role.SERVER ? !asked.serverNoContextTakeover() : !asked.clientNoContextTakeover();
        };
    }

    List<ExtensionNegotiator> extensions(Role ours) {
        return switch (by) {
            case OFF -> List.of();
            case DEFAULTS -> List.of(PermessageDeflate.DEFAULT);
            case PEER -> List.of(asking(ours, Deflate.ANY));
            case BOWLINE -> List.of(asking(ours, asked));
        };
    }

    /** Compresses whatever the size, so that little goes a long way. */
    private static PermessageDeflate asking(Role ours, Deflate deflate) {
        boolean serverContext = !deflate.serverNoContextTakeover();
        boolean clientContext = !deflate.clientNoContextTakeover();
        int serverBits = deflate.serverMaxWindowBits() == 0 ? DEFAULT_BITS : deflate.serverMaxWindowBits();
        int clientBits = deflate.clientMaxWindowBits() == 0 ? DEFAULT_BITS : deflate.clientMaxWindowBits();
        PermessageDeflate.Builder builder = PermessageDeflate.builder().thresholdBytes(0);
        if (ours == Role.SERVER) {
            builder.ownContext(serverContext)
                    .peerContext(clientContext)
                    .ownWindowBits(serverBits)
                    .peerWindowBits(clientBits);
        } else {
            builder.ownContext(clientContext)
                    .peerContext(serverContext)
                    .ownWindowBits(clientBits)
                    .peerWindowBits(serverBits);
        }
        if (deflate.serverMaxWindowBits() == DEFAULT_BITS || deflate.clientMaxWindowBits() == DEFAULT_BITS) {
            builder.offers(List.of(offer(deflate))); // as nobody need say 15, the options do not
        }
        return builder.build();
    }

    private static ExtensionParameters offer(Deflate deflate) {
        List<Parameter> parameters = Arrays.stream(deflate.parameters().split("; ", -1))
                .map(parameter -> parameter.split("=", 2))
                .map(nameAndValue -> new Parameter(nameAndValue[0], nameAndValue.length > 1 ? nameAndValue[1] : null))
                .toList();
        return new ExtensionParameters("permessage-deflate", parameters);
    }

    /** Whether nobody asks for anything in particular: then large messages are sent too, and both ends close. */
    boolean isThorough() {
        return by != By.PEER && asked.equals(Deflate.ANY);
    }

    /** Whether it takes part where time is short: of the windows the narrowest, a middle one and the widest. */
    boolean isInShort() {
        int bits = Math.max(asked.serverMaxWindowBits(), asked.clientMaxWindowBits());
        return bits == 0 || bits == 9 || bits == 10 || bits == DEFAULT_BITS;
    }

    /** As it stands in the table. */
    @Override
    public String toString() {
        String parameters = asked.parameters();
        return by.text
                + (by == By.OFF || by == By.DEFAULTS ? "" : ": " + (parameters.isEmpty() ? "nothing" : parameters));
    }

    /** The bits that a parameter has in a header field or a name; null where it is not there. */
    static @Nullable Integer bits(String text, String parameter) {
        Matcher matcher = Pattern.compile(parameter + "=(\\d+)").matcher(text);
        return matcher.find() ? Integer.valueOf(matcher.group(1)) : null;
    }
}
