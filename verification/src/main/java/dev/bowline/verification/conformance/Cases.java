package dev.bowline.verification.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** All cases, in the order of their numbers. */
final class Cases {
    /** Orders {@code 2.9} before {@code 2.10}. */
    static final Comparator<String> BY_NUMBER = Comparator.comparing(Cases::numbers, Arrays::compare);

    private Cases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(FrameCases.all());
        cases.addAll(ControlCases.all());
        cases.addAll(Utf8Cases.all());
        cases.addAll(CloseCases.all());
        cases.addAll(LimitCases.all());
        cases.addAll(DeflateCases.all());
        cases.sort(Comparator.comparing(Case::id, BY_NUMBER));
        return List.copyOf(cases);
    }

    private static int[] numbers(String id) {
        return Arrays.stream(id.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
    }
}
