package dev.sluice.canaryjob;

import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canaryjob.state.PendingPoint;
import dev.sluice.canaryjob.state.RunProgress;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.SampleBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.MapState;

/** The points of the run whose key is current that wait until their bucket is complete, and what is known of those that did. */
final class PendingPoints {
    /** Of at least so many buckets it is remembered which points were judged: a copy of one of them is not late. */
    static final int REMEMBERED_BUCKETS = 60;
    /** To look for what is not to be remembered takes as long as there is much of it: so many buckets are forgotten at once. */
    private static final int FORGOTTEN_TOGETHER = 10;

    private final RunStates states;
    private final RunDoubts doubts;

    PendingPoints(RunStates states, RunDoubts doubts) {
        this.states = states;
        this.doubts = doubts;
    }

    /** Keeps points of a run of which nothing is set yet. */
    void keep(SampleBatch batch) throws Exception {
        for (SampleBatch.Point point : batch.points()) {
            put(key(point.toDomain(batch.metric())), PendingPoint.UNKNOWN, batch.metric(), point);
        }
    }

    /**
     * Keeps points until their bucket is complete.
     *
     * @return how many are too late, and were not judged before
     */
    long keep(SampleBatch batch, Setup setup, RunProgress progress) throws Exception {
        if (!setup.has(batch.metric())) {
            return 0; // the API takes no such point
        }
        long late = 0;
        for (SampleBatch.Point point : batch.points()) {
            SamplePoint read = point.toDomain(batch.metric());
            String key = key(read);
            long bucket = setup.buckets().numberOf(read);
            if (bucket < progress.next()) {
                late += doubts.isLate(read, key, setup, progress.stages()) ? 1 : 0;
            } else {
                noteNewest(read, bucket);
                put(key, bucket, batch.metric(), point);
            }
        }
        return late;
    }

    private static String key(SamplePoint point) {
        return Keys.of(
                point.metric(),
                point.seriesKey(),
                point.series().replica(),
                Long.toString(point.at().toEpochMilli()));
    }

    private void put(String key, long bucket, String metric, SampleBatch.Point point) throws Exception {
        byte[] json = Json.bytes(point);
        PendingPoint known = states.pending().get(key);
        // of two that say different things of one moment the same one counts, whichever came first
        if (known == null || Arrays.compare(known.point(), json) < 0) {
            states.pending().put(key, new PendingPoint(bucket, metric, json));
        }
    }

    private void noteNewest(SamplePoint point, long bucket) throws Exception {
        String series = Keys.of(point.metric(), point.arm().name(), point.seriesKey());
        Long newest = states.newest().get(series);
        if (newest == null || newest < bucket) {
            states.newest().put(series, bucket);
        }
    }

    /** Finds the buckets of those points that were there before the run was set up, the first of which is the next. */
    void number(Setup setup, long next) throws Exception {
        var unnumbered = new HashMap<String, PendingPoint>();
        for (var entry : states.pending().entries()) {
            unnumbered.put(entry.getKey(), entry.getValue());
        }
        for (var entry : unnumbered.entrySet()) {
            SamplePoint point = point(entry.getValue());
            long bucket = setup.buckets().numberOf(point);
            if (setup.has(point.metric()) && bucket >= next) {
                noteNewest(point, bucket);
                byte[] json = entry.getValue().point();
                states.pending().put(entry.getKey(), new PendingPoint(bucket, point.metric(), json));
            } else {
                states.pending().remove(entry.getKey());
            }
        }
    }

    private static SamplePoint point(PendingPoint pending) {
        return Json.read(pending.point(), SampleBatch.Point.class).toDomain(pending.metric());
    }

    /**
     * Returns the first bucket that is not complete, or one that has been judged where none is to be.
     *
     * @param next the first that was not judged
     * @param byProgress the first that is not complete by progress alone
     */
    long incomplete(Setup setup, long next, long byProgress) throws Exception {
        long least = Long.MAX_VALUE;
        for (long newest : states.newest().values()) {
            least = Math.min(least, newest);
        }
        long byPoints = setup.buckets().incompleteAfter(least);
        // with most points nothing is to be judged: then it need not be known of which arms there are some
        return byPoints > Math.max(byProgress, next) && hasAllArms(setup) ? byPoints : byProgress;
    }

    private boolean hasAllArms(Setup setup) throws Exception {
        Set<String> arms = new HashSet<>();
        for (String series : states.newest().keys()) {
            String[] key = Keys.split(series);
            arms.add(Keys.of(key[0], key[1]));
        }
        for (MetricConfig metric : setup.config().metrics()) {
            for (Arm arm : Arm.values()) {
                if (!arms.contains(Keys.of(metric.name(), arm.name()))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Takes the points of complete buckets, from the next on, out of those that wait. */
    SortedMap<Long, List<SamplePoint>> complete(long next, long limit) throws Exception {
        var complete = new TreeMap<Long, List<SamplePoint>>();
        for (var waiting = states.pending().iterator(); waiting.hasNext(); ) {
            var entry = waiting.next();
            long bucket = entry.getValue().bucket();
            if (bucket < limit) {
                SamplePoint point = point(entry.getValue());
                complete.computeIfAbsent(bucket, number -> new ArrayList<>()).add(point);
                if (!point.measure().isContainedInLater()) {
                    states.judged().put(entry.getKey(), bucket);
                }
                waiting.remove();
            }
        }
        if (Math.floorDiv(limit, FORGOTTEN_TOGETHER) > Math.floorDiv(next, FORGOTTEN_TOGETHER)) {
            forget(states.judged(), limit - REMEMBERED_BUCKETS);
        }
        // a series that has nothing in a complete bucket has fallen silent: nobody waits for it any more
        forget(states.newest(), limit);
        return complete;
    }

    /** Forgets what is of buckets before one. */
    private static void forget(MapState<String, Long> numbers, long before) throws Exception {
        for (var known = numbers.iterator(); known.hasNext(); ) {
            if (known.next().getValue() < before) {
                known.remove();
            }
        }
    }
}
