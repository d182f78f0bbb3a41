package dev.sluice.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.ArmCounts;
import dev.sluice.canary.CanaryVerdict;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.MetricReading;
import dev.sluice.canary.MetricVerdict;
import dev.sluice.canary.SegmentFindings;
import dev.sluice.canary.evidence.Allowance;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A canary's verdict as JSON. A number that is infinite or absent is null. */
public final class VerdictJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private VerdictJson() {}

    /** Returns how a run stands: state, reasons, evidence, and one element of each metric. */
    public static ObjectNode of(CanaryVerdict verdict) {
        ObjectNode node = JSON.objectNode();
        node.put("state", verdict.state().label());
        node.put("at", verdict.at().toString());
        ArrayNode reasons = node.putArray("reasons");
        verdict.reasons().forEach(reasons::add);
        ArrayNode notes = node.putArray("notes");
        verdict.notes().forEach(notes::add);
        put(node, "log_e", verdict.logE());
        put(node, "log_e_to_fail", verdict.neededToFail());
        put(node, "log_e_to_pass", verdict.neededToPass());
        put(node, "seconds_to_pass", seconds(verdict.toPass()));
        CanaryVerdict.TimeRange range = verdict.toPassRange();
        put(node, "seconds_to_pass_least", range == null ? null : seconds(range.least()));
        put(node, "seconds_to_pass_most", range == null ? null : seconds(range.most()));
        put(node, "seconds_to_fail", seconds(verdict.toFail()));
        ArrayNode metrics = node.putArray("metrics");
        for (MetricVerdict metric : verdict.metrics()) {
            ObjectNode of = metric(metric);
            put(of, "resolution_floor", metric.reading().resolutionFloor());
            if (metric.segments() != null) {
                of.set("segments", segments(metric.segments()));
            }
            metrics.add(of);
        }
        return node;
    }

    private static @Nullable Double seconds(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis() / 1000.0;
    }

    /** Returns what came of a metric. */
    public static ObjectNode metric(MetricVerdict verdict) {
        MetricReading reading = verdict.reading();
        MetricConfig metric = reading.metric();
        ObjectNode node = JSON.objectNode();
        node.put("name", metric.name());
        node.put("kind", metric.kind());
        node.put("verdict", verdict.state().label());
        node.put("direction", metric.direction().name().toLowerCase(Locale.ROOT));
        if (metric instanceof MetricConfig.Gauge gauge) {
            node.put("scale", gauge.scale().name().toLowerCase(Locale.ROOT));
        }
        put(node, "estimate", reading.estimate());
        ArrayNode interval = node.putArray("interval");
        add(interval, reading.interval().lower());
        add(interval, reading.interval().upper());
        put(node, "tolerance", amount(metric, metric.tolerance()));
        put(node, "margin", amount(metric, metric.margin()));
        put(node, "log_e_fail", reading.evidence().fail());
        put(node, "log_e_pass", reading.evidence().pass());
        node.set("baseline", counts(reading.baseline()));
        node.set("canary", counts(reading.canary()));
        node.put("reason", verdict.reason());
        return node;
    }

    private static ObjectNode segments(SegmentFindings findings) {
        ObjectNode node = JSON.objectNode();
        node.put("worse", findings.worse().size());
        node.put("left_out", findings.leftOut());
        ArrayNode all = node.putArray("list");
        for (SegmentFindings.Finding finding : findings.segments()) {
            ObjectNode of = all.addObject();
            of.put("segment", finding.segment());
            of.put("worse", finding.worse());
            put(of, "log_e_fail", finding.logE());
            put(of, "estimate", finding.estimate());
            ArrayNode interval = of.putArray("interval");
            add(interval, finding.interval().lower());
            add(interval, finding.interval().upper());
            of.set("baseline", counts(finding.baseline()));
            of.set("canary", counts(finding.canary()));
        }
        return node;
    }

    /** Relative, but for a gauge on the linear scale, which has an absolute one. */
    private static double amount(MetricConfig metric, Allowance allowance) {
        boolean isLinear = metric instanceof MetricConfig.Gauge gauge && gauge.scale() == MetricConfig.Scale.LINEAR;
        return isLinear ? allowance.absolute() : allowance.relative();
    }

    private static ObjectNode counts(ArmCounts counts) {
        ObjectNode node = JSON.objectNode();
        put(node, "n", counts.n());
        put(node, "events", counts.events());
        return node;
    }

    private static void put(ObjectNode node, String field, @Nullable Double value) {
        if (value == null || !Double.isFinite(value)) {
            node.putNull(field);
        } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            node.put(field, value.longValue());
        } else {
            node.put(field, value);
        }
    }

    private static void add(ArrayNode array, double value) {
        if (Double.isFinite(value)) {
            array.add(value);
        } else {
            array.addNull();
        }
    }
}
