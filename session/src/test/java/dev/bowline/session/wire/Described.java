package dev.bowline.session.wire;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/** A message as the vectors describe it. */
final class Described {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode node = JSON.createObjectNode();

    private Described(String verb) {
        node.put("verb", verb);
    }

    private Described with(String name, long value) {
        node.put(name, value);
        return this;
    }

    private Described with(String name, String value) {
        node.put(name, value);
        return this;
    }

    private Described with(Payload payload) {
        if (payload.isText()) {
            return with("payload", payload.asText());
        }
        ByteBuffer bytes = payload.bytes();
        byte[] content = new byte[bytes.remaining()];
        bytes.get(content);
        return with("payloadBase64", Base64.getEncoder().encodeToString(content));
    }

    private Described with(Cursor cursor) {
        return with("epoch", cursor.epoch()).with("offset", cursor.offset());
    }

    private Described list(String name, List<String> values, boolean evenEmpty) {
        if (evenEmpty || !values.isEmpty()) {
            ArrayNode array = node.putArray(name);
            values.forEach(array::add);
        }
        return this;
    }

    static ObjectNode of(ClientMessage message) {
        return describe(message).node;
    }

    private static Described describe(ClientMessage message) {
        if (message instanceof ClientMessage.Hello hello) {
            return describe(hello);
        } else if (message instanceof ClientMessage.Subscribe subscribe) {
            return describe(subscribe);
        } else if (message instanceof ClientMessage.Unsubscribe unsubscribe) {
            return new Described("unsub").with("seq", unsubscribe.seq()).with("pattern", unsubscribe.pattern());
        } else if (message instanceof ClientMessage.Publish publish) {
            return new Described("pub")
                    .with("seq", publish.seq())
                    .with("topic", publish.topic())
                    .with(publish.payload());
        } else if (message instanceof ClientMessage.Request request) {
            Described described =
                    new Described("req").with("seq", request.seq()).with("name", request.name());
            if (request.credit() != ClientMessage.Request.NO_STREAM) {
                described.with("stream", request.credit());
            }
            return described.with(request.payload());
        } else if (message instanceof ClientMessage.Send send) {
            return new Described("send")
                    .with("seq", send.seq())
                    .with("name", send.name())
                    .with(send.payload());
        } else if (message instanceof ClientMessage.Cancel cancel) {
            return new Described("cancel").with("request", cancel.request());
        } else if (message instanceof ClientMessage.Read read) {
            return new Described("read").with("seq", read.seq()).with("offset", read.offset());
        } else if (message instanceof ClientMessage.Authenticate auth) {
            return new Described("auth").with("seq", auth.seq()).with(auth.token());
        } else if (message instanceof ClientMessage.More more) {
            return new Described("more").with("request", more.request()).with("total", more.total());
        } else if (message instanceof ClientMessage.Ack ack) {
            return new Described("ack").with("n", ack.n());
        } else if (message instanceof ClientMessage.Ping) {
            return new Described("ping");
        } else if (message instanceof ClientMessage.Pong) {
            return new Described("pong");
        } else if (message instanceof ClientMessage.Bye) {
            return new Described("bye");
        }
        return new Described(message.toString());
    }

    private static Described describe(ClientMessage.Hello hello) {
        Described described = new Described("hello");
        if (hello.auth() != null) {
            described.with("auth", hello.auth());
        }
        ClientMessage.Resume resume = hello.resume();
        if (resume != null) {
            ObjectNode object = described.node.putObject("resume");
            object.put("session", resume.session())
                    .put("token", resume.token())
                    .put("seen", resume.seen())
                    .put("attempt", resume.attempt());
            ArrayNode topics = object.putArray("topics");
            resume.topics()
                    .forEach((topic, cursor) ->
                            topics.addArray().add(topic).add(cursor.epoch()).add(cursor.offset()));
        }
        described.list("features", hello.features(), false);
        if (hello.agent() != null) {
            described.with("agent", hello.agent());
        }
        return described;
    }

