package dev.bowline.cli.serve;

import dev.bowline.cli.config.Settings;
import dev.bowline.cli.config.Settings.Slow;
import dev.bowline.cli.config.Settings.Who;
import dev.bowline.cli.config.Values;
import dev.bowline.cli.token.RightsAuthorizer;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.server.Action;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** What the configuration says of topics: as policies of the hub, and which of their uses take a right that a token gives. */
final class Topics implements RightsAuthorizer.Need {
    private record Rule(TopicPattern pattern, Who subscribe, Who publish, Who presence) {
        boolean takesToken(Action action) {
            Who who =
                    switch (action) {
                        case SUBSCRIBE -> subscribe;
                        case PUBLISH -> publish;
                        case SEE_PRESENCE -> presence;
                        case REQUEST, SEND -> Who.EVERYONE;
                    };
            return who == Who.TOKEN;
        }
    }

    private final List<Rule> rules = new ArrayList<>();
    private final List<TopicPolicy> policies = new ArrayList<>();

    Topics(List<Values> topics) {
        for (Values topic : topics) {
            String pattern = topic.get(Settings.TOPIC_PATTERN);
            Rule rule = new Rule(
                    new TopicPattern(pattern),
                    topic.get(Settings.TOPIC_SUBSCRIBE),
                    topic.get(Settings.TOPIC_PUBLISH),
                    topic.get(Settings.TOPIC_PRESENCE));
            rules.add(rule);
            policies.add(policy(topic, pattern, rule));
        }
        policies.add(TopicPolicy.of(">").anyonePublishes()); // whose token names the topic
    }

    private static TopicPolicy policy(Values topic, String pattern, Rule rule) {
        TopicPolicy policy = TopicPolicy.of(pattern)
                .subscribers(allows(rule.subscribe))
                .publishers(allows(rule.publish))
                .observers(allows(rule.presence));
        if (!topic.get(Settings.TOPIC_LOG)) {
            return policy.ephemeral();
        }
        TopicPolicy kept = policy.retain(
                topic.get(Settings.TOPIC_COUNT), topic.get(Settings.TOPIC_BYTES), topic.get(Settings.TOPIC_AGE));
        return topic.get(Settings.TOPIC_SLOW) == Slow.DROP_OLDEST
                ? kept.dropOldest(topic.get(Settings.TOPIC_BEHIND))
                : kept;
    }

    private static BiPredicate<SessionInfo, String> allows(Who who) {
        return switch (who) {
            case EVERYONE, TOKEN -> (session, topic) -> true; // what a token gives is asked about behind that
            case USERS -> (session, topic) -> session.user() != null;
            case NOBODY -> (session, topic) -> false;
        };
    }

    void addTo(Hub.Builder hub) {
        policies.forEach(hub::topic);
    }

    @Override
    public boolean isFor(Action action, String name) {
        if (action == Action.REQUEST || action == Action.SEND || Grammar.hasWildcard(name)) {
            return false; // of a pattern, each topic is asked about when it has a message
        }
        for (Rule rule : rules) {
            if (rule.pattern.matches(name)) {
                return rule.takesToken(action);
            }
        }
        return true;
    }
}
