package dev.bowline.cli;

import dev.bowline.session.wire.Grammar;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a topic, or a pattern of topics. */
public final class PatternConverter implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
        if (!Grammar.isPattern(value)) {
            throw new TypeConversionException("the pattern is \"" + Shown.harmless(value)
                    + "\", but must be a topic, perhaps with * for segments and > for the last ones");
        }
        return value;
    }
}
