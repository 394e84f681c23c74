package dev.bowline.verification.conformance;

import dev.bowline.testkit.RawFrame;
import dev.bowline.verification.conformance.Setting.Subject;
import dev.bowline.verification.conformance.Verdict.Behaviour;
import dev.bowline.verification.conformance.Verdict.Close;
import dev.bowline.verification.conformance.Verdict.Terms;
import dev.bowline.verification.conformance.Wire.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The hand and the judge of one case on one open connection: a script says what to send, what must come, and how the
 * connection must end. It sends what it is told, wrong or right, masked where it plays the client.
 *
 * <pre>{@code
 * fuzzer.expect(text("a"))                               // exactly this must have come in the end …
 *         .orElse(Behaviour.NON_STRICT)                  // … or, less well, nothing
 *         .send(text("a"), text("b").withRsv(2))         // in one write
 *         .peerFails(1002);                              // the other side must refuse that by itself
 * }</pre>
 *
 * <p>Waits have an upper bound that has nothing to do with speed: it is only reached by a side that fails the case.
 */
final class Fuzzer {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration DROP_LIMIT = Duration.ofSeconds(3);

    private final Wire wire;
    private final Setting setting;
    private final @Nullable Compression compression;
    private final Assembler assembler;
    private final Random masks = new Random(1);
    private final Map<Behaviour, List<RawFrame>> expected = new EnumMap<>(Behaviour.class);
    private final List<String> wrong = new ArrayList<>();
    private int wanted; // how many messages and control frames a good side sends
    private boolean nonStrict;
    private boolean informational;
    private @Nullable Verdict verdict;

    /** @param compression what was agreed on, or null */
    Fuzzer(Wire wire, Setting setting, @Nullable Compression compression) {
        this.wire = wire;
        this.setting = setting;
        this.compression = compression;
        assembler = new Assembler(setting.subject() == Subject.CLIENT, compression, wrong);
        expected.put(Behaviour.OK, List.of());
    }

    Setting.Effort effort() {
        return setting.effort();
    }

    // ---- What must come ----

    /** Exactly these messages and control frames, in this order; nothing where this is not called. */
    Fuzzer expect(RawFrame... frames) {
        expected.put(Behaviour.OK, List.of(frames));
        wanted = frames.length;
        return this;
    }

    /** Or, judged so, exactly these. */
    Fuzzer orElse(Behaviour behaviour, RawFrame... frames) {
        expected.put(behaviour, List.of(frames));
        return this;
    }

    /** Whatever comes tells us something, and is not judged. */
    Fuzzer anything() {
        informational = true;
        return this;
    }

    // ---- What is sent ----

    /** Sends frames in one write. */
    Fuzzer send(RawFrame... frames) {
        byte[] bytes = bytes(frames);
        return sendBytes(bytes, bytes.length);
    }

    /** Sends frames, each in a write of its own. */
    Fuzzer sendEach(RawFrame... frames) {
        Arrays.stream(frames).forEach(this::send);
        return this;
    }

    /** Sends frames in writes of so many bytes. */
    Fuzzer sendPieces(int piece, RawFrame... frames) {
        return sendBytes(bytes(frames), piece);
    }

    /** Sends bytes as they are, in writes of so many. */
    Fuzzer sendBytes(byte[] bytes, int piece) {
        wire.write(bytes, piece);
        return this;
    }

    /** The bytes of frames as this side sends them. */
    byte[] bytes(RawFrame... frames) {
        if (setting.subject() == Subject.CLIENT) {
            return RawFrame.concat(frames);
        }
        return RawFrame.concat(Arrays.stream(frames)
                .map(frame -> frame.withMask(masks.nextInt()))
                .toArray(RawFrame[]::new));
    }

    /**
     * Sends messages one by one, each after the echo of the last, which must be equal.
     *
     * @param frameBytes cuts them into frames of so many bytes; 0 for whole messages
     */
    Fuzzer exchange(int opcode, int count, int frameBytes, IntFunction<byte[]> payload) {
        for (int i = 0; i < count && wrong.isEmpty(); i++) {
            byte[] content = payload.apply(i);
            send(frames(opcode, content, frameBytes));
            pump(LIMIT, () -> !assembler.came().isEmpty() || over());
            if (!assembler.came().equals(List.of(RawFrame.of(opcode, content)))) {
                wrong.add("message " + (i + 1) + " of " + count + ", " + content.length
                        + " bytes, was not answered by its echo but by " + assembler.came());
            }
            assembler.came().clear();
        }
        return this;
    }

    private RawFrame[] frames(int opcode, byte[] content, int frameBytes) {
        byte[] sent = compression == null ? content : compression.compress(content);
        RawFrame[] frames = Fragments.of(opcode, sent, frameBytes == 0 ? Math.max(1, sent.length) : frameBytes);
        if (compression != null) {
            frames[0] = frames[0].withRsv(Compression.RSV1);
        }
        return frames;
    }

    /** A pause of a second, or less with less effort; what comes meanwhile is kept. */
    Fuzzer pause() {
        pump(Duration.ofMillis(setting.effort().pauseMillis()), this::over);
        return this;
    }

