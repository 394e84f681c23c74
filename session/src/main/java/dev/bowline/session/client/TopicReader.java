package dev.bowline.session.client;

import dev.bowline.session.wire.ServerMessage;
import org.jspecify.annotations.Nullable;

/** Reads what comes of topics, and tells it if it is for a subscription that is wanted (section 6). Not thread-safe. */
final class TopicReader {
    private final Subscriptions subscriptions;
    private final ClientHandler handler;

    TopicReader(Subscriptions subscriptions, ClientHandler handler) {
        this.subscriptions = subscriptions;
        this.handler = handler;
    }

    /** Reads a message. Returns how it breaks a rule; null if it does not. */
    @Nullable
    String read(ServerMessage message) {
        if (message instanceof ServerMessage.TopicMessage one) {
            return message(one);
        } else if (message instanceof ServerMessage.Gap gap) {
            return gap(gap);
        } else if (message instanceof ServerMessage.At at) {
            return at(at);
        } else if (message instanceof ServerMessage.Reset reset) {
            reset(reset);
        } else if (message instanceof ServerMessage.Here here && subscriptions.receives(here.topic())) {
            handler.onPresent(here.topic(), here.users());
        } else if (message instanceof ServerMessage.Join join && subscriptions.receives(join.topic())) {
            handler.onJoined(join.topic(), join.user());
        } else if (message instanceof ServerMessage.Leave leave && subscriptions.receives(leave.topic())) {
            handler.onLeft(leave.topic(), leave.user());
        }
        return null;
    }

    private @Nullable String message(ServerMessage.TopicMessage one) {
        if (!subscriptions.receives(one.topic())) {
            return null;
        }
        if (one.offset() != ServerMessage.TopicMessage.NO_LOG) {
            Position position = subscriptions.position(one.topic());
            if (position == null) {
                return null; // it was on its way when the subscription ended; another one begins with its "at"
            }
            if (!position.isNext(one.offset())) {
                return doesNotFollow(one.topic(), one.offset(), position);
            }
            if (!position.moveTo(one.offset())) {
                return null;
            }
        }
        handler.onTopicMessage(one.topic(), one.offset(), one.payload());
        return null;
    }

    private @Nullable String gap(ServerMessage.Gap gap) {
        Position position = subscriptions.receives(gap.topic()) ? subscriptions.position(gap.topic()) : null;
        if (position == null) {
            return null;
        }
        if (!position.isNext(gap.from())) {
            return doesNotFollow(gap.topic(), gap.from(), position);
        }
        long from = Math.max(gap.from(), position.cursor().offset() + 1);
        if (position.moveTo(gap.to())) {
            handler.onGap(gap.topic(), from, gap.to(), gap.code());
        }
        return null;
    }

    private static String doesNotFollow(String topic, long offset, Position position) {
        return "offset " + offset + " of " + topic + " does not follow " + position;
    }

    private @Nullable String at(ServerMessage.At at) {
        if (!subscriptions.receives(at.topic())) {
            return null;
        }
        Position position = subscriptions.position(at.topic());
        if (position == null) {
            subscriptions.begin(at.topic(), at.cursor());
            return null;
        }
        String before = position.toString();
        Position.Word word = position.goesOnAt(at.cursor());
        if (word == Position.Word.DOUBTFUL) {
            handler.onReset(at.topic(), "lost");
        }
        return word == Position.Word.WRONG ? at.topic() + " goes on at " + at.cursor() + ", not at " + before : null;
    }

    private void reset(ServerMessage.Reset reset) {
        if (!subscriptions.receives(reset.topic())) {
            return;
        }
        Position position = subscriptions.position(reset.topic());
        if (position == null) {
            subscriptions.begin(reset.topic(), reset.cursor());
        } else if (!position.resetTo(reset.cursor())) {
            return;
        }
        handler.onReset(reset.topic(), reset.code());
    }
}
