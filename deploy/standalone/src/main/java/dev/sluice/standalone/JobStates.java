package dev.sluice.standalone;

import java.io.IOException;
import java.util.Optional;
import org.apache.flink.api.common.JobStatus;

/** A cluster whose jobs are watched. */
interface JobStates {
    /** Returns how a job stands; nothing if the cluster does not know it any more. */
    Optional<JobStatus> status(RunningJob job) throws InterruptedException, IOException;

    /** Returns in one line what a job failed of last. */
    String reason(RunningJob job) throws InterruptedException, IOException;

    /** Deletes what was left by earlier runs of a job, if it is not needed any more; returns whether that is done. */
    boolean tidy(RunningJob job);

    /** Keeps in mind where the newest state of a job that runs is, if the cluster may forget that. */
    default void remember(RunningJob job) throws InterruptedException, IOException {}
}
