package dev.bowline.verification.conformance;

import static dev.bowline.testkit.RawFrame.ping;
import static dev.bowline.testkit.RawFrame.pong;
import static dev.bowline.testkit.RawFrame.text;

import dev.bowline.testkit.RawFrame;
import dev.bowline.verification.conformance.Verdict.Behaviour;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** 2: pings and pongs (RFC 6455 §5.5.2, §5.5.3). 3: reserved bits. 4: reserved opcodes (§5.2). */
final class ControlCases {
    private static final RawFrame HELLO = text("Hello, world!");
    private static final RawFrame PING = ping(ascii("still there?"));
    private static final byte[] NOT_UTF8 = {0, -1, -2, -3, -4, -5, 0, -1};

    private ControlCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(pings());
        cases.addAll(reservedBits());
        cases.addAll(reservedOpcodes());
        return cases;
    }

    private static List<Case> pings() {
        byte[] longest = filled(125);
        RawFrame unsolicited = pong(ascii("nobody asked"));
        RawFrame[] tenPings = tenTimes(RawFrame.PING);
        RawFrame[] tenPongs = tenTimes(RawFrame.PONG);
        return List.of(
                answered("2.1", new byte[0]),
                answered("2.2", ascii("Hello, world!")),
                answered("2.3", NOT_UTF8),
                answered("2.4", longest),
                Case.of("2.5", fuzzer -> fuzzer.send(ping(filled(126))).peerFails(1002)),
                Case.of("2.6", fuzzer -> fuzzer.expect(pong(longest))
                        .sendPieces(1, ping(longest))
                        .close()),
                Case.of("2.7", fuzzer -> fuzzer.send(pong()).close()),
                Case.of("2.8", fuzzer -> fuzzer.send(unsolicited).close()),
                Case.of("2.9", fuzzer -> fuzzer.expect(pong(PING.payload()))
                        .send(unsolicited, PING)
                        .close()),
                Case.of("2.10", fuzzer -> fuzzer.expect(tenPongs).send(tenPings).close()),
                Case.of("2.11", fuzzer -> fuzzer.expect(tenPongs)
                        .sendPieces(1, tenPings)
                        .close()));
    }

    private static Case answered(String id, byte[] payload) {
        return Case.of(
                id, fuzzer -> fuzzer.expect(pong(payload)).send(ping(payload)).close());
    }

    private static RawFrame[] tenTimes(int opcode) {
        return IntStream.range(0, 10)
                .mapToObj(i -> RawFrame.of(opcode, ascii("payload-" + i)))
                .toArray(RawFrame[]::new);
    }

    private static List<Case> reservedBits() {
        return List.of(
                refused("3.1", HELLO.withRsv(0b001)),
                refusedAfterText("3.2", HELLO.withRsv(0b010), Pieces.ONE_WRITE),
                refusedAfterText("3.3", HELLO.withRsv(0b011), Pieces.EACH_FRAME),
                refusedAfterText("3.4", HELLO.withRsv(0b100), Pieces.EACH_OCTET),
                refused("3.5", RawFrame.binary(NOT_UTF8).withRsv(0b101)),
                refused("3.6", RawFrame.binary(HELLO.payload()).withRsv(0b110)),
                refused("3.7", RawFrame.close().withRsv(0b111)));
    }

    /** Opcodes 3 to 7 (4.1.*) and 11 to 15 (4.2.*), some without and some with a payload. */
    private static List<Case> reservedOpcodes() {
        List<Case> cases = new ArrayList<>();
        for (int group = 1; group <= 2; group++) {
            int opcode = group == 1 ? 3 : 11;
            String id = "4." + group + ".";
            byte[] payload = ascii("reserved opcode payload");
            cases.add(refused(id + 1, RawFrame.of(opcode)));
            cases.add(refused(id + 2, RawFrame.of(opcode + 1, payload)));
            cases.add(refusedAfterText(id + 3, RawFrame.of(opcode + 2), Pieces.ONE_WRITE));
            cases.add(refusedAfterText(id + 4, RawFrame.of(opcode + 3, payload), Pieces.ONE_WRITE));
            cases.add(refusedAfterText(id + 5, RawFrame.of(opcode + 4, payload), Pieces.EACH_OCTET));
        }
        return cases;
    }

    private enum Pieces {
        ONE_WRITE,
        EACH_FRAME,
        EACH_OCTET
    }

    private static Case refused(String id, RawFrame bad) {
        return Case.of(id, fuzzer -> fuzzer.send(bad).peerFails(1002));
    }

    /** A good text, then the bad frame, then a ping that must not be answered any more. */
    private static Case refusedAfterText(String id, RawFrame bad, Pieces pieces) {
        RawFrame[] frames = {HELLO, bad, PING};
        return Case.of(id, fuzzer -> {
            fuzzer.expect(HELLO).orElse(Behaviour.NON_STRICT);
            switch (pieces) {
                case ONE_WRITE -> fuzzer.send(frames);
                case EACH_FRAME -> fuzzer.sendEach(frames);
                case EACH_OCTET -> fuzzer.sendPieces(1, frames);
            }
            fuzzer.peerFails(1002);
        });
    }

    private static byte[] filled(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) 0xFE);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return RawFrame.text(text).payload();
    }
}
