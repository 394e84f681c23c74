package dev.bowline.codec.deflate;

import dev.bowline.codec.Extension;
import dev.bowline.codec.ExtensionNegotiator;
import dev.bowline.codec.ExtensionParameters;
import dev.bowline.codec.ExtensionScope;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code permessage-deflate} (RFC 7692) for either role: compresses messages.
 *
 * <p><b>Memory.</b> By default no context is taken over, in either direction: each message is compressed by itself, by
 * one compressor for all connections of an event loop, and an idle connection costs nothing. Keeping contexts
 * makes many small similar messages smaller, and costs memory in each connection: about six times the window for what
 * is sent (193 KiB with 15 bits, 7 KiB with 10), the window itself for what is received (32 KiB with 15 bits).
 *
 * <p>Immutable and safe from any thread. The defaults stand at the methods of {@link Builder}. "Own" is what this end
 * sends, "peer" what it receives, in either role.
 */
public final class PermessageDeflate implements ExtensionNegotiator {
    /** With the defaults. */
    public static final PermessageDeflate DEFAULT = builder().build();

    private final int level;
    private final int thresholdBytes;
    private final boolean ownContext;
    private final boolean peerContext;
    private final int ownWindowBits;
    private final int peerWindowBits;
    private final List<ExtensionParameters> offers;

    private PermessageDeflate(Builder builder) {
        level = requireRange("level", builder.level, Effort.FASTEST, Effort.TIGHTEST);
        thresholdBytes = requireRange("thresholdBytes", builder.thresholdBytes, 0, Integer.MAX_VALUE);
        ownContext = builder.ownContext;
        peerContext = builder.peerContext;
        ownWindowBits = requireWindow("ownWindowBits", builder.ownWindowBits);
        peerWindowBits = requireWindow("peerWindowBits", builder.peerWindowBits);
        offers = builder.offers != null ? builder.offers : List.of(offer().toExtensionParameters());
        for (ExtensionParameters offer : offers) {
            if (DeflateParameters.ofOffer(offer) == null) {
                throw new IllegalArgumentException(
                        "not an offer of permessage-deflate (RFC 7692 §7.1): " + offer.toHeader());
            }
        }
    }

    private static int requireWindow(String name, int bits) {
        return requireRange(name, bits, DeflateFormat.MIN_WINDOW_BITS, DeflateFormat.MAX_WINDOW_BITS);
    }

