package dev.bowline.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts by their digests, in the order in which they are given. A Redis that does not know a script, as after it was started again, is
 * sent its text; what was given meanwhile waits until then, for else it would overtake. Safe from any thread.
 */
final class ScriptRunner {
    private static final class Call {
        private final Script script;
        private final byte[][] keys;
        private final byte[][] arguments;
        private final CompletableFuture<List<Object>> result = new CompletableFuture<>();

        Call(Script script, byte[][] keys, byte[][] arguments) {
            this.script = script;
            this.keys = keys;
            this.arguments = arguments;
        }
    }

    private final RedisClusterAsyncCommands<byte[], byte[]> commands;

    /** How many were given whose result was not told yet. */
    private final AtomicInteger untold = new AtomicInteger();

    // ---- under this object's lock

    /** How many were sent by digest and have no answer yet. */
    private int underWay;

    /** Those whose script was not known. While there are some, nothing else is sent. */
    private List<Call> refused = new ArrayList<>();

    /** Those that were given since then. */
    private final Deque<Call> held = new ArrayDeque<>();

    ScriptRunner(RedisClusterAsyncCommands<byte[], byte[]> commands) {
        this.commands = commands;
    }

    /** Runs one. What comes of it is told within its time, and where it has to wait for others, within twice that. */
    CompletionStage<List<Object>> run(Script script, byte[][] keys, byte[][] arguments) {
        Call call = new Call(script, keys, arguments);
        CompletionStage<List<Object>> sent;
        synchronized (this) {
            if (held.size() >= RedisClients.MAX_QUEUED) {
                return CompletableFuture.failedStage(new RedisException(
                        "Request queue size exceeded: " + RedisClients.MAX_QUEUED + " wait for a script"));
            }
            untold.incrementAndGet();
            if (!refused.isEmpty()) {
                held.add(call);
                return call.result;
            }
            sent = byDigest(call);
        }
        pass(call, sent);
        return call.result;
    }

    /** Under the lock, as the order of sending is that of the calls. */
    private CompletionStage<List<Object>> byDigest(Call call) {
        underWay++;
        return commands.evalsha(call.script.digest(), ScriptOutputType.MULTI, call.keys, call.arguments);
    }

    private void pass(Call call, CompletionStage<List<Object>> sent) {
        sent.whenComplete((value, failure) -> {
            boolean unknown = failure != null && Failures.unwrapped(failure) instanceof RedisNoScriptException;
            answered(unknown ? call : null);
            if (!unknown) {
                settle(call, value, failure);
            }
        });
    }

    private void settle(Call call, @Nullable List<Object> value, @Nullable Throwable failure) {
        if (failure != null) {
            call.result.completeExceptionally(Failures.unwrapped(failure));
        } else {
            call.result.complete(value == null ? List.of() : value);
        }
        untold.decrementAndGet();
    }

    /** Whether one is under way. For tests. */
    boolean isRunning() {
        return untold.get() > 0;
    }

    private void answered(@Nullable Call unknown) {
        List<Runnable> after = new ArrayList<>(0);
        synchronized (this) {
            underWay--;
            if (unknown != null) {
                refused.add(unknown);
            }
            if (underWay > 0 || refused.isEmpty()) {
                return;
            }
            for (Call call : refused) {
                CompletionStage<List<Object>> sent =
                        commands.eval(call.script.text(), ScriptOutputType.MULTI, call.keys, call.arguments);
                after.add(() -> sent.whenComplete((value, failure) -> settle(call, value, failure)));
            }
            refused = new ArrayList<>();
            for (Call call = held.poll(); call != null; call = held.poll()) {
                Call one = call;
                CompletionStage<List<Object>> sent = byDigest(one);
                after.add(() -> pass(one, sent));
            }
        }
        after.forEach(Runnable::run);
    }
}
