package dev.sluice.standalone;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the jobs: tells when one fails and when it runs again, and has deleted what nobody needs any more. */
final class JobWatch implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(JobWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Set<JobStatus> FAILING =
            EnumSet.of(JobStatus.FAILING, JobStatus.RESTARTING, JobStatus.FAILED, JobStatus.SUSPENDED);

    private final JobStates cluster;
    private final List<RunningJob> jobs;
    private final Announcer announcer;
    private final PartBoard board;
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final Map<String, JobStatus> told = new HashMap<>();
    private final Set<String> tidied = new HashSet<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private boolean answers = true;

    JobWatch(JobStates cluster, List<RunningJob> jobs, Announcer announcer, PartBoard board) {
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
                tryToLook();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tryToLook() throws InterruptedException {
        try {
            for (RunningJob job : jobs) {
                look(job);
            }
            if (!answers) {
                answers = true;
                announcer.ok("Flink answers again");
            }
        } catch (IOException e) {
            if (closing.getCount() > 0) {
                LOGGER.atWarn().setCause(e).log("status of a job cannot be told");
                if (answers) {
                    answers = false;
                    announcer.warn("how the jobs stand cannot be told: " + e.getMessage());
                }
                jobs.forEach(job -> board.set("job " + job.name(), "unknown, Flink does not answer"));
            }
        }
    }

    private void look(RunningJob job) throws InterruptedException, IOException {
        Optional<JobStatus> found = cluster.status(job);
        if (found.isEmpty()) {
            failure.complete("job " + job.name() + " has ended: Flink does not know it any more");
            return;
        }
        JobStatus status = found.get();
        JobStatus before = told.getOrDefault(job.name(), JobStatus.RUNNING);
        if (status.isGloballyTerminalState()) {
            failure.complete("job %s has ended: %s"
                    .formatted(
                            job.name(),
                            status == JobStatus.FAILED
                                    ? cluster.reason(job)
                                    : status.name().toLowerCase(Locale.ROOT)));
        } else if (FAILING.contains(status) && before == JobStatus.RUNNING) {
            announcer.warn("job " + job.name() + " failed and is started again: " + cluster.reason(job));
        } else if (status == JobStatus.RUNNING && before != JobStatus.RUNNING) {
            announcer.ok("job " + job.name() + " runs again");
        }
        if (FAILING.contains(status) || status == JobStatus.RUNNING) {
            told.put(job.name(), FAILING.contains(status) ? JobStatus.RESTARTING : status);
        }
        board.set("job " + job.name(), status.name().toLowerCase(Locale.ROOT) + ", " + job.origin());
        if (status == JobStatus.RUNNING) {
            cluster.remember(job);
        }
        if (!tidied.contains(job.name()) && cluster.tidy(job)) {
            tidied.add(job.name());
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
