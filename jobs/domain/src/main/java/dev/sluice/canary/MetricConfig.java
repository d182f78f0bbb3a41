package dev.sluice.canary;

import static java.util.Objects.requireNonNull;

import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.Exposure;
import java.util.List;

/** A metric of a canary: what it is, which change is bad, how much of it is tolerated, and from where on it is too much. */
public sealed interface MetricConfig permits MetricConfig.Ratio, MetricConfig.Latency, MetricConfig.Gauge {
    /** Returns its name, unique in a config. */
    String name();

    /** Returns the kind as configs and answers spell it. */
    String kind();

    /** Returns which change is bad. */
    Direction direction();

    /** Returns up to where the canary is as good as the baseline: the run fails only beyond. */
    Allowance tolerance();

    /** Returns from where on the canary is too bad: a pass is proof that it is not there. */
    Allowance margin();

    /** Returns what its word counts. */
    Standing standing();

    /**
     * How often something happens: errors of requests, restarts of pod-seconds.
     *
     * @param exposure what the events are counted against
     */
    record Ratio(
            String name,
            Direction direction,
            Allowance tolerance,
            Allowance margin,
            Standing standing,
            Exposure exposure)
            implements MetricConfig {
        /** Tolerance of an error ratio where none is given. */
        public static final Allowance DEFAULT_TOLERANCE = new Allowance(0.1, 0.0001);
        /** Margin of an error ratio where none is given. */
        public static final Allowance DEFAULT_MARGIN = new Allowance(0.5, 0.001);
        /** Tolerance of a number per second where none is given. */
        public static final Allowance DEFAULT_TOLERANCE_PER_SECOND = new Allowance(0.2, 0);
        /** Margin of a number per second where none is given: one a day on top. */
        public static final Allowance DEFAULT_MARGIN_PER_SECOND = new Allowance(1, 1 / 86_400.0);

        public Ratio {
            MetricRules.require(name, direction, tolerance, margin, standing);
            requireNonNull(exposure, "exposure");
            if (exposure == Exposure.REQUESTS && !(margin.absolute() < 1)) {
                throw new IllegalArgumentException(
                        name + ": the absolute margin of a share must be below 1, it is " + margin.absolute());
            }
            if (direction != Direction.INCREASE && !(margin.relative() < 1)) {
                throw new IllegalArgumentException(
                        name + ": the margin of a decrease must be below 1, it is " + margin.relative());
            }
        }

        /** Returns a required metric of errors of requests, with all defaults. */
        public static Ratio of(String name) {
            return new Ratio(
                    name, Direction.INCREASE, DEFAULT_TOLERANCE, DEFAULT_MARGIN, Standing.DEFAULT, Exposure.REQUESTS);
        }

        @Override
        public String kind() {
            return "ratio";
        }
    }

    /**
     * How long requests take, or how large they are.
     *
     * @param failQuantiles where it may fail, each from 0.000001 to 0.999999: one e-process each, and their mean counts
     * @param passQuantiles where it must pass, each of them
     * @param shareTolerance tolerance of the share of requests above a bound, where no bound is near the tolerance
     * @param shareMargin margin of that share
     */
    record Latency(
            String name,
            Allowance tolerance,
            Allowance margin,
            Standing standing,
            List<Double> failQuantiles,
            List<Double> passQuantiles,
            Allowance shareTolerance,
            Allowance shareMargin)
            implements MetricConfig {
        /** Tolerance where none is given. */
        public static final Allowance DEFAULT_TOLERANCE = new Allowance(0.05, 0);
        /** Margin where none is given. */
        public static final Allowance DEFAULT_MARGIN = new Allowance(0.2, 0);
        /** Where it may fail if nothing else is said. */
        public static final List<Double> DEFAULT_FAIL_QUANTILES = List.of(0.5, 0.75, 0.9, 0.95, 0.99, 0.999);
        /** Where it must pass if nothing else is said. */
        public static final List<Double> DEFAULT_PASS_QUANTILES = List.of(0.5, 0.9, 0.99);
        /** Tolerance of a share where none is given. */
        public static final Allowance DEFAULT_SHARE_TOLERANCE = new Allowance(0.1, 0);
        /** Margin of a share where none is given. */
        public static final Allowance DEFAULT_SHARE_MARGIN = new Allowance(0.5, 0);

        public Latency {
            MetricRules.require(name, Direction.INCREASE, tolerance, margin, standing);
            MetricRules.requireRelative(name, tolerance, margin);
            MetricRules.require(name, Direction.INCREASE, shareTolerance, shareMargin, standing);
            if (!(shareMargin.relative() < 1)) {
                throw new IllegalArgumentException(
                        name + ": the margin of a share must be below 1, it is " + shareMargin.relative());
            }
            failQuantiles = MetricRules.quantiles(name, failQuantiles);
            passQuantiles = MetricRules.quantiles(name, passQuantiles);
        }

        /** Returns a required metric with all defaults. */
        public static Latency of(String name) {
            return new Latency(
                    name,
                    DEFAULT_TOLERANCE,
                    DEFAULT_MARGIN,
                    Standing.DEFAULT,
                    DEFAULT_FAIL_QUANTILES,
                    DEFAULT_PASS_QUANTILES,
                    DEFAULT_SHARE_TOLERANCE,
                    DEFAULT_SHARE_MARGIN);
        }

        @Override
        public String kind() {
            return "histogram";
        }

        @Override
        public Direction direction() {
            return Direction.INCREASE;
        }
    }

    /**
     * A level, one value of each bucket: CPU, memory, the length of a queue.
     *
     * @param scale how the arms are compared
     */
    record Gauge(
            String name, Direction direction, Allowance tolerance, Allowance margin, Standing standing, Scale scale)
            implements MetricConfig {
        /** Tolerance where none is given. */
        public static final Allowance DEFAULT_TOLERANCE = new Allowance(0.1, 0);
        /** Margin where none is given. */
        public static final Allowance DEFAULT_MARGIN = new Allowance(0.3, 0);

        public Gauge {
            MetricRules.require(name, direction, tolerance, margin, standing);
            requireNonNull(scale, "scale");
            if (scale == Scale.LOG) {
                MetricRules.requireRelative(name, tolerance, margin);
                if (direction != Direction.INCREASE && !(margin.relative() < 1)) {
                    throw new IllegalArgumentException(
                            name + ": the margin of a decrease must be below 1, it is " + margin.relative());
                }
            } else if (tolerance.relative() != 0 || margin.relative() != 0) {
                throw new IllegalArgumentException(
                        name + ": on the linear scale tolerance and margin are absolute, not relative");
            }
        }

        /** Returns a metric with all defaults, which must not increase. */
        public static Gauge of(String name) {
            return new Gauge(name, Direction.INCREASE, DEFAULT_TOLERANCE, DEFAULT_MARGIN, Standing.DEFAULT, Scale.LOG);
        }

        @Override
        public String kind() {
            return "gauge";
        }
    }

    /** How the values of a gauge are compared. */
    enum Scale {
        /** By their ratio; values must be above 0. */
        LOG,
        /** By their difference. */
        LINEAR
    }
}
