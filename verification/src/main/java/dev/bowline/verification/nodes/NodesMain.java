package dev.bowline.verification.nodes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The proof as a command: {@code scripts/prove nodes}. */
public final class NodesMain {
    private NodesMain() {}

    /**
     * Runs it; ends with 0 if nothing is wrong, with 1 if something is, with 2 for options that can't be.
     *
     * @param arguments the repository, and then the options
     */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        List<String> all = Arrays.asList(arguments);
        ProofOptions options;
        try {
            options = ProofOptions.parse(Path.of(all.get(0)), all.subList(1, all.size()));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(ProofOptions.USAGE);
            System.exit(2);
            return;
        }
        System.exit(new Proof(options, System.out::println).run().isEmpty() ? 0 : 1);
    }
}
