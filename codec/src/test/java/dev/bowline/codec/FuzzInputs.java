package dev.bowline.codec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * The committed inputs of a fuzz test: those lines of its class's {@code .inputs.txt} that begin with the method's name,
 * as repositories keep text best. At least one.
 */
public final class FuzzInputs implements ArgumentsProvider {
    @Override
    public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context)
            throws IOException {
        Class<?> test = context.getRequiredTestClass();
        String target = context.getRequiredTestMethod().getName();
        String name = test.getSimpleName() + ".inputs.txt";
        try (InputStream in = test.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no " + name + " beside " + test.getName());
            }
            List<Arguments> inputs = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(" ", -1))
                    .filter(parts -> parts[0].equals(target))
                    .map(parts -> Arguments.of((Object) HexFormat.of().parseHex(parts[2])))
                    .toList();
            if (inputs.isEmpty()) {
                throw new IllegalStateException(name + " has no input for " + target);
            }
            return inputs.stream();
        }
    }
}
