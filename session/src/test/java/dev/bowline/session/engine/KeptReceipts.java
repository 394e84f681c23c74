package dev.bowline.session.engine;

import dev.bowline.session.engine.SessionMessage.Receipt;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The receipts that a {@link KeepingEngine} has told, or will, by address. */
final class KeptReceipts {
    /** Who is to be told. */
    interface Sender {
        String process();

        boolean isAlive();

        void execute(Runnable task);
    }

    private record Addressed(Sender sender, String session, Receipt receipt) {}

    private final Map<String, Addressed> receipts = new LinkedHashMap<>();
    private long addresses;

    Receipt addressed(Sender sender, String session, Receipt receipt) {
        String address = sender.process() + ":" + ++addresses;
        receipts.put(address, new Addressed(sender, session, receipt));
        return receipt(address);
    }

    /** Those of sessions that are not any more, of which nobody knows. */
    void tellLost(Predicate<String> isKept) {
        new LinkedHashMap<>(receipts).forEach((address, receipt) -> {
            if (!isKept.test(receipt.session)) {
                receipt(address).lost();
            }
        });
    }

    Receipt receipt(String address) {
        return new Receipt() {
            @Override
            public void received() {
                tell(Receipt::received);
            }

            @Override
            public void lost() {
                tell(Receipt::lost);
            }

            private void tell(Consumer<Receipt> what) {
                Addressed known = receipts.remove(address);
                if (known != null && known.sender.isAlive()) {
                    known.sender.execute(() -> what.accept(known.receipt));
                }
            }

            @Override
            public @Nullable String address() {
                return address;
            }
        };
    }
}
