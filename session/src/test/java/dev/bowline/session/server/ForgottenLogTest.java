package dev.bowline.session.server;

import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.server.ServerHarness.Peer;
import dev.bowline.session.wire.Cursor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An engine that knows one topic at a time: with each message to another one, a log is lost. */
class ForgottenLogTest {
    @RegisterExtension
    private final ServerHarness server = new ServerHarness(secrets -> new MemoryEngine(secrets, 1_000_000, 1));

    @Test
    void whoIsUpToDateIsTold() {
        server.open().says("sub 1 news");
        server.a.publish("news", "one", "two");
        server.a.publish("other", "x");
        server.a.publish("news", "three", "four");
        server.expect(
                "1> ok 1 1",
                "1> at news memory-0 0",
                "1> pub news 1|one",
                "1> pub news 2|two",
                "1> reset news memory-1 0 lost",
                "1> pub news 1|three",
                "1> pub news 2|four");
    }

    @Test
    void whoIsBehindIsToldInTheirTurn() {
        Peer client = server.open();
        client.says("sub 1 news");
        client.hasRoomFor(0);
        server.a.publish("news", "one");
        server.a.publish("other", "x");
        server.a.publish("news", "two");
        server.forget();
        client.hasRoomFor(9);
        server.expect("1> reset news memory-1 0 lost", "1> pub news 1|two");
    }

    @Test
    void whatAPatternCoversIsToldToo() {
        server.open().says("sub 1 >");
        server.a.publish("news", "one");
        server.a.publish("other", "x");
        server.a.publish("news", "two");
        server.expect(
                "1> ok 1 1",
                "1> at news memory-0 0",
                "1> pub news 1|one",
                "1> at other memory-0 0",
                "1> pub other 1|x",
                "1> reset news memory-1 0 lost",
                "1> pub news 1|two");
    }

    @Test
    void whatOfAMailboxWasReceivedIsOfItsEpoch() {
        Peer client = server.openAs("ada");
        client.says("sub 1 $mailbox");
        server.a.sendToUser("ada", "one");
        client.says("pong");
        server.a.sendToUser("ada", "two");
        client.says("pong");
        server.forget();
        server.a.publish("other", "x");
        server.a.sendToUser("ada", "three");
        server.b
                .node
                .engine()
                .sessions()
                .whenReceived("ada", new Cursor("memory-1", 1), () -> server.note("three was received"));
        server.expect("a stored memory-1 1", "1> reset $mailbox memory-1 0 lost", "1> pub $mailbox 1|three", "1> ping");
        client.says("pong");
        server.expect("three was received");
    }
}
