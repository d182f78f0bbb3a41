package dev.sluice.cli.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.CanaryVerdict;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.wire.CanaryConfigs;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Judges files of samples as a run of one stage: it begins with the first bucket of the canary and ends with the last one of
 * either arm. The verdict is that at its end, unless the canary has failed before.
 */
public final class FileJudge {
    /** Takes the place of metrics that are not known before the files are read. */
    private static final List<MetricConfig> ANY = List.of(MetricConfig.Ratio.of("any"));

    private final JsonNode document;
    private final String configFile;
    private final @Nullable Instant start;
    private final List<String> notes = new ArrayList<>();

    private FileJudge(@Nullable Path config, @Nullable Instant start) {
        this.configFile = config == null ? "" : config.toString();
        this.document = config == null ? JsonNodeFactory.instance.objectNode() : YamlFile.read(config);
        this.start = start;
    }

    /**
     * Judges files.
     *
     * @param baseline the baseline's files, at least one
     * @param canary the canary's files, at least one
     * @param config a canary config in YAML or JSON; null for all defaults
     * @param start when the run began: what is before calibrates, both arms being of one version; null for the canary's
     *     first bucket, without calibration
     * @throws JudgeException if they cannot be judged
     */
    public static Judgement judge(
            List<Path> baseline, List<Path> canary, @Nullable Path config, @Nullable Instant start) {
        return new FileJudge(config, start).judge(baseline, canary);
    }

    private Judgement judge(List<Path> baselineFiles, List<Path> canaryFiles) {
        CanaryConfig stated = config(ANY);
        Map<String, MetricConfig> configured = new LinkedHashMap<>();
        if (document.has("metrics")) {
            stated.metrics().forEach(metric -> configured.put(metric.name(), metric));
        }
        var baseline = new Arm(stated.bucket(), configured);
        baseline.read(baselineFiles);
        var canary = new Arm(stated.bucket(), configured);
        canary.read(canaryFiles);
        CanaryConfig config = configured.isEmpty() ? config(metrics(baseline, canary)) : stated;
        config.metrics().forEach(metric -> check(metric, baseline, canary));
        if (baselineFiles.equals(canaryFiles)) {
            notes.add("baseline and canary are the same files");
        }
        noteIgnored(config, baseline, canary);
        return new Judgement(config, run(config, baseline, canary), notes);
    }

    private CanaryConfig config(List<MetricConfig> metrics) {
        CanaryConfigs.Result result = CanaryConfigs.load().read(document, metrics);
        if (result.config() == null) {
            throw new JudgeException(String.join(
                    System.lineSeparator(),
                    result.violations().stream()
                            .map(violation -> configFile + ": " + violation.pointer() + ": " + violation.message())
                            .toList()));
        }
        return result.config();
    }

    /** Returns a metric with all defaults for each one in the files, of the kind that the header says. */
    private static List<MetricConfig> metrics(Arm baseline, Arm canary) {
        Map<String, SampleKind> kinds = new LinkedHashMap<>();
        baseline.series().forEach((name, series) -> kinds.put(name, series.kind()));
        canary.series().forEach((name, series) -> kinds.putIfAbsent(name, series.kind()));
        if (kinds.isEmpty()) {
            throw new JudgeException("there is no sample in the files: nothing can be judged");
        }
        var metrics = new ArrayList<MetricConfig>();
        kinds.forEach((name, kind) -> metrics.add(
                switch (kind) {
                    case VALUE -> MetricConfig.Gauge.of(name);
                    case RATIO -> MetricConfig.Ratio.of(name);
                    case HISTOGRAM -> MetricConfig.Latency.of(name);
                }));
        return metrics;
    }

    private static void check(MetricConfig metric, Arm... arms) {
        for (Arm arm : arms) {
            ArmSeries series = arm.series(metric.name());
            if (series == null) {
                continue;
            }
            boolean fits = metric instanceof MetricConfig.Ratio
                    ? series.kind() == SampleKind.RATIO
                    : metric instanceof MetricConfig.Gauge
                            ? series.kind() == SampleKind.VALUE
                            : series.kind() != SampleKind.RATIO;
            if (series.looksCumulative()) {
                throw new JudgeException(metric.name() + " in " + series.file()
                        + " looks like a counter that only grows: give the difference to the row before");
            }
            if (!fits) {
                throw new JudgeException(metric.name() + " is a " + metric.kind() + ", but the rows of " + series.file()
                        + " are of " + series.kind().header());
            }
        }
    }

    private static Set<String> names(Arm baseline, Arm canary) {
        var names = new TreeSet<String>();
        names.addAll(baseline.series().keySet());
        names.addAll(canary.series().keySet());
        return names;
    }