    /** Marks as wrong that the other side has closed already. */
    Fuzzer stillOpen(String when) {
        if (over()) {
            wrong.add("closed already " + when);
        }
        return this;
    }

    /**
     * Whether the other side refuses at once what was sent so far; if not, it can be no more than not strict. Waits for
     * that.
     */
    boolean refusedAtOnce() {
        pump(Duration.ofSeconds(1), this::over);
        nonStrict |= !over();
        return over();
    }

    // ---- How it ends ----

    /** Closes with 1000 when what is expected has come; the other side must answer with 1000 or no code. */
    void close() {
        pump(LIMIT, () -> assembler.came().size() >= wanted || over());
        send(RawFrame.close(1000, ""));
        end(new Terms(true, List.of(1000), true));
    }

    /** The script has sent a Close frame; the other side must answer it in order with one of these codes, or none. */
    void closed(Integer... codes) {
        end(new Terms(true, List.of(codes), true));
    }

    /** The script has sent a bad Close frame: the other side answers with one of these codes or none, or just ends. */
    void closedBadly(Integer... codes) {
        end(new Terms(true, List.of(codes), false));
    }

    /** The other side must fail the connection by itself: with one of these codes or none, or by ending the stream. */
    void peerFails(Integer... codes) {
        end(new Terms(false, List.of(codes), false));
    }

    Verdict verdict() {
        if (verdict == null) {
            throw new IllegalStateException("the script does not say how the connection ends");
        }
        return verdict;
    }

    private void end(Terms terms) {
        pump(LIMIT, this::over);
        Close close = judgeEnd(terms);
        RawFrame frame = assembler.close();
        int code = frame == null ? 0 : frame.closeCode();
        Behaviour behaviour = judge(close, terms);
        List<String> why = new ArrayList<>(wrong);
        why.add("came " + assembler.came() + ", then " + (frame == null ? "no Close frame" : frame) + ", then "
                + wire.end());
        verdict = new Verdict(behaviour, close, code, terms, why);
    }

    private Behaviour judge(Close close, Terms terms) {
        if (informational) {
            return Behaviour.INFORMATIONAL;
        }
        boolean ended = close == Close.CLEAN || (close == Close.DROPPED && !terms.cleanRequired());
        if (!wrong.isEmpty() || !ended) {
            return Behaviour.FAILED;
        }
        Behaviour matched = expected.entrySet().stream()
                .filter(entry -> entry.getValue().equals(assembler.came()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Behaviour.FAILED);
        if (matched == Behaviour.FAILED) {
            wrong.add("expected " + expected);
        }
        return matched == Behaviour.OK && nonStrict ? Behaviour.NON_STRICT : matched;
    }

    /** Judges the Close frame, plays this side's part of the end, and judges the end of the stream. */
    private Close judgeEnd(Terms terms) {
        RawFrame frame = assembler.close();
        if (frame == null) {
            return wire.end() == End.NONE ? Close.UNCLEAN : Close.DROPPED;
        }
        if (!terms.fuzzerClosesFirst()) {
            send(frame.withoutMask());
        }
        boolean orderly = setting.subject() == Subject.SERVER ? serverEndsStream() : clientEndsStream(terms);
        if (!terms.codes().contains(frame.closeCode()) && frame.closeCode() != 1005) {
            return Close.WRONG_CODE;
        }
        return orderly && wrong.isEmpty() ? Close.CLEAN : Close.UNCLEAN;
    }

    /** RFC 6455 §7.1.1: the server ends the stream first. */
    private boolean serverEndsStream() {
        return streamEnds();
    }

    /** RFC 6455 §7.1.1: the client waits for the server, this side, to end the stream. Unless it has refused this side. */
    private boolean clientEndsStream(Terms terms) {
        if (terms.cleanRequired()) {
            pump(Duration.ofMillis(1), () -> wire.end() != End.NONE);
            if (wire.end() != End.NONE) {
                wrong.add("the client ended the stream (" + wire.end() + ") before the server");
                return false;
            }
        }
        wire.shutdownOutput();
        return streamEnds();
    }

    private boolean streamEnds() {
        int bytes = wire.readToEnd(DROP_LIMIT);
        if (bytes > 0) {
            wrong.add(bytes + " bytes came behind the Close frame");
        }
        if (wire.end() != End.FIN) {
            wrong.add("the stream did not end in order, but by " + wire.end());
        }
        return bytes == 0 && wire.end() == End.FIN;
    }

    private boolean over() {
        return assembler.close() != null || wire.end() != End.NONE || !wrong.isEmpty();
    }

    /** Takes frames until the condition holds, for so long at most. */
    private void pump(Duration atMost, BooleanSupplier until) {
        long start = System.nanoTime();
        while (!until.getAsBoolean()) {
            Duration left = atMost.minusNanos(System.nanoTime() - start);
            if (left.isNegative() || left.isZero()) {
                return;
            }
            try {
                RawFrame frame = wire.readFrame(left);
                if (frame == null) {
                    return;
                }
                assembler.take(frame);
            } catch (AssertionError e) {
                wrong.add("a frame that is none: " + e.getMessage());
                return;
            }
        }
    }
}
