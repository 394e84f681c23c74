package dev.bowline.verification.nodes;

import dev.bowline.testkit.Seeded;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client does.
 *
 * @param place as of a {@link Command}
 * @param with what the request is told besides the label; empty for nothing
 */
record Act(Command.Kind kind, String place, String with) {
    /** Something at random, or null if that can't be done now. */
    static @Nullable Act any(Seeded random, Part part, Crowd crowd) {
        int chance = random.intBetween(0, 99);
        if (chance < 50) {
            return new Act(Command.Kind.PUBLISH, random.oneOf(part.topics()), "");
        }
        if (chance < 63) {
            return new Act(Command.Kind.WORK, "", "");
        }
        if (chance < 75) {
            return new Act(Command.Kind.NOTE, "", "");
        }
        if (chance < 80) {
            return new Act(Command.Kind.COUNT, "", "");
        }
        if (chance < 90) {
            String user = random.oneOf(crowd.users());
            return new Act(Command.Kind.MAIL, View.mailbox(user), user);
        }
        int target = random.intBetween(1, crowd.size());
        String session = crowd.view(target).session();
        return session.isEmpty() ? null : new Act(Command.Kind.RELAY, Integer.toString(target), session);
    }

    /** Of a request. */
    String name() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    String text(Label label) {
        return with.isEmpty() ? label.toString() : label + " " + with;
    }
}