    private static int requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + least + " to " + most);
        }
        return value;
    }

    public static Builder builder() {
        return new Builder();
    }

    public int level() {
        return level;
    }

    public int thresholdBytes() {
        return thresholdBytes;
    }

    public boolean ownContext() {
        return ownContext;
    }

    public boolean peerContext() {
        return peerContext;
    }

    public int ownWindowBits() {
        return ownWindowBits;
    }

    public int peerWindowBits() {
        return peerWindowBits;
    }

    @Override
    public String name() {
        return DeflateParameters.EXTENSION;
    }

    @Override
    public List<ExtensionParameters> offers() {
        return offers;
    }

    private DeflateParameters offer() {
        return new DeflateParameters(
                !peerContext,
                !ownContext, // a hint that the server need not keep our context (§7.1.1.2)
                peerWindowBits < DeflateFormat.MAX_WINDOW_BITS ? peerWindowBits : DeflateParameters.ABSENT,
                // Offered always: the server may then ask for less (§7.1.2.2).
                ownWindowBits < DeflateFormat.MAX_WINDOW_BITS ? ownWindowBits : DeflateParameters.WITHOUT_VALUE);
    }

    @Override
    public @Nullable Agreement answer(List<ExtensionParameters> clientOffers) {
        for (ExtensionParameters element : clientOffers) {
            DeflateParameters offer = DeflateParameters.ofOffer(element);
            if (offer != null) {
                return answer(offer);
            }
        }
        return null;
    }

    /** There is no valid offer that can't be granted. */
    private Agreement answer(DeflateParameters offer) {
        boolean keepOwn = ownContext && !offer.serverNoContextTakeover();
        boolean keepPeer = peerContext && !offer.clientNoContextTakeover();
        boolean serverBitsOffered = offer.serverMaxWindowBits() != DeflateParameters.ABSENT;
        int ownBits = serverBitsOffered ? Math.min(offer.serverMaxWindowBits(), ownWindowBits) : ownWindowBits;
        int peerBits =
                switch (offer.clientMaxWindowBits()) {
                    case DeflateParameters.ABSENT -> DeflateFormat.MAX_WINDOW_BITS; // it must not be asked for less
                    case DeflateParameters.WITHOUT_VALUE -> peerWindowBits;
                    default -> Math.min(offer.clientMaxWindowBits(), peerWindowBits);
                };
        DeflateParameters answer = new DeflateParameters(
                !keepOwn,
                !keepPeer,
                serverBitsOffered || ownBits < DeflateFormat.MAX_WINDOW_BITS ? ownBits : DeflateParameters.ABSENT,
                peerBits < DeflateFormat.MAX_WINDOW_BITS ? peerBits : DeflateParameters.ABSENT);
        return new Agreement(answer.toExtensionParameters(), extension(ownBits, keepOwn, peerBits, keepPeer));
    }

    @Override
    public @Nullable Agreement accept(ExtensionParameters element) {
        DeflateParameters answer = DeflateParameters.ofAnswer(element);
        if (answer == null || offers.stream().noneMatch(offer -> isAnswer(answer, offer))) {
            return null;
        }
        int ownBits = answer.clientMaxWindowBits() == DeflateParameters.ABSENT
                ? ownWindowBits
                : Math.min(answer.clientMaxWindowBits(), ownWindowBits);
        int peerBits = answer.serverMaxWindowBits() == DeflateParameters.ABSENT
                ? DeflateFormat.MAX_WINDOW_BITS
                : answer.serverMaxWindowBits();
        boolean keepOwn = ownContext && !answer.clientNoContextTakeover();
        return new Agreement(element, extension(ownBits, keepOwn, peerBits, !answer.serverNoContextTakeover()));
    }

    private static boolean isAnswer(DeflateParameters answer, ExtensionParameters element) {
        DeflateParameters offer = DeflateParameters.ofOffer(element);
        return offer != null && answer.answers(offer);
    }

    private Function<ExtensionScope, Extension> extension(
            int ownBits, boolean keepOwn, int peerBits, boolean keepPeer) {
        return scope -> new DeflateExtension(
                scope.shared(DeflatePool.class, DeflatePool::new),
                new DeflateExtension.Sending(ownBits, keepOwn, level, thresholdBytes),
                new DeflateExtension.Receiving(peerBits, keepPeer));
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private int level = 6;
        private int thresholdBytes = 1024;
        private boolean ownContext;
        private boolean peerContext;
        private int ownWindowBits = DeflateFormat.MAX_WINDOW_BITS;
        private int peerWindowBits = DeflateFormat.MAX_WINDOW_BITS;
        private @Nullable List<ExtensionParameters> offers;

        private Builder() {}

        /**
         * How hard to compress, from 1, the fastest, to 9, the tightest. Up to some kilobytes the levels from 2 to 6
         * cost about the same. Default 6: JSON becomes as small as by zlib's 6 within 2 %, in less time (within 5 %
         * where messages of less than 1 KiB refer to earlier ones; there 7 is within 2 %); 1 takes half of that time
         * and yields about what zlib's 1 does.
         */
        public Builder level(int level) {
            this.level = level;
            return this;
        }

        /**
         * The size in bytes below which a message is sent as it is. Default 1024: what is shorter fits one TCP segment
         * either way; and of 300 bytes of JSON 70 % remain without a context, of 1024 bytes half.
         */
        public Builder thresholdBytes(int bytes) {
            thresholdBytes = bytes;
            return this;
        }

        /** Whether to refer to earlier messages in what is sent, where the peer agrees. Default false. */
        public Builder ownContext(boolean keep) {
            ownContext = keep;
            return this;
        }

        /** Whether the peer may refer to earlier messages in what it sends. Default false. */
        public Builder peerContext(boolean keep) {
            peerContext = keep;
            return this;
        }

        /** The largest window for what is sent, 8 to 15: two to the power of so many bytes. Default 15. */
        public Builder ownWindowBits(int bits) {
            ownWindowBits = bits;
            return this;
        }

        /** The largest window that the peer is asked to use, 8 to 15. Default 15. */
        public Builder peerWindowBits(int bits) {
            peerWindowBits = bits;
            return this;
        }

        /**
         * What a client offers, the most wanted first, in place of the one offer that follows from the other options.
         *
         * @throws IllegalArgumentException from {@link #build} for what is not an offer by RFC 7692 §7.1
         */
        public Builder offers(List<ExtensionParameters> offers) {
            this.offers = List.copyOf(offers);
            return this;
        }

        /** Throws {@link IllegalArgumentException} for an option out of its range. */
        public PermessageDeflate build() {
            return new PermessageDeflate(this);
        }
    }
}
