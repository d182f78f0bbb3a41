package dev.sluice.canary.intake;

import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.Halves;
import dev.sluice.canary.evidence.MetricBucket;
import java.util.Collection;
import java.util.Optional;

/** Buckets of a metric as if two halves of the baseline's pods had been the two arms. */
public final class TwoHalves {
    private final BucketAssembler assembler;
    private final Halves halves;

    /**
     * Begins for a metric.
     *
     * @param halves which half each pod is in; learns of new ones
     */
    public TwoHalves(MetricConfig metric, Halves halves) {
        this.assembler = new BucketAssembler(metric);
        this.halves = halves;
    }

    /**
     * Makes a bucket.
     *
     * @param points of the baseline, of this metric and bucket, each (series, part, time) once
     * @param counters what is known of the counters from the buckets before; learns this one
     * @return nothing where there are not two pods, or their sums are beyond all measure: such a bucket of a run would have no data
     *     either
     */
    public Optional<MetricBucket> of(Collection<SamplePoint> points, Counters counters) {
        try {
            return halves.of(assembler.assemble(points, counters).pods()).filter(MetricBucket::isTwoArmed);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
