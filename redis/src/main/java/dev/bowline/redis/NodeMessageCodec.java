package dev.bowline.redis;

import dev.bowline.redis.NodeMessage.Answer;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.UserMessage;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How what processes say to each other is written: a version, who says it, a number by which it is known when it comes twice, a letter
 * for its kind, its fields. Safe from any thread.
 */
final class NodeMessageCodec {
    /** Processes that write another one do not understand each other, and must not: what a rolling update needs has its own prefix. */
    private static final int VERSION = 1;

    /**
     * A message, and whose it is.
     *
     * @param number of the sender's, which no other message of its has
     */
    record Envelope(String from, long number, NodeMessage message) {}

    private final Function<String, Receipt> receipts;

    /**
     * @param receipts finds the receipt of an address
     */
    NodeMessageCodec(Function<String, Receipt> receipts) {
        this.receipts = receipts;
    }

    // ---- Writing ----

    byte[] encode(Envelope envelope) {
        FieldWriter out = new FieldWriter();
        out.number(VERSION).text(envelope.from).number(envelope.number);
        NodeMessage message = envelope.message;
        if (message instanceof NodeMessage.Ask ask) {
            Claimant claimant = ask.claimant();
            out.kind('a').number(ask.call()).text(claimant.session()).text(claimant.token());
            out.number(claimant.attempt()).flag(claimant.identified()).optional(claimant.user());
        } else if (message instanceof NodeMessage.Say say) {
            out.kind('s').number(say.call()).text(say.session());
            write(out, say.message());
        } else if (message instanceof NodeMessage.Reply reply) {
            out.kind('r').number(reply.call());
            write(out, reply.answer());
        } else if (message instanceof NodeMessage.Tell tell) {
            out.kind('u').text(tell.user()).number(tell.number()).bytes(encode(tell.message()));
        } else if (message instanceof NodeMessage.Taken taken) {
            out.kind('t').text(taken.session()).number(taken.generation());
        } else if (message instanceof NodeMessage.Receipted receipted) {
            out.kind('c').number(receipted.number()).flag(receipted.received());
        } else if (message instanceof NodeMessage.Signal signal) {
            HandlerSignal that = signal.signal();
            out.kind('h')
                    .text(that.session())
                    .number(that.seq())
                    .text(that.kind().name());
        } else if (message instanceof NodeMessage.Received received) {
            out.kind('m').text(received.user());
        } else if (message instanceof NodeMessage.Marker marker) {
            out.kind('k').number(marker.number());
        }
        return out.toBytes();
    }

    private void write(FieldWriter out, SessionMessage message) {
        if (message instanceof SessionMessage.Direct direct) {
            Receipt receipt = direct.receipt();
            out.kind('d').text(direct.name()).payload(direct.payload());
            out.optional(receipt == null ? null : receipt.address());
        } else if (message instanceof SessionMessage.Respond respond) {
            out.kind('r').number(respond.seq()).payload(respond.payload());
        } else if (message instanceof SessionMessage.Fail fail) {
            out.kind('f').number(fail.seq()).failure(fail.failure());
        } else if (message instanceof SessionMessage.Part part) {
            out.kind('p').number(part.seq()).number(part.count()).payload(part.payload());
        } else if (message instanceof SessionMessage.Finish finish) {
            out.kind('e').number(finish.seq()).number(finish.parts());
        } else if (message instanceof SessionMessage.Unsubscribe end) {
            out.kind('u').text(end.pattern()).text(end.code());
        } else if (message instanceof SessionMessage.End end) {
            out.kind('x').number(end.code()).text(end.reason());
        }
    }

    private static void write(FieldWriter out, Answer answer) {
        if (answer instanceof Answer.Given given) {
            out.kind('g').number(given.generation());
        } else if (answer instanceof Answer.Kept kept) {
            boolean refused = kept.claim() instanceof Claim.Refused;
            out.kind('k').optional(refused ? ((Claim.Refused) kept.claim()).reason() : null);
        } else if (answer instanceof Answer.Over) {
            out.kind('o');
        } else if (answer instanceof Answer.NotHere) {
            out.kind('n');
        } else if (answer instanceof Answer.Told told) {
            out.kind('t').flag(told.taken());
        } else if (answer instanceof Answer.Failed failed) {
            out.kind('f').failure(failed.failure());
        }
    }

