package dev.bowline.verification.bench.compare;

import dev.bowline.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * Runs {@code bowline bench} for each line of stdin, which holds its arguments, until stdin ends; after each run a line says so. One
 * JVM for many runs: it starts once, and is warm from the second run on.
 */
public final class GeneratorMain {
    private GeneratorMain() {}

    public static void main(String[] arguments) throws IOException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            CommandLine program = Main.commandLine();
            program.setOut(out);
            int code = program.execute(line.split(" ", -1));
            out.println("{\"event\":\"ended\",\"code\":" + code + "}");
        }
    }
}
