package dev.sluice.standalone;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;

/** Finds the newest checkpoint or savepoint of runs that have ended. */
final class SnapshotChoice {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final FlinkRest rest;

    SnapshotChoice(FlinkRest rest) {
        this.rest = rest;
    }

    /** Returns the newest of any of the runs. */
    Optional<FlinkRest.Snapshot> newest(List<FlinkRest.Run> ended) throws FlinkRestException, InterruptedException {
        var snapshots = Stream.<FlinkRest.Snapshot>builder();
        for (FlinkRest.Run run : ended) {
            newest(run.id()).ifPresent(snapshots::add);
        }
        return snapshots.build().max(Comparator.comparing(FlinkRest.Snapshot::takenAt));
    }

    /** Returns the newest of a run that has ended; one that was newest before its end may be deleted. */
    Optional<FlinkRest.Snapshot> newest(JobID id) throws FlinkRestException, InterruptedException {
        awaitEndTold(id);
        return rest.newestSnapshot(id);
    }

    /** Returns when what the cluster says about a run that has ended is from after its end. */
    void awaitEndTold(JobID id) throws FlinkRestException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!rest.tellsEndOf(id) && System.nanoTime() - deadline < 0) {
            FlinkJobs.pause();
        }
    }
}
