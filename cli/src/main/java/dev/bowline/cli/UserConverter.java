package dev.bowline.cli;

import dev.bowline.session.wire.Grammar;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a user. */
public final class UserConverter implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
        if (!Grammar.isUser(value)) {
            throw new TypeConversionException("the user is \"" + Shown.harmless(value)
                    + "\", but must be 1 to 255 visible ASCII characters, others percent-encoded");
        }
        return value;
    }
}