    /** As it is kept for sessions that are on their way, too. */
    static byte[] encode(UserMessage message) {
        FieldWriter out = new FieldWriter();
        if (message instanceof UserMessage.Revoke revoke) {
            out.kind('r').text(revoke.reason());
        } else if (message instanceof UserMessage.Unsubscribe end) {
            out.kind('u').text(end.message().pattern()).text(end.message().code());
        } else if (message instanceof UserMessage.ReadMark mark) {
            out.kind('m').number(mark.offset());
        }
        return out.toBytes();
    }

    // ---- Reading ----

    /**
     * Reads a message.
     *
     * @throws IOException if another version, or somebody else, has written it
     */
    Envelope decode(byte[] bytes) throws IOException {
        FieldReader in = new FieldReader(bytes);
        long version = in.number();
        if (version != VERSION) {
            throw new IOException("written by version " + version + ", must be " + VERSION);
        }
        return new Envelope(in.text(), in.number(), message(in));
    }

    private NodeMessage message(FieldReader in) throws IOException {
        char kind = in.kind();
        return switch (kind) {
            case 'a' ->
                new NodeMessage.Ask(
                        in.number(), new Claimant(in.text(), in.text(), in.number(), in.flag(), in.optional()));
            case 's' -> new NodeMessage.Say(in.number(), in.text(), sessionMessage(in));
            case 'r' -> new NodeMessage.Reply(in.number(), answer(in));
            case 'u' -> new NodeMessage.Tell(in.text(), in.number(), userMessage(in.bytes()));
            case 't' -> new NodeMessage.Taken(in.text(), in.number());
            case 'c' -> new NodeMessage.Receipted(in.number(), in.flag());
            case 'h' -> new NodeMessage.Signal(new HandlerSignal(in.text(), in.number(), signal(in.text())));
            case 'm' -> new NodeMessage.Received(in.text());
            case 'k' -> new NodeMessage.Marker(in.number());
            default -> throw unknown(kind);
        };
    }

    private SessionMessage sessionMessage(FieldReader in) throws IOException {
        char kind = in.kind();
        return switch (kind) {
            case 'd' -> new SessionMessage.Direct(in.text(), in.payload(), receipt(in.optional()));
            case 'r' -> new SessionMessage.Respond(in.number(), in.payload());
            case 'f' -> new SessionMessage.Fail(in.number(), in.failure());
            case 'p' -> new SessionMessage.Part(in.number(), in.number(), in.payload());
            case 'e' -> new SessionMessage.Finish(in.number(), in.number());
            case 'u' -> new SessionMessage.Unsubscribe(in.text(), in.text());
            case 'x' -> new SessionMessage.End(Math.toIntExact(in.number()), in.text());
            default -> throw unknown(kind);
        };
    }

    private @Nullable Receipt receipt(@Nullable String address) {
        return address == null ? null : receipts.apply(address);
    }

    private static Answer answer(FieldReader in) throws IOException {
        char kind = in.kind();
        return switch (kind) {
            case 'g' -> new Answer.Given(in.number());
            case 'k' -> {
                String reason = in.optional();
                yield new Answer.Kept(reason == null ? new Claim.Superseded() : new Claim.Refused(reason));
            }
            case 'o' -> new Answer.Over();
            case 'n' -> new Answer.NotHere();
            case 't' -> new Answer.Told(in.flag());
            case 'f' -> new Answer.Failed(new Failure(in.text(), in.text()));
            default -> throw unknown(kind);
        };
    }

    static UserMessage userMessage(byte[] bytes) throws IOException {
        FieldReader in = new FieldReader(bytes);
        char kind = in.kind();
        return switch (kind) {
            case 'r' -> new UserMessage.Revoke(in.text());
            case 'u' -> new UserMessage.Unsubscribe(new SessionMessage.Unsubscribe(in.text(), in.text()));
            case 'm' -> new UserMessage.ReadMark(in.number());
            default -> throw unknown(kind);
        };
    }

    private static HandlerSignal.Kind signal(String name) throws IOException {
        for (HandlerSignal.Kind kind : HandlerSignal.Kind.values()) {
            if (kind.name().equals(name)) {
                return kind;
            }
        }
        throw new IOException("no signal is called " + name);
    }

    private static IOException unknown(char kind) {
        return new IOException("no message is of the kind '" + kind + "'");
    }
}
