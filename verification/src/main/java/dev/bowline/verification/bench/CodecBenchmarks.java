package dev.bowline.verification.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks of the codec, counts their garbage as well, and prints what came out as tables in Markdown. Takes the
 * options of JMH. docs/codec-benchmarks.md has the command.
 */
public final class CodecBenchmarks {
    private static final List<Class<?>> ALL = List.of(
            FrameBenchmark.class, MaskingBenchmark.class, Utf8Benchmark.class, CompressedMessageBenchmark.class);

    private CodecBenchmarks() {}

    public static void main(String[] arguments) throws CommandLineOptionException, IOException, RunnerException {
        CommandLineOptions options = new CommandLineOptions(arguments);
        if (options.shouldHelp()) {
            options.showHelp();
            return;
        }
        ChainedOptionsBuilder builder = new OptionsBuilder().parent(options).addProfiler(GCProfiler.class);
        if (options.getIncludes().isEmpty()) {
            ALL.forEach(benchmarks -> builder.include(benchmarks.getName()));
        }
        Runner runner = new Runner(builder.build());
        if (options.shouldList()) {
            runner.list();
            return;
        }
        System.out.print("\n" + CodecTable.markdown(figures(runner.run())));
    }

    private static List<CodecTable.Figure> figures(Collection<RunResult> results) {
        List<CodecTable.Figure> figures = new ArrayList<>();
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            Collection<String> keys = params.getParamsKeys();
            // Other modes than the one that the classes ask for have other units.
            if (params.getMode() == Mode.AverageTime && keys.contains("codec")) {
                figures.add(figure(result, params, keys));
            }
        }
        return figures;
    }

    private static CodecTable.Figure figure(RunResult result, BenchmarkParams params, Collection<String> keys) {
        String name = params.getBenchmark();
        String parameters = keys.stream()
                .filter(key -> !key.equals("codec"))
                .map(key -> CodecTable.words(key, params.getParam(key)))
                .collect(Collectors.joining(", "));
        // The median over the iterations: what else the machine does disturbs it little.
        double median = result.getPrimaryResult().getStatistics().getPercentile(50);
        Result<?> garbage = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return new CodecTable.Figure(
                name.substring(name.lastIndexOf('.') + 1),
                parameters,
                params.getParam("codec"),
                median * params.getTimeUnit().toNanos(1),
                garbage == null ? -1 : garbage.getScore());
    }
}
