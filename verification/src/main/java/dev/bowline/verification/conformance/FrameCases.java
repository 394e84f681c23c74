package dev.bowline.verification.conformance;

import static dev.bowline.testkit.RawFrame.continuation;
import static dev.bowline.testkit.RawFrame.ping;
import static dev.bowline.testkit.RawFrame.pong;
import static dev.bowline.testkit.RawFrame.text;

import dev.bowline.testkit.RawFrame;
import dev.bowline.verification.conformance.Verdict.Behaviour;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** 1: the forms of the length (RFC 6455 §5.2). 5: fragments (§5.4). 10: a message that is cut by itself. */
final class FrameCases {
    private static final int[] LENGTHS = {0, 125, 126, 127, 128, 65_535, 65_536};
    private static final int DRIBBLE = 997;
    private static final int AUTOMATIC_FRAME = 1300;

    private static final RawFrame FIRST = text("fragment1").withFin(false);
    private static final RawFrame LAST = continuation(ascii("fragment2"));
    private static final RawFrame JOINED = text("fragment1fragment2");
    private static final RawFrame STRAY = continuation(ascii("continues nothing"));
    private static final RawFrame HELLO = text("Hello, world!");
    private static final RawFrame PING = ping(ascii("ping 1"));
    private static final RawFrame PING_2 = ping(ascii("ping 2"));

    private FrameCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(lengths("1.1.", RawFrame.TEXT, '*'));
        cases.addAll(lengths("1.2.", RawFrame.BINARY, 0xFE));
        cases.addAll(fragmentedControls());
        cases.addAll(twoFragments());
        cases.addAll(strayContinuations());
        cases.addAll(fiveFragments());
        cases.add(automaticFrames());
        return cases;
    }

    private static List<Case> lengths(String group, int opcode, int content) {
        List<Case> cases = new ArrayList<>();
        for (int length : LENGTHS) {
            RawFrame frame = RawFrame.of(opcode, filled(length, content));
            cases.add(Case.of(
                    group + (cases.size() + 1),
                    fuzzer -> fuzzer.expect(frame).send(frame).close()));
        }
        RawFrame frame = RawFrame.of(opcode, filled(65_536, content));
        cases.add(Case.of(
                group + 8,
                fuzzer -> fuzzer.expect(frame).sendPieces(DRIBBLE, frame).close()));
        return cases;
    }

    private static List<Case> fragmentedControls() {
        RawFrame rest = continuation(ascii("the rest"));
        return List.of(
                Case.of("5.1", fuzzer -> fuzzer.send(ping(ascii("a part")).withFin(false), rest)
                        .peerFails(1002)),
                Case.of("5.2", fuzzer -> fuzzer.send(pong(ascii("a part")).withFin(false), rest)
                        .peerFails(1002)));
    }

    private static List<Case> twoFragments() {
        RawFrame pong = pong(PING.payload());
        return List.of(
                Case.of("5.3", fuzzer -> fuzzer.expect(JOINED).send(FIRST, LAST).close()),
                Case.of(
                        "5.4",
                        fuzzer -> fuzzer.expect(JOINED).sendEach(FIRST, LAST).close()),
                Case.of("5.5", fuzzer -> fuzzer.expect(JOINED)
                        .sendPieces(1, FIRST, LAST)
                        .close()),
                Case.of("5.6", fuzzer -> fuzzer.expect(pong, JOINED)
                        .send(FIRST, PING, LAST)
                        .close()),
                Case.of("5.7", fuzzer -> fuzzer.expect(pong, JOINED)
                        .sendEach(FIRST, PING, LAST)
                        .close()),
                Case.of("5.8", fuzzer -> fuzzer.expect(pong, JOINED)
                        .sendPieces(1, FIRST, PING, LAST)
                        .close()));
    }

    private static List<Case> strayContinuations() {
        RawFrame open = STRAY.withFin(false);
        return List.of(
                Case.of("5.9", fuzzer -> fuzzer.send(STRAY, HELLO).peerFails(1002)),
                Case.of("5.10", fuzzer -> fuzzer.sendEach(STRAY, HELLO).peerFails(1002)),
                Case.of("5.11", fuzzer -> fuzzer.sendPieces(1, STRAY, HELLO).peerFails(1002)),
                Case.of("5.12", fuzzer -> fuzzer.send(open, HELLO).peerFails(1002)),
                Case.of("5.13", fuzzer -> fuzzer.sendEach(open, HELLO).peerFails(1002)),
                Case.of("5.14", fuzzer -> fuzzer.sendPieces(1, open, HELLO).peerFails(1002)),
                Case.of("5.15", fuzzer -> fuzzer.expect(JOINED)
                        .orElse(Behaviour.NON_STRICT)
                        .send(FIRST, LAST, open, HELLO)
                        .peerFails(1002)),
                Case.of("5.16", fuzzer -> fuzzer.send(open, FIRST, LAST, open, FIRST, LAST)
                        .peerFails(1002)),
                Case.of("5.17", fuzzer -> fuzzer.send(STRAY, FIRST, LAST, STRAY, FIRST, LAST)
                        .peerFails(1002)),
                Case.of("5.18", fuzzer -> fuzzer.send(FIRST, text("fragment2")).peerFails(1002)));
    }

    private static List<Case> fiveFragments() {
        RawFrame[] parts = Fragments.text(
                ascii("fragment1"), ascii("fragment2"), ascii("fragment3"), ascii("fragment4"), ascii("fragment5"));
        RawFrame[] before = {parts[0], parts[1], PING};
        RawFrame[] after = {parts[2], parts[3], PING_2, parts[4]};
        RawFrame[] answers = {
            pong(PING.payload()), pong(PING_2.payload()), text("fragment1fragment2fragment3fragment4fragment5")
        };
        return List.of(
                Case.of("5.19", fuzzer -> fuzzer.expect(answers)
                        .send(before)
                        .pause()
                        .send(after)
                        .close()),
                Case.of("5.20", fuzzer -> fuzzer.expect(answers)
                        .sendEach(before)
                        .pause()
                        .sendEach(after)
                        .close()));
    }

    private static Case automaticFrames() {
        byte[] content = filled(65_536, '*');
        RawFrame[] frames = Fragments.of(RawFrame.TEXT, content, AUTOMATIC_FRAME);
        return Case.of("10.1.1", fuzzer -> fuzzer.expect(RawFrame.of(RawFrame.TEXT, content))
                .send(frames)
                .close());
    }

    private static byte[] filled(int count, int content) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) content);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return RawFrame.text(text).payload();
    }
}
