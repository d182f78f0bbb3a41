package dev.sluice.canaryjob;

import dev.sluice.canary.intake.ElectedReplica;
import dev.sluice.canary.intake.ReadingTimes;
import dev.sluice.canaryjob.state.PendingPoint;
import dev.sluice.canaryjob.state.RunProgress;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The keyed state of a run.
 *
 * @param document what is set of it, as JSON
 * @param evidence the run as the domain saves it
 * @param progress how far it has come
 * @param newest the newest bucket with a point, by metric, arm and series
 * @param judged the buckets of points that were judged of late, by metric, arm, series and time
 * @param pending points of buckets that are not complete, by metric, arm, series and time
 * @param targets how the counters of each target stand, as JSON, by metric and target
 * @param readings when the counters of each target were read, by metric and target
 * @param heard the metrics of which events were heard
 * @param doubts why it does not pass, and the stage in which that arose
 * @param elected which of several senders is heard
 * @param condition what is wrong with the source of its series
 * @param askedTo until when the source has told all, ms since the epoch
 * @param waiting the run before its first bucket, as the domain saves it, which came before what is set of it; null else
 * @param calibrated true once all has been learned of what was before the run that will be; null before
 * @param toldAt the end of the bucket of which the evidence was told last, ms since the epoch
 * @param toldState the state that was told with it
 */
record RunStates(
        ValueState<byte[]> document,
        ValueState<byte[]> evidence,
        ValueState<RunProgress> progress,
        MapState<String, Long> newest,
        MapState<String, Long> judged,
        MapState<String, PendingPoint> pending,
        MapState<String, byte[]> targets,
        MapState<String, ReadingTimes> readings,
        MapState<String, Boolean> heard,
        MapState<String, Integer> doubts,
        ValueState<ElectedReplica> elected,
        ValueState<String> condition,
        ValueState<Long> askedTo,
        ValueState<byte[]> waiting,
        ValueState<Boolean> calibrated,
        ValueState<Long> toldAt,
        ValueState<String> toldState) {
    static RunStates open(RuntimeContext context) {
        TypeInformation<byte[]> bytes = TypeInformation.of(byte[].class);
        return new RunStates(
                context.getState(new ValueStateDescriptor<>("document", bytes)),
                context.getState(new ValueStateDescriptor<>("evidence", bytes)),
                context.getState(new ValueStateDescriptor<>("progress", TypeInformation.of(RunProgress.class))),
                context.getMapState(new MapStateDescriptor<>("newest", Types.STRING, Types.LONG)),
                context.getMapState(new MapStateDescriptor<>("judged", Types.STRING, Types.LONG)),
                context.getMapState(
                        new MapStateDescriptor<>("pending", Types.STRING, TypeInformation.of(PendingPoint.class))),
                context.getMapState(new MapStateDescriptor<>("targets", Types.STRING, bytes)),
                context.getMapState(
                        new MapStateDescriptor<>("readings", Types.STRING, TypeInformation.of(ReadingTimes.class))),
                context.getMapState(new MapStateDescriptor<>("heard", Types.STRING, Types.BOOLEAN)),
                context.getMapState(new MapStateDescriptor<>("doubts", Types.STRING, Types.INT)),
                context.getState(new ValueStateDescriptor<>("elected", TypeInformation.of(ElectedReplica.class))),
                context.getState(new ValueStateDescriptor<>("condition", Types.STRING)),
                context.getState(new ValueStateDescriptor<>("asked-to", Types.LONG)),
                context.getState(new ValueStateDescriptor<>("waiting", bytes)),
                context.getState(new ValueStateDescriptor<>("calibrated", Types.BOOLEAN)),
                context.getState(new ValueStateDescriptor<>("told-at", Types.LONG)),
                context.getState(new ValueStateDescriptor<>("told-state", Types.STRING)));
    }

    /** Forgets what is no longer needed once the last word was said. */
    void clearEvidence() {
        evidence.clear();
        newest.clear();
        judged.clear();
        pending.clear();
        targets.clear();
        readings.clear();
        heard.clear();
        doubts.clear();
        elected.clear();
        condition.clear();
        askedTo.clear();
        waiting.clear();
        calibrated.clear();
        toldAt.clear();
        toldState.clear();
    }

    /** Forgets the run. */
    void clear() {
        clearEvidence();
        document.clear();
        progress.clear();
    }
}
