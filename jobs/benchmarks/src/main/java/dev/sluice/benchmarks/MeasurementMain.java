package dev.sluice.benchmarks;

import dev.sluice.benchmarks.Report.Result;
import dev.sluice.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The process in which one measurement runs, so that none finds the heap and the compiled code of another. */
final class MeasurementMain {
    private MeasurementMain() {}

    /** Measures; arguments: the measurement, the scale, a directory for its files, the file for its result. */
    public static void main(String[] args) throws Exception {
        Measurement measurement = Measurement.ofName(args[0]).orElseThrow();
        Scale scale = Scale.valueOf(args[1]);
        List<Figure> figures = measurement.procedure().measure(scale, Path.of(args[2]));
        Files.write(Path.of(args[3]), Json.bytes(new Result(measurement.wireName(), figures, null)));
        // threads of what was measured may still be ending
        System.exit(0);
    }
}
