package dev.bowline.verification.conformance;

import dev.bowline.testkit.Await;
import dev.bowline.verification.conformance.Setting.Subject;
import dev.bowline.verification.conformance.Verdict.Behaviour;
import dev.bowline.verification.conformance.Verdict.Close;
import dev.bowline.verification.conformance.Verdict.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Plays cases one after the other, each on a connection of its own. */
final class Suite {
    private Suite() {}

    /**
     * What became of a case.
     *
     * @param millis how long it took
     */
    record Result(String id, Subject subject, Verdict verdict, long millis) {
        @Override
        public String toString() {
            return id + " " + subject + " " + verdict.behaviour() + " " + verdict.close() + " " + verdict.closeCode()
                    + " in " + millis + " ms: " + String.join("; ", verdict.why());
        }
    }

    /**
     * Plays cases. In the end every connection must have been closed, once.
     *
     * @param progress is told of each case when it is over
     */
    static List<Result> run(List<Case> cases, Setting setting, Consumer<Result> progress) {
        List<Result> results = new ArrayList<>();
        try (Opponent opponent = setting.subject() == Subject.SERVER ? new ServerOpponent() : new ClientOpponent()) {
            for (Case played : cases) {
                Result result = play(played, setting, opponent);
                results.add(result);
                progress.accept(result);
            }
            Echo echo = opponent.echo();
            Await.untilEquals("every connection is closed, once", echo::closed, echo.opened());
            if (!echo.troubles().isEmpty()) {
                throw new AssertionError("trouble on the side under test: " + echo.troubles());
            }
        }
        return results;
    }

    private static Result play(Case played, Setting setting, Opponent opponent) {
        long start = System.nanoTime();
        Opponent.Opened opened = opponent.open(played, setting);
        DeflateParameters agreed = opened.agreed();
        Verdict verdict;
        try (Wire wire = opened.wire()) {
            if (!opened.faults().isEmpty()) {
                verdict = ended(Behaviour.FAILED, opened.faults());
            } else if (agreed != null) {
                try (Compression compression = new Compression(agreed, setting.subject())) {
                    verdict = play(played, new Fuzzer(wire, setting, compression));
                }
            } else if (played.compressed()) {
                verdict = ended(Behaviour.UNIMPLEMENTED, List.of("no permessage-deflate was agreed on"));
            } else {
                verdict = play(played, new Fuzzer(wire, setting, null));
            }
        }
        return new Result(played.id(), setting.subject(), verdict, (System.nanoTime() - start) / 1_000_000);
    }

    private static Verdict play(Case played, Fuzzer fuzzer) {
        played.script().play(fuzzer);
        return fuzzer.verdict();
    }

    private static Verdict ended(Behaviour behaviour, List<String> why) {
        return new Verdict(behaviour, Close.UNCLEAN, 0, new Terms(true, List.of(1000), true), why);
    }
}