    private void noteIgnored(CanaryConfig config, Arm baseline, Arm canary) {
        Set<String> ignored = names(baseline, canary);
        config.metrics().forEach(metric -> ignored.remove(metric.name()));
        if (!ignored.isEmpty()) {
            notes.add("not judged, as the config does not name them: " + String.join(", ", ignored));
        }
    }

    private CanaryVerdict run(CanaryConfig config, Arm baseline, Arm canary) {
        long[] buckets = LongStream.concat(baseline.buckets(), canary.buckets())
                .distinct()
                .sorted()
                .toArray();
        OptionalLong firstOfCanary = canary.first();
        long first = start != null ? canary.bucket(start) : firstOfCanary.orElse(buckets.length == 0 ? 0 : buckets[0]);
        Instant begin = start != null ? start : canary.begin(first);
        if (start != null && canary.last().orElse(first) < first) {
            throw new JudgeException("the canary has no row after --start " + start);
        }
        var run = new CanaryRun(config, begin);
        if (start != null) {
            for (MetricConfig metric : config.metrics()) {
                run.calibrate(
                        metric.name(),
                        LongStream.of(buckets)
                                .filter(bucket -> bucket < first)
                                .mapToObj(bucket -> bucket(metric, baseline, canary, bucket))
                                .toList());
            }
        }
        Instant end = begin;
        for (long bucket : buckets) {
            if (bucket >= first) {
                Map<String, MetricBucket> both = new LinkedHashMap<>();
                config.metrics().forEach(metric -> both.put(metric.name(), bucket(metric, baseline, canary, bucket)));
                run.add(canary.begin(bucket), both);
                end = canary.begin(bucket + 1);
            }
        }
        config.metrics().forEach(metric -> noteGaps(metric, first, baseline, canary));
        return run.conclude(end);
    }

    private void noteGaps(MetricConfig metric, long first, Arm baseline, Arm canary) {
        ArmSeries ofBaseline = baseline.series(metric.name());
        ArmSeries ofCanary = canary.series(metric.name());
        if (ofBaseline == null || ofCanary == null) {
            notes.add(metric.name() + ": no data of "
                    + (ofBaseline != null
                            ? "the canary"
                            : ofCanary != null
                                    ? "the baseline"
                                    : "either; the files have " + String.join(", ", names(baseline, canary))));
            return;
        }
        long missing = ofBaseline.withoutNumber() + ofCanary.withoutNumber();
        if (missing > 0) {
            notes.add(
                    metric.name() + ": " + missing + (missing == 1 ? " row" : " rows") + " without a number left out");
        }
        if (ofBaseline.buckets().isEmpty() || ofCanary.buckets().isEmpty()) {
            return;
        }
        // where both have begun and none has ended
        long from = Math.max(
                first, Math.max(ofBaseline.buckets().first(), ofCanary.buckets().first()));
        long to = Math.min(ofBaseline.buckets().last(), ofCanary.buckets().last());
        if (from > to) {
            notes.add(metric.name() + ": the arms were not measured at the same time");
            return;
        }
        NavigableSet<Long> baselineThen = ofBaseline.buckets().subSet(from, true, to, true);
        NavigableSet<Long> canaryThen = ofCanary.buckets().subSet(from, true, to, true);
        long ofBoth = canaryThen.stream().filter(baselineThen::contains).count();
        long ofOne = canaryThen.size() + baselineThen.size() - 2 * ofBoth;
        if (ofOne > ofBoth) {
            notes.add(
                    metric.name() + ": only " + ofBoth + " buckets have data of both arms, " + ofOne
                            + " of one; if the samples are further apart than a bucket, set bucket in --config to their distance");
        }
    }

    private static MetricBucket bucket(MetricConfig metric, Arm baseline, Arm canary, long bucket) {
        ArmSeries ofBaseline = baseline.series(metric.name());
        ArmSeries ofCanary = canary.series(metric.name());
        if (metric instanceof MetricConfig.Ratio) {
            return new RatioBucket(
                    ofBaseline == null ? 0 : ofBaseline.events(bucket),
                    ofBaseline == null ? 0 : ofBaseline.exposure(bucket),
                    ofCanary == null ? 0 : ofCanary.events(bucket),
                    ofCanary == null ? 0 : ofCanary.exposure(bucket));
        }
        if (metric instanceof MetricConfig.Latency) {
            return new HistogramBucket(
                    ofBaseline == null ? Histogram.empty() : ofBaseline.histogram(bucket),
                    ofCanary == null ? Histogram.empty() : ofCanary.histogram(bucket));
        }
        return new GaugeBucket(mean(ofBaseline, bucket), mean(ofCanary, bucket));
    }

    private static @Nullable Double mean(@Nullable ArmSeries series, long bucket) {
        OptionalDouble mean = series == null ? OptionalDouble.empty() : series.mean(bucket);
        return mean.isPresent() ? mean.getAsDouble() : null;
    }
}
