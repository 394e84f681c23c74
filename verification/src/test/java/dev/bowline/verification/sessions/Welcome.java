package dev.bowline.verification.sessions;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@code hello} (section 3.2).
 *
 * @param user null for none
 * @param outcome the line {@code new} or {@code resumed}, with its field if it has one
 */
record Welcome(
        String session,
        String token,
        @Nullable String user,
        String outcome,
        long windowMillis,
        long pingMillis,
        long graceMillis,
        long maxMessageBytes,
        long maxPending,
        long maxPendingBytes,
        List<String> features) {

    /** Reads it; fails where a line that must be there is not, or is there twice, or is outside its grammar. */
    static Welcome of(SpecMessage message) {
        if (!message.header().equals("welcome")) {
            throw new AssertionError("expected welcome, but came " + message);
        }
        Map<String, List<List<String>>> lines = message.lines();
        if (lines.containsKey("new") == lines.containsKey("resumed")) {
            throw new AssertionError("expected one of new and resumed: " + message);
        }
        String outcome;
        if (lines.containsKey("new")) {
            List<String> reason = lines.getOrDefault("new", List.of()).get(0);
            if (!reason.isEmpty()) {
                fields(message, "new", SpecGrammar.CODE);
            }
            outcome = reason.isEmpty() ? "new" : "new " + reason.get(0);
        } else {
            outcome =
                    "resumed " + fields(message, "resumed", SpecGrammar.NUMBER).get(0);
        }
        List<String> session = fields(message, "session", SpecGrammar.BASE64URL, SpecGrammar.BASE64URL);
        List<String> pending = fields(message, "max-pending", SpecGrammar.POSITIVE, SpecGrammar.POSITIVE);
        return new Welcome(
                session.get(0),
                session.get(1),
                lines.containsKey("user")
                        ? fields(message, "user", SpecGrammar.USER).get(0)
                        : null,
                outcome,
                number(message, "window", SpecGrammar.NUMBER),
                number(message, "ping", SpecGrammar.POSITIVE),
                number(message, "grace", SpecGrammar.POSITIVE),
                number(message, "max-message", SpecGrammar.POSITIVE),
                Long.parseLong(pending.get(0)),
                Long.parseLong(pending.get(1)),
                lines.getOrDefault("feature", List.of()).stream()
                        .map(one -> one.get(0))
                        .toList());
    }

    private static long number(SpecMessage message, String key, String form) {
        return Long.parseLong(fields(message, key, form).get(0));
    }

    private static List<String> fields(SpecMessage message, String key, String... forms) {
        List<List<String>> all = message.lines().getOrDefault(key, List.of());
        if (all.size() != 1 || all.get(0).size() != forms.length) {
            throw new AssertionError("expected one line " + key + " of " + forms.length + " fields: " + message);
        }
        for (int i = 0; i < forms.length; i++) {
            if (!all.get(0).get(i).matches(forms[i])) {
                throw new AssertionError(key + " is outside its grammar: " + message);
            }
        }
        return all.get(0);
    }
}
