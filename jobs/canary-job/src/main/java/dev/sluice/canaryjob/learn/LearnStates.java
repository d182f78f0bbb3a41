package dev.sluice.canaryjob.learn;

import dev.sluice.canary.intake.ElectedReplica;
import dev.sluice.canaryjob.state.PendingPoint;
import dev.sluice.canaryjob.state.Withheld;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The keyed state of a config that learns.
 *
 * @param document the config, as JSON
 * @param next the number of the first bucket that has not been made
 * @param made the number of the last one that was
 * @param pending points of buckets that are not complete, by what is learned, metric, series and time
 * @param unknownUntil until when points wait for a config that nobody has heard of, ms since the epoch
 * @param targets how the counters of each target stand, as JSON, by metric and target
 * @param halves in which half each pod is, as the domain saves it, by metric
 * @param elected which of several senders is heard
 * @param learned what the halves did, a row of each bucket, by the place of its number
 * @param withheld when there is something wrong with metrics, by what is learned and metric
 * @param asking what is set of runs that are to know what was learned, as JSON, by their ids
 * @param told when the runs of the last day or so started that know it, ms since the epoch, by their ids
 */
record LearnStates(
        ValueState<byte[]> document,
        ValueState<Long> next,
        ValueState<Long> made,
        MapState<String, PendingPoint> pending,
        ValueState<Long> unknownUntil,
        MapState<String, byte[]> targets,
        MapState<String, byte[]> halves,
        ValueState<ElectedReplica> elected,
        MapState<Long, byte[]> learned,
        MapState<String, Withheld> withheld,
        MapState<String, byte[]> asking,
        MapState<String, Long> told) {
    static LearnStates open(RuntimeContext context) {
        TypeInformation<byte[]> bytes = TypeInformation.of(byte[].class);
        return new LearnStates(
                context.getState(new ValueStateDescriptor<>("document", bytes)),
                context.getState(new ValueStateDescriptor<>("next", Types.LONG)),
                context.getState(new ValueStateDescriptor<>("made", Types.LONG)),
                context.getMapState(
                        new MapStateDescriptor<>("pending", Types.STRING, TypeInformation.of(PendingPoint.class))),
                context.getState(new ValueStateDescriptor<>("unknown-until", Types.LONG)),
                context.getMapState(new MapStateDescriptor<>("targets", Types.STRING, bytes)),
                context.getMapState(new MapStateDescriptor<>("halves", Types.STRING, bytes)),
                context.getState(new ValueStateDescriptor<>("elected", TypeInformation.of(ElectedReplica.class))),
                context.getMapState(new MapStateDescriptor<>("learned", Types.LONG, bytes)),
                context.getMapState(
                        new MapStateDescriptor<>("withheld", Types.STRING, TypeInformation.of(Withheld.class))),
                context.getMapState(new MapStateDescriptor<>("asking", Types.STRING, bytes)),
                context.getMapState(new MapStateDescriptor<>("told", Types.STRING, Types.LONG)));
    }

    /** Forgets what was learned, and what waits to be. */
    void clearLearned() {
        next.clear();
        made.clear();
        pending.clear();
        targets.clear();
        halves.clear();
        elected.clear();
        learned.clear();
        withheld.clear();
    }

    /** Forgets the config; runs that are to know still are. */
    void clear() {
        clearLearned();
        document.clear();
        unknownUntil.clear();
        told.clear();
    }
}
