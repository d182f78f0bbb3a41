package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.BucketClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which series of a source of metrics belong to a canary run: the members {@code selectors}, {@code replica_label} and
 * {@code pod_label} of a config, and {@code series} of its metrics.
 *
 * @param baseline selects the series of the baseline
 * @param canary selects those of the canary
 * @param replicaLabel the label that tells several senders of the same series from each other; null where there is one sender
 * @param podLabels the labels of which the first one that a series has says which pod it is of
 * @param feeds what the metrics are made of
 * @param pull where the series are asked for; null where they are sent
 * @param segments which labels tell the segments of metrics apart
 */
public record CanarySelection(
        SeriesSelector baseline,
        SeriesSelector canary,
        @Nullable String replicaLabel,
        List<String> podLabels,
        List<Feed> feeds,
        @Nullable Pull pull,
        SegmentLabels segments) {
    private static final List<String> USUAL_POD_LABELS =
            List.of("pod", "k8s.pod.name", "service.instance.id", "instance");
    private static final String SELECTORS = "selectors";
    private static final String METRICS = "metrics";
    private static final String SERIES = "series";
    private static final String MAY_BE_ABSENT = "events_may_be_absent";
    private static final String BOUNDS = "bounds";
    private static final String DEFAULT_EVERY = "10s";
    private static final String DEFAULT_HISTORY = "24h";
    private static final Duration LONGEST_HISTORY = Duration.ofDays(7);
    private static final String DEFAULT_DELAY = "0s";

    public CanarySelection {
        requireNonNull(baseline, "baseline");
        requireNonNull(canary, "canary");
        podLabels = List.copyOf(podLabels);
        feeds = List.copyOf(feeds);
    }

    /** What the series of a feed say. */
    public enum Role {
        /** Events of a ratio. */
        EVENTS("events"),
        /** Against what the events are counted. */
        EXPOSURE("exposure"),
        /** A distribution, in whatever form the source has it. */
        HISTOGRAM("histogram"),
        /** A level. */
        VALUE("value");

        private final String member;

        Role(String member) {
            this.member = member;
        }
    }

    /**
     * Series that a metric is made of.
     *
     * @param metric its name in the config
     * @param role what they say
     * @param selector selects them, within an arm
     * @param mayBeAbsent whether nothing is wrong where no series is selected, as of errors that have not occurred yet
     * @param bounds of a histogram, up to which the source is to count, where it keeps none itself; ascending
     */
    public record Feed(String metric, Role role, SeriesSelector selector, boolean mayBeAbsent, List<Double> bounds) {
        public Feed {
            bounds = List.copyOf(bounds);
        }
    }

    /**
     * A source that is asked.
     *
     * @param source its name, as who asks knows it
     * @param every how often; series are read at times that are so far apart
     * @param delay how long what has happened waits until it is asked for, so that the source has all of it
     * @param history for how long before the run the baseline is asked for, to learn how arms differ by themselves; zero for not at
     *     all
     */
    public record Pull(String source, Duration every, Duration delay, Duration history) {}

    /**
     * Reads the selection of a config that satisfies its schema.
     *
     * @param violations gets what is wrong
     * @return nothing if the config selects no series, or something is wrong
     */
    static Optional<CanarySelection> read(JsonNode config, List<Violation> violations) {
        int before = violations.size();
        List<Feed> feeds = new ArrayList<>();
        for (int i = 0; i < config.path(METRICS).size(); i++) {
            JsonNode metric = config.path(METRICS).get(i);
            boolean mayBeAbsent = metric.path(SERIES).path(MAY_BE_ABSENT).asBoolean();
            for (Map.Entry<String, JsonNode> series : metric.path(SERIES).properties()) {
                if (series.getKey().equals(MAY_BE_ABSENT) || series.getKey().equals(BOUNDS)) {
                    continue;
                }
                String pointer = "/" + METRICS + "/" + i + "/" + SERIES + "/" + series.getKey();
                selector(series.getValue(), pointer, violations)
                        .ifPresent(selector -> feeds.add(new Feed(
                                metric.path("name").textValue(),
                                role(series.getKey()),
                                selector,
                                mayBeAbsent,
                                bounds(metric.path(SERIES)))));
            }
            if (metric.path(SERIES).has(BOUNDS)) {
                checkBounds(
                        config, metric.path(SERIES), "/" + METRICS + "/" + i + "/" + SERIES + "/" + BOUNDS, violations);
            }
        }
        feeds.sort(Comparator.comparing(Feed::metric).thenComparing(Feed::role));
        JsonNode arms = config.path(SELECTORS);
        Optional<SeriesSelector> baseline = arms.isObject()
                ? selector(arms.path("baseline"), "/" + SELECTORS + "/baseline", violations)
                : Optional.empty();
        Optional<SeriesSelector> canary = arms.isObject()
                ? selector(arms.path("canary"), "/" + SELECTORS + "/canary", violations)
                : Optional.empty();
        if (violations.size() > before) {
            return Optional.empty();
        }
        for (Feed feed : feeds) {
            if (config.has("pull")
                    && feed.role() == Role.HISTOGRAM
                    && feed.selector().name() == null) {
                violations.add(new Violation(
                        "/" + METRICS,
                        "The selector of the histogram " + feed.metric() + " must have a name to be pulled by."));
            }
        }
        Durations.parse(config.path("pull").path("history").asText(DEFAULT_HISTORY))
                .filter(history -> history.compareTo(LONGEST_HISTORY) > 0)
                .ifPresent(history -> violations.add(new Violation(
                        "/pull/history",
                        "The history may be of seven days at most, is of " + history.toHours() + " hours.")));
        if (config.has("pull") && !arms.isObject()) {
            violations.add(new Violation(
                    "/" + SELECTORS, "The field selectors is missing: it says which series are to be pulled."));
        } else if (arms.isObject() != !feeds.isEmpty()) {
            violations.add(
                    arms.isObject()
                            ? new Violation("/" + SELECTORS, "No metric has series, so nothing is selected.")
                            : new Violation(
                                    "/" + SELECTORS,
                                    "The field selectors is missing: it says which series are of which arm."));
        }
        return baseline.flatMap(of -> canary.map(other -> new CanarySelection(
                of,
                other,
                config.path("replica_label").textValue(),
                config.has("pod_label") ? List.of(config.path("pod_label").textValue()) : USUAL_POD_LABELS,
                feeds,
                pull(config),
                SegmentLabels.of(config))));
    }

    private static List<Double> bounds(JsonNode series) {
        List<Double> bounds = new ArrayList<>();
        series.path(BOUNDS).forEach(bound -> bounds.add(bound.doubleValue()));
        return bounds;
    }

    private static void checkBounds(JsonNode config, JsonNode series, String pointer, List<Violation> violations) {
        List<Double> bounds = bounds(series);
        for (int i = 1; i < bounds.size(); i++) {
            if (bounds.get(i) <= bounds.get(i - 1)) {
                violations.add(new Violation(pointer, "The bounds must rise."));
                return;
            }
        }
        if (!config.has("pull")) {
            violations.add(new Violation(pointer, "The field bounds is for sources that are asked: there is no pull."));
        }
    }

    private static @Nullable Pull pull(JsonNode config) {
        JsonNode pull = config.path("pull");
        return pull.isObject()
                ? new Pull(
                        pull.path("source").textValue(),
                        Durations.parse(pull.path("every").asText(DEFAULT_EVERY))
                                .orElseThrow(),
                        Durations.parse(pull.path("delay").asText(DEFAULT_DELAY))
                                .orElseThrow(),
                        Durations.parse(pull.path("history").asText(DEFAULT_HISTORY))
                                .orElseThrow())
                : null;
    }

    private static Role role(String member) {
        for (Role role : Role.values()) {
            if (role.member.equals(member)) {
                return role;
            }
        }
        throw new AssertionError(member);
    }

    private static Optional<SeriesSelector> selector(JsonNode text, String pointer, List<Violation> violations) {
        try {
            return Optional.of(SeriesSelector.parse(text.textValue()));
        } catch (IllegalArgumentException e) {
            violations.add(new Violation(pointer, "This is no selector of series: " + e.getMessage() + "."));
            return Optional.empty();
        }
    }

    /**
     * Returns the arm that a series is of.
     *
     * @return nothing if it is of neither, or of both: then the selectors do not tell them apart
     */
    public Optional<Arm> arm(Map<String, String> labels) {
        boolean isBaseline = baseline.matches(labels);
        boolean isCanary = canary.matches(labels);
        return isBaseline == isCanary ? Optional.empty() : Optional.of(isCanary ? Arm.CANARY : Arm.BASELINE);
    }

    /** Returns the selection by which the series of the baseline are asked for, and no others. */
    public CanarySelection ofBaseline() {
        return new CanarySelection(baseline, baseline, replicaLabel, podLabels, feeds, pull, segments);
    }

    /**
     * Returns the clock of a run's buckets.
     *
     * @param selection which series belong to it; null where none do
     * @param bucket how long its buckets are
     */
    public static BucketClock clock(@Nullable CanarySelection selection, Duration bucket) {
        BucketClock clock = BucketClock.of(bucket);
        Pull asked = selection == null ? null : selection.pull();
        return asked == null ? clock : clock.withDelay(asked.delay());
    }

    /** Returns the labels that the config itself says which pod, which sender and which segment a series is of by. */
    public Set<String> ownLabels() {
        Set<String> labels = new TreeSet<>();
        if (!podLabels.equals(USUAL_POD_LABELS)) {
            labels.addAll(podLabels);
        }
        if (replicaLabel != null) {
            labels.add(replicaLabel);
        }
        segments.byMetric().values().forEach(labels::addAll);
        return labels;
    }

    /** Returns the pod that a series is of; empty where none of its labels says so. */
    public String pod(Map<String, String> labels) {
        return podLabels.stream()
                .map(label -> labels.getOrDefault(label, ""))
                .filter(pod -> !pod.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Returns the target that says it, of those that a pod has; empty where only the pod is known. */
    public String target(Map<String, String> labels) {
        String job = labels.getOrDefault("job", "");
        String instance = labels.getOrDefault("instance", "");
        String process = labels.getOrDefault("service.instance.id", "");
        return job.isEmpty() && instance.isEmpty() ? process : job + "/" + instance;
    }

    /** Returns the sender of a series; empty where there is one. */
    public String replica(Map<String, String> labels) {
        return replicaLabel == null ? "" : labels.getOrDefault(replicaLabel, "");
    }
}
