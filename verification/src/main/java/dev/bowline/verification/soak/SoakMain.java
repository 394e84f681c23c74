package dev.bowline.verification.soak;

import java.util.List;

/** The soak as a command: see docs/soak.md. */
public final class SoakMain {
    private static final System.Logger LOG = System.getLogger(SoakMain.class.getName());

    private SoakMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(SoakOptions.USAGE);
            return;
        }
        SoakOptions options;
        try {
            options = SoakOptions.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("soak: " + e.getMessage());
            System.err.print(SoakOptions.USAGE);
            System.exit(2);
            return;
        }
        int code = 1;
        try {
            code = Soak.run(options, System.out::println) == 0 ? 0 : 1;
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "The soak itself failed", e);
        }
        System.exit(code);
    }
}
