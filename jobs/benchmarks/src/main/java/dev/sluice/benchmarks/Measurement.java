package dev.sluice.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The measurements, each of which runs in a process of its own. */
enum Measurement {
    /** What an event costs after a long history. */
    HISTORY("cost of an event against the length of the history", 512),
    /** What a bucket of a canary's metric costs. */
    CANARY("canary engines", 512),
    /** The gate's decision over HTTP. */
    GATE("gate decision", 1024),
    /** The dora-job over a prepared topic. */
    DORA("dora-job catching up", 3072),
    /** The canary-job under live runs. */
    VERDICT("canary-job, from sample to verdict", 2048),
    /** The report's page over a million deployments. */
    REPORT("DORA report on a million deployments", 768),
    /** All of Sluice in its own process. */
    UP("Sluice on one machine", 256);

    private final String title;
    private final int heapMebibytes;

    Measurement(String title, int heapMebibytes) {
        this.title = title;
        this.heapMebibytes = heapMebibytes;
    }

    static Optional<Measurement> ofName(String name) {
        return Stream.of(values())
                .filter(measurement -> measurement.wireName().equals(name))
                .findFirst();
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    String title() {
        return title;
    }

    /** Returns the heap of the process that measures, in MiB. */
    int heapMebibytes() {
        return heapMebibytes;
    }

    Procedure procedure() {
        return switch (this) {
            case HISTORY -> new HistoryMeasurement();
            case CANARY -> new CanaryMeasurement();
            case GATE -> new GateMeasurement();
            case DORA -> new DoraMeasurement();
            case VERDICT -> new VerdictMeasurement(VerdictMeasurement.keys());
            case REPORT -> new ReportMeasurement();
            case UP -> new UpMeasurement();
        };
    }

    /** How a measurement is taken. */
    interface Procedure {
        /** After this time it is ended: something hangs. */
        Duration LIMIT = Duration.ofMinutes(8);

        /**
         * Measures.
         *
         * @param scale how thoroughly
         * @param directory an empty directory for its files
         */
        List<Figure> measure(Scale scale, Path directory) throws Exception;
    }
}
