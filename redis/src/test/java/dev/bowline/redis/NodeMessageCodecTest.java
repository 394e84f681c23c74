package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.redis.NodeMessage.Answer;
import dev.bowline.redis.NodeMessageCodec.Envelope;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.wire.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeMessageCodecTest {
    /** Equal to another one of the same address. */
    private record Addressed(String address) implements Receipt {
        @Override
        public void received() {
            throw new AssertionError("nobody says that it was received");
        }

        @Override
        public void lost() {
            throw new AssertionError("nobody says that it was lost");
        }
    }

    private final NodeMessageCodec codec = new NodeMessageCodec(Addressed::new);
    private final Payload binary = Payload.binary(ByteBuffer.wrap(new byte[] {0, -1, 7}));
    private final List<NodeMessage> all = List.of(
            new NodeMessage.Ask(1, new Claimant("id", "secret", 7, true, "ada")),
            new NodeMessage.Ask(Long.MAX_VALUE, new Claimant("id", "secret", 7, false, null)),
            say(new SessionMessage.Direct("name", Payload.text("h\u00e9"), new Addressed("p:3"))),
            say(new SessionMessage.Direct("name", binary, null)),
            say(new SessionMessage.Respond(3, Payload.NONE)),
            say(new SessionMessage.Fail(3, new Failure(Failure.NOT_FOUND, "no such"))),
            say(new SessionMessage.Part(3, 2, binary)),
            say(new SessionMessage.Finish(3, 2)),
            say(new SessionMessage.Unsubscribe("orders.*", "forbidden")),
            say(new SessionMessage.End(4500, "over")),
            new NodeMessage.Reply(2, new Answer.Given(5)),
            new NodeMessage.Reply(2, new Answer.Kept(new Claim.Superseded())),
            new NodeMessage.Reply(2, new Answer.Kept(new Claim.Refused("user"))),
            new NodeMessage.Reply(2, new Answer.Over()),
            new NodeMessage.Reply(2, new Answer.NotHere()),
            new NodeMessage.Reply(2, new Answer.Told(true)),
            new NodeMessage.Reply(2, new Answer.Failed(new Failure(Failure.TIMEOUT, ""))),
            new NodeMessage.Tell("ada", 9, new UserMessage.Revoke("fired")),
            new NodeMessage.Tell("ada", 9, new UserMessage.Unsubscribe(new SessionMessage.Unsubscribe("news", "gone"))),
            new NodeMessage.Tell("ada", 9, new UserMessage.ReadMark(17)),
            new NodeMessage.Taken("id", 4),
            new NodeMessage.Receipted(3, true),
            new NodeMessage.Signal(new HandlerSignal("id", 3, HandlerSignal.Kind.SENT)),
            new NodeMessage.Received("ada"),
            new NodeMessage.Marker(1));

    private static NodeMessage say(SessionMessage message) {
        return new NodeMessage.Say(1, "id", message);
    }

    @Test
    void readsWhatItWrites() throws IOException {
        for (NodeMessage message : all) {
            Envelope envelope = new Envelope("process", 42, message);
            assertThat(codec.decode(codec.encode(envelope))).isEqualTo(envelope);
        }
    }

    @Test
    void refusesWhatIsCutOff() {
        for (NodeMessage message : all) {
            byte[] whole = codec.encode(new Envelope("process", 42, message));
            for (int length = 0; length < whole.length; length++) {
                byte[] part = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> codec.decode(part))
                        .as("%d bytes of %s", length, message)
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void refusesAnotherVersion() {
        byte[] message = codec.encode(new Envelope("process", 42, new NodeMessage.Marker(1)));
        message[7]++;
        assertThatThrownBy(() -> codec.decode(message)).hasMessage("written by version 2, must be 1");
    }
}
