package dev.sluice.dora;

import dev.sluice.shift.Direction;
import dev.sluice.shift.Level;
import dev.sluice.shift.ReportedShift;
import dev.sluice.shift.Shift;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A lasting change of a metric of one series, as it was published; see {@link Shift}. Its identity is the metric, the
 * direction and the onset. One that a correction has withdrawn stays visible; it is deleted only when nothing is left of
 * the series.
 *
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param metric what has shifted, see {@link dev.sluice.shift.ShiftMetric#wireName()}
 * @param direction whether for the better
 * @param began the estimate of the onset
 * @param detected the end of the value that completed the evidence
 * @param reportedAt progress at which it was published first
 * @param beforeN the values of the reference
 * @param beforeValue what the metric amounted to in the reference, see {@link Level#value()}
 * @param beforeLower lower end of its 95 % interval; null where there are too few values
 * @param beforeUpper upper end of it; null where there are too few values
 * @param afterN the values from the onset to the detection
 * @param afterValue what the metric amounted to in them
 * @param afterLower lower end of its 95 % interval; null where there are too few values
 * @param afterUpper upper end of it; null where there are too few values
 * @param logEvidence the natural logarithm of the evidence
 * @param withdrawn whether the values that there are now no longer show it
 * @param withdrawnAt progress at which it was withdrawn; null while it stands
 * @param movedTo the onset of the shift that says it better; null while it stands, or where there is none
 * @param deleted whether the series has no data any more
 * @param computedAt progress at which this was found
 */
public record ShiftFact(
        String tenant,
        String service,
        String environment,
        String metric,
        Direction direction,
        Instant began,
        Instant detected,
        Instant reportedAt,
        int beforeN,
        double beforeValue,
        @Nullable Double beforeLower,
        @Nullable Double beforeUpper,
        int afterN,
        double afterValue,
        @Nullable Double afterLower,
        @Nullable Double afterUpper,
        double logEvidence,
        boolean withdrawn,
        @Nullable Instant withdrawnAt,
        @Nullable Instant movedTo,
        boolean deleted,
        Instant computedAt) {

    static ShiftFact of(ServiceEnvironment series, ReportedShift reported, boolean deleted, Instant now) {
        Shift shift = reported.shift();
        Level before = shift.before();
        Level after = shift.after();
        return new ShiftFact(
                series.tenant(),
                series.service(),
                series.environment(),
                shift.metric().wireName(),
                shift.direction(),
                shift.began(),
                shift.detected(),
                reported.reportedAt(),
                before.n(),
                before.value(),
                before.interval() == null ? null : before.interval().lower(),
                before.interval() == null ? null : before.interval().upper(),
                after.n(),
                after.value(),
                after.interval() == null ? null : after.interval().lower(),
                after.interval() == null ? null : after.interval().upper(),
                shift.logEvidence(),
                !reported.stands(),
                reported.withdrawnAt(),
                reported.movedTo(),
                deleted,
                now);
    }
}
