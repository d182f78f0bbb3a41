package dev.sluice.canaryjob.state;

import dev.sluice.canary.intake.ElectedReplica;
import dev.sluice.canary.intake.SamplePoint;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.state.ValueState;

/** Elects which of several senders of the same series is heard, and remembers it. */
public final class Election {
    private Election() {}

    /**
     * Returns the points of a bucket without those of other senders, where there are any.
     *
     * @param elected who is heard
     * @param points of the bucket, which comes after those of earlier calls
     */
    public static List<SamplePoint> heard(ValueState<ElectedReplica> elected, List<SamplePoint> points)
            throws IOException {
        Optional<ElectedReplica> now = ElectedReplica.among(elected.value(), points);
        if (now.isEmpty()) {
            return points;
        }
        elected.update(now.get());
        return now.get().heard(points);
    }
}
