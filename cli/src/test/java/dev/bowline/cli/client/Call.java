package dev.bowline.cli.client;

import dev.bowline.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command that was run in the process of the tests, and what came of it. */
record Call(int code, String out, String err) {
    static Call of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine program = Main.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(err));
        int code = program.execute(arguments);
        return new Call(code, out.toString().strip(), err.toString().strip());
    }

    /** What it printed, if all went well. */
    static String result(String... arguments) {
        Call call = of(arguments);
        if (call.code != 0 || !call.err.isEmpty()) {
            throw new AssertionError(String.join(" ", arguments) + " failed: " + call);
        }
        return call.out;
    }
}