    private static Described describe(ClientMessage.Subscribe subscribe) {
        Described described = new Described("sub").with("seq", subscribe.seq()).with("pattern", subscribe.pattern());
        if (subscribe.start() instanceof ClientMessage.Start.From from) {
            described
                    .node
                    .putArray("from")
                    .add(from.cursor().epoch())
                    .add(from.cursor().offset());
        } else if (subscribe.start() instanceof ClientMessage.Start.Last last) {
            described.with("last", last.count());
        }
        if (subscribe.presence()) {
            described.node.put("presence", true);
        }
        return described;
    }

    static ObjectNode of(ServerMessage message) {
        return describe(message).node;
    }

    private static Described describe(ServerMessage message) {
        if (message instanceof ServerMessage.Welcome welcome) {
            return describe(welcome);
        } else if (message instanceof ServerMessage.Answer answer) {
            return describe(answer);
        } else if (message instanceof ServerMessage.DirectMessage direct) {
            return new Described("msg")
                    .with("n", direct.n())
                    .with("name", direct.name())
                    .with(direct.payload());
        } else if (message instanceof ServerMessage.At at) {
            return new Described("at").with("topic", at.topic()).with(at.cursor());
        } else if (message instanceof ServerMessage.TopicMessage topic) {
            return new Described("pub")
                    .with("topic", topic.topic())
                    .with("offset", topic.offset())
                    .with(topic.payload());
        } else if (message instanceof ServerMessage.Gap gap) {
            return new Described("gap")
                    .with("topic", gap.topic())
                    .with("from", gap.from())
                    .with("to", gap.to())
                    .with("code", gap.code());
        } else if (message instanceof ServerMessage.Reset reset) {
            return new Described("reset")
                    .with("topic", reset.topic())
                    .with(reset.cursor())
                    .with("code", reset.code());
        } else if (message instanceof ServerMessage.Out out) {
            return new Described("out")
                    .with("n", out.n())
                    .with("pattern", out.pattern())
                    .with("code", out.code());
        } else if (message instanceof ServerMessage.Here here) {
            return new Described("here").with("topic", here.topic()).list("users", here.users(), true);
        } else if (message instanceof ServerMessage.Join join) {
            return new Described("join").with("topic", join.topic()).with("user", join.user());
        } else if (message instanceof ServerMessage.Leave leave) {
            return new Described("leave").with("topic", leave.topic()).with("user", leave.user());
        } else if (message instanceof ServerMessage.Expiring expiring) {
            return new Described("expiring").with("ms", expiring.millis());
        } else if (message instanceof ServerMessage.Retry retry) {
            return new Described("retry").with("ms", retry.millis());
        } else if (message instanceof ServerMessage.Ping) {
            return new Described("ping");
        } else if (message instanceof ServerMessage.Pong) {
            return new Described("pong");
        }
        return new Described(message.toString());
    }

    private static Described describe(ServerMessage.Answer answer) {
        if (answer instanceof ServerMessage.Ok) {
            return numbers("ok", answer);
        } else if (answer instanceof ServerMessage.Err err) {
            return numbers("err", answer).with("code", err.code()).with(err.text());
        } else if (answer instanceof ServerMessage.Response response) {
            return numbers("res", answer).with(response.payload());
        } else if (answer instanceof ServerMessage.Part part) {
            return numbers("part", answer).with(part.payload());
        }
        return numbers("end", answer);
    }

    private static Described numbers(String verb, ServerMessage.Answer answer) {
        return new Described(verb).with("n", answer.n()).with("seq", answer.seq());
    }

    private static Described describe(ServerMessage.Welcome welcome) {
        Described described =
                new Described("welcome").with("session", welcome.session()).with("token", welcome.token());
        if (welcome.user() != null) {
            described.with("user", welcome.user());
        }
        if (welcome.outcome() instanceof ServerMessage.Outcome.Resumed resumed) {
            described.with("resumed", resumed.handled());
        } else if (welcome.outcome() instanceof ServerMessage.Outcome.Fresh fresh) {
            described.with("new", fresh.reason() == null ? "" : fresh.reason());
        }
        ServerMessage.Terms terms = welcome.terms();
        return described
                .with("window", terms.windowMillis())
                .with("ping", terms.pingMillis())
                .with("grace", terms.graceMillis())
                .with("maxMessage", terms.maxMessageBytes())
                .with("maxPending", terms.maxPending())
                .with("maxPendingBytes", terms.maxPendingBytes())
                .list("features", welcome.features(), false);
    }
}
