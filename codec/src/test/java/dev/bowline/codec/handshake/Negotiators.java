package dev.bowline.codec.handshake;

import dev.bowline.codec.Extension;
import dev.bowline.codec.ExtensionNegotiator;
import dev.bowline.codec.ExtensionParameters;
import dev.bowline.codec.ExtensionParameters.Parameter;
import dev.bowline.codec.MessageBuffer;
import dev.bowline.codec.ProtocolError;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Extensions that do nothing, for what is negotiated about them. */
final class Negotiators {
    private Negotiators() {}

    static ExtensionParameters parameters(String name, @Nullable String... namesAndValues) {
        java.util.List<Parameter> list = new java.util.ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String parameter = namesAndValues[i];
            if (parameter != null) {
                list.add(new Parameter(parameter, namesAndValues[i + 1]));
            }
        }
        return new ExtensionParameters(name, list);
    }

    /** Offers {@code name; level=2, name}, agrees on the first offer whose only parameter is level. */
    static ExtensionNegotiator levels(String name) {
        return new ExtensionNegotiator() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<ExtensionParameters> offers() {
                return List.of(parameters(name, "level", "2"), parameters(name));
            }

            @Override
            public @Nullable Agreement answer(List<ExtensionParameters> offers) {
                return offers.stream()
                        .filter(offer -> offer.parameters().size() == 1)
                        .filter(offer -> offer.parameters().get(0).name().equals("level"))
                        .findFirst()
                        .map(offer -> new Agreement(offer, Idle::new))
                        .orElse(null);
            }

            @Override
            public @Nullable Agreement accept(ExtensionParameters answer) {
                return offers().contains(answer) ? new Agreement(answer, Idle::new) : null;
            }
        };
    }

    private static final class Idle implements Extension {
        @Override
        public int reservedBits() {
            return 0x40;
        }

        @Override
        public @Nullable ByteBuffer encode(int opcode, ByteBuffer payload) {
            return null;
        }

        @Override
        public @Nullable ProtocolError decode(ByteBuffer in, int from, int to, boolean last, MessageBuffer message) {
            return null;
        }

        @Override
        public void close() {}
    }
}
