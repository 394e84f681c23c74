package dev.bowline.redis;

import dev.bowline.session.engine.SessionMessage.Receipt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The receipts of this process's members that have an address, PROCESS:NUMBER. Each is told once. Safe from any thread. */
final class Receipts {
    /** How many wait at most; beyond that the oldest is told that nothing is known. */
    private static final int MAX_WAITING = 200_000;

    private record Waiting(RedisMember member, String session, Receipt receipt) {}

    private final Site site;
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>(); // under the lock
    private long number; // of the latest one; under the lock

    Receipts(Site site) {
        this.site = site;
    }

    /** A receipt that says the same to this one, and has an address. */
    Receipt addressed(RedisMember member, String session, Receipt receipt) {
        if (receipt.address() != null) {
            return receipt;
        }
        Waiting oldest = null;
        long its;
        synchronized (this) {
            its = ++number;
            waiting.put(its, new Waiting(member, session, receipt));
            if (waiting.size() > MAX_WAITING) {
                Iterator<Waiting> all = waiting.values().iterator();
                oldest = all.next();
                all.remove();
            }
        }
        if (oldest != null) {
            tell(oldest, false);
        }
        return new Own(its);
    }

    /** The receipt of an address, of whichever process. */
    Receipt of(String address, Post post) {
        int colon = address.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("\"" + address + "\" is no address of a receipt");
        }
        String process = address.substring(0, colon);
        long its = Long.parseLong(address.substring(colon + 1));
        return process.equals(site.processes().id()) ? new Own(its) : new Others(process, its, post);
    }

    /** A receipt is settled, wherever. */
    void settled(long its, boolean received) {
        Waiting settled;
        synchronized (this) {
            settled = waiting.remove(its);
        }
        if (settled != null) {
            tell(settled, received);
        }
    }

    private static void tell(Waiting waiting, boolean received) {
        waiting.member.execute(received ? waiting.receipt::received : waiting.receipt::lost);
    }

    /** A receipt has gone nowhere: nobody will say anything of it. */
    void forget(@Nullable Receipt receipt) {
        if (receipt instanceof Own own) {
            synchronized (this) {
                waiting.remove(own.its);
            }
        }
    }

    /** Sessions may have gone without anybody who tells their receipts: those are lost. */
    CompletionStage<?> look() {
        Map<String, List<Long>> sessions = new HashMap<>();
        synchronized (this) {
            waiting.forEach((its, one) -> sessions.computeIfAbsent(one.session, id -> new ArrayList<>(1))
                    .add(its));
        }
        List<CompletableFuture<?>> looked = new ArrayList<>();
        sessions.forEach((id, all) -> looked.add(site.link()
                .run(Script.LOOK, site.keys().session(id))
                .thenAccept(found -> {
                    if (found.isEmpty()) {
                        all.forEach(its -> settled(its, false));
                    }
                })
                .toCompletableFuture()));
        return CompletableFuture.allOf(looked.toArray(CompletableFuture[]::new));
    }

    synchronized void left(RedisMember member) {
        waiting.values().removeIf(one -> one.member == member);
    }

    private final class Own implements Receipt {
        private final long its;

        Own(long its) {
            this.its = its;
        }

        @Override
        public void received() {
            settled(its, true);
        }

        @Override
        public void lost() {
            settled(its, false);
        }

        @Override
        public String address() {
            return site.processes().id() + ":" + its;
        }
    }

    /** Another process's: told it for as long as Redis does not know. */
    private final class Others implements Receipt {
        private final String process;
        private final long its;
        private final Post post;

        Others(String process, long its, Post post) {
            this.process = process;
            this.its = its;
            this.post = post;
        }

        @Override
        public void received() {
            tell(true);
        }

        @Override
        public void lost() {
            tell(false);
        }

        private void tell(boolean received) {
            site.retries()
                    .wish("receipt " + address(), () -> post.send(process, new NodeMessage.Receipted(its, received)));
        }

        @Override
        public String address() {
            return process + ":" + its;
        }
    }
}
