package dev.sluice.standalone;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the jobs: tells when one fails and when it runs again, and deletes checkpoints that nobody needs any more. */
final class JobWatch implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(JobWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Set<JobStatus> FAILING =
            EnumSet.of(JobStatus.FAILING, JobStatus.RESTARTING, JobStatus.FAILED, JobStatus.SUSPENDED);

    private final JobCluster cluster;
    private final List<Watched> jobs;
    private final Announcer announcer;
    private final PartBoard board;
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final Map<String, JobStatus> told = new HashMap<>();
    private final Set<String> pruned = new HashSet<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    JobWatch(JobCluster cluster, List<Watched> jobs, Announcer announcer, PartBoard board) {
        this.cluster = cluster;
        this.jobs = List.copyOf(jobs);
        this.announcer = announcer;
        this.board = board;
    }

    /** Begins to watch; returns what is completed with a sentence when a job has failed for good. */
    CompletableFuture<String> start() {
        var watch = Threads.daemon("job-watch").newThread(this::watch);
        watch.setUncaughtExceptionHandler((thread, e) -> failure.completeExceptionally(e));
        watch.start();
        return failure;
    }

    private void watch() {
        try {
            while (!closing.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                for (Watched watched : jobs) {
                    tryToLook(watched);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tryToLook(Watched watched) throws InterruptedException {
        try {
            look(watched);
        } catch (TimeoutException | ExecutionException e) {
            if (closing.getCount() > 0) {
                LOGGER.atWarn()
                        .addKeyValue("job", watched.job().name())
                        .setCause(e)
                        .log("status of a job cannot be told");
            }
        }
    }

    private void look(Watched watched) throws InterruptedException, ExecutionException, TimeoutException {
        RunningJob job = watched.job();
        JobStatus status = cluster.flink().getJobStatus(job.id()).get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        JobStatus before = told.getOrDefault(job.name(), JobStatus.RUNNING);
        if (status.isGloballyTerminalState()) {
            failure.complete("job " + job.name() + " has ended: " + reason(job));
        } else if (FAILING.contains(status) && before == JobStatus.RUNNING) {
            announcer.warn("job " + job.name() + " failed and is started again: " + reason(job));
        } else if (status == JobStatus.RUNNING && before != JobStatus.RUNNING) {
            announcer.ok("job " + job.name() + " runs again");
        }
        if (FAILING.contains(status) || status == JobStatus.RUNNING) {
            told.put(job.name(), FAILING.contains(status) ? JobStatus.RESTARTING : status);
        }
        board.set("job " + job.name(), status.name().toLowerCase(Locale.ROOT) + ", " + job.origin());
        if (!pruned.contains(job.name())
                && watched.checkpoints().pruneBefore(job.id().toString())) {
            pruned.add(job.name());
        }
    }

    private String reason(RunningJob job) throws InterruptedException, ExecutionException, TimeoutException {
        ErrorInfo info = cluster.flink()
                .getExecutionGraph(job.id())
                .get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .getFailureInfo();
        if (info == null) {
            return "no reason is known";
        }
        LOGGER.atWarn()
                .addKeyValue("job", job.name())
                .setCause(info.getException())
                .log("job failed");
        return JobStarter.rootCause(info);
    }

    @Override
    public void close() {
        closing.countDown();
    }

    /**
     * A job to watch.
     *
     * @param job the job
     * @param checkpoints its checkpoints on disk
     */
    record Watched(RunningJob job, Checkpoints checkpoints) {}
}
