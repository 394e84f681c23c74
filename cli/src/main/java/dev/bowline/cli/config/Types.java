package dev.bowline.cli.config;

import dev.bowline.cli.config.Amounts.Unit;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The kinds of values that settings have. */
public final class Types {
    private static final Amounts TIMES = new Amounts(
            new Unit("d", Duration.ofDays(1).toMillis()),
            new Unit("h", Duration.ofHours(1).toMillis()),
            new Unit("m", Duration.ofMinutes(1).toMillis()),
            new Unit("s", 1_000),
            new Unit("ms", 1));

    private static final Amounts SIZES = new Amounts(
            new Unit("GiB", 1L << 30), new Unit("MiB", 1L << 20), new Unit("KiB", 1L << 10), new Unit("", 1));

    public static final Type<String> TEXT = of("a text", text -> text);

    public static final Type<Boolean> SWITCH = of("true or false", text -> switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException();
    });

    public static final Type<Integer> PORT = count(0, 65_535);

    /** A name or an address; of IPv6 with or without brackets. */
    public static final Type<String> HOST = of("a host name or an IP address", text -> {
        String name = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (name.isBlank()) {
            throw new IllegalArgumentException();
        }
        return name;
    });

    /** A file, seen from the directory of whatever names it. */
    public static final Type<Path> FILE = of("the path of a file", text -> {
        if (text.isBlank()) {
            throw new IllegalArgumentException();
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(e.getReason(), e);
        }
    });

    public static final Type<Duration> TIME = of(
            "a time, such as 500ms, 20s, 2m, 12h or 7d",
            text -> Duration.ofMillis(TIMES.read(text)),
            time -> TIMES.write(time.toMillis()));

    public static final Type<Long> SIZE =
            of("a number of bytes, such as 1000, 64KiB, 1MiB or 2GiB", SIZES::read, SIZES::write);

    public static final Type<URI> HTTP_ADDRESS = of("an address that begins with https:// or http://", text -> {
        URI uri = URI.create(text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("https") || scheme.equals("http")) || uri.getHost() == null) {
            throw new IllegalArgumentException();
        }
        return uri;
    });

    /** A secret that goes where only some characters can (RFC 6750 §2.1). */
    public static final Type<String> BEARER_KEY = secret(
            "16 to 512 letters, digits and -._~+/, perhaps with = at the end",
            text -> text.length() >= 16 && text.length() <= 512 && text.matches("[A-Za-z0-9._~+/-]+=*"));

    private Types() {}

    /**
     * A type by its words and its reader.
     *
     * @param reader throws {@link IllegalArgumentException} for what is no value
     */
    public static <T> Type<T> of(String allowed, Function<String, T> reader) {
        return of(allowed, reader, String::valueOf);
    }

    private static <T> Type<T> of(String allowed, Function<String, T> reader, Function<T, String> writer) {
        return new Type<>() {
            @Override
            public String allowed() {
                return allowed;
            }

            @Override
            public T read(String text) {
                return reader.apply(text);
            }

            @Override
            public String write(T value) {
                return writer.apply(value);
            }
        };
    }

    /** A time within bounds. */
    public static Type<Duration> time(Duration least, Duration most) {
        String allowed = "a time from " + TIME.write(least) + " to " + TIME.write(most);
        return of(
                allowed,
                text -> {
                    Duration time = TIME.read(text);
                    if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
                        throw new IllegalArgumentException();
                    }
                    return time;
                },
                TIME::write);
    }

    /** A text that is shown to nobody. */
    public static Type<String> secret(int minCharacters) {
        return secret("a secret of at least " + minCharacters + " characters", text -> text.length() >= minCharacters);
    }

    private static Type<String> secret(String allowed, Predicate<String> isOne) {
        return new Type<>() {
            @Override
            public String allowed() {
                return allowed;
            }

            @Override
            public String read(String text) {
                if (!isOne.test(text)) {
                    throw new IllegalArgumentException("it has " + text.length());
                }
                return text;
            }

            @Override
            public boolean isSecret() {
                return true;
            }
        };
    }

    /** A whole number. */
    public static Type<Integer> count(int least, int most) {
        return of("a number from " + least + " to " + most, text -> {
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException();
            }
            return number;
        });
    }

    /** One of an enum's words, in lower case with hyphens: {@code DROP_OLDEST} is {@code drop-oldest}. */
    public static <E extends Enum<E>> Type<E> choice(Class<E> choices) {
        Map<String, E> words = new TreeMap<>();
        for (E choice : choices.getEnumConstants()) {
            words.put(word(choice), choice);
        }
        String all = Arrays.stream(choices.getEnumConstants()).map(Types::word).collect(Collectors.joining(", "));
        return of(
                "one of " + all,
                text -> {
                    E choice = words.get(text);
                    if (choice == null) {
                        throw new IllegalArgumentException();
                    }
                    return choice;
                },
                Types::word);
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
