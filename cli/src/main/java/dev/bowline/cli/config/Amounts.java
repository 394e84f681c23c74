package dev.bowline.cli.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whole numbers with a unit, such as {@code 20s} or {@code 64KiB}. */
final class Amounts {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})\\s*([A-Za-z]*)");

    /**
     * A unit.
     *
     * @param size in the smallest there is
     */
    record Unit(String name, long size) {}

    private final List<Unit> units;

    /** @param units the largest first */
    Amounts(Unit... units) {
        this.units = List.of(units);
    }

    /**
     * Reads one.
     *
     * @return in the smallest unit, at least 1
     * @throws IllegalArgumentException for what is none
     */
    long read(String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            throw new IllegalArgumentException();
        }
        String name = amount.group(2).toLowerCase(Locale.ROOT);
        long size = units.stream()
                .filter(unit -> unit.name.toLowerCase(Locale.ROOT).equals(name))
                .mapToLong(Unit::size)
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
        try {
            long all = Math.multiplyExact(Long.parseLong(amount.group(1)), size);
            if (all == 0) {
                throw new IllegalArgumentException("it must not be 0");
            }
            return all;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("it is too large", e);
        }
    }

    /** In the largest unit that says it without a rest. */
    String write(long all) {
        Unit unit =
                units.stream().filter(one -> all % one.size == 0).findFirst().orElseThrow();
        return all / unit.size + unit.name;
    }
}
