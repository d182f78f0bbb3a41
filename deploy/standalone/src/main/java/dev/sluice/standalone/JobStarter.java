package dev.sluice.standalone;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a job where it left off: from its newest complete checkpoint, else from one before it, else from the beginning;
 * and says which.
 *
 * <p>A checkpoint counts as restored when every task of the job runs. A job that fails twice before that cannot be
 * restored from it.
 */
final class JobStarter {
    private static final Logger LOGGER = LoggerFactory.getLogger(JobStarter.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final int TRIES = 2;

    private final JobCluster cluster;
    private final Announcer announcer;

    JobStarter(JobCluster cluster, Announcer announcer) {
        this.cluster = cluster;
        this.announcer = announcer;
    }

    /**
     * Starts a job and returns when all its tasks run.
     *
     * @throws StartException if it does not even start from the beginning
     */
    RunningJob start(StandaloneJob job) throws InterruptedException {
        long started = System.nanoTime();
        List<Path> checkpoints = cluster.checkpoints(job).newestFirst();
        for (Path checkpoint : checkpoints) {
            Attempt attempt = attempt(job, checkpoint);
            String name = "%s of %s"
                    .formatted(
                            checkpoint.getFileName(),
                            Checkpoints.completedAt(checkpoint).toInstant().truncatedTo(ChronoUnit.SECONDS));
            if (attempt.failure() == null) {
                announcer.ok("job %s goes on from checkpoint %s".formatted(job.name(), name), started);
                return running(job, attempt, "started from checkpoint " + name);
            }
            announcer.warn(
                    "job %s cannot be restored from checkpoint %s: %s".formatted(job.name(), name, attempt.failure()));
        }
        Attempt attempt = attempt(job, null);
        if (attempt.failure() != null) {
            throw new StartException("job " + job.name() + " does not start: " + attempt.failure());
        }
        if (checkpoints.isEmpty()) {
            announcer.ok("job " + job.name() + " starts from the beginning (no checkpoint yet)", started);
            return running(job, attempt, "started from the beginning (there was no checkpoint)");
        }
        announcer.ok("job " + job.name() + " rebuilds from the beginning (no checkpoint can be restored)", started);
        return running(job, attempt, "rebuilt from the beginning (no checkpoint could be restored)");
    }

    private RunningJob running(StandaloneJob job, Attempt attempt, String origin) {
        var running = new RunningJob(job.name(), attempt.id(), origin);
        cluster.add(running);
        return running;
    }

    private Attempt attempt(StandaloneJob job, @Nullable Path checkpoint) throws InterruptedException {
        JobGraph graph = graph(job, checkpoint);
        JobID id = graph.getJobID();
        try {
            cluster.flink().submitJob(graph).get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            Optional<String> failure = awaitRunning(id, checkpoint == null ? Integer.MAX_VALUE : TRIES);
            if (failure.isPresent()) {
                withdraw(id);
            }
            return new Attempt(id, failure.orElse(null));
        } catch (ExecutionException e) {
            LOGGER.atWarn().addKeyValue("job", job.name()).setCause(e).log("job was refused");
            return new Attempt(id, firstLine(e));
        } catch (TimeoutException e) {
            throw new StartException("Flink does not answer", e);
        }
    }

    private JobGraph graph(StandaloneJob job, @Nullable Path checkpoint) {
        var environment = StreamExecutionEnvironment.getExecutionEnvironment(cluster.settings(job));
        job.builder().accept(environment);
        StreamGraph stream = environment.getStreamGraph();
        stream.setJobName(job.name());
        JobGraph graph = stream.getJobGraph();
        if (checkpoint != null) {
            graph.setSavepointRestoreSettings(
                    SavepointRestoreSettings.forPath(checkpoint.toUri().toString(), false));
        }
        return graph;
    }

    /** Returns why the job does not run; empty when all its tasks do. */
    private Optional<String> awaitRunning(JobID id, int tries)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        int failures = 0;
        long lastFailure = 0;
        while (System.nanoTime() - deadline < 0) {
            AccessExecutionGraph graph =
                    cluster.flink().getExecutionGraph(id).get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (isRunning(graph)) {
                return Optional.empty();
            }
            ErrorInfo failure = graph.getFailureInfo();
            if (failure != null && failure.getTimestamp() != lastFailure) {
                lastFailure = failure.getTimestamp();
                failures++;
                LOGGER.atWarn()
                        .addKeyValue("job", id)
                        .setCause(failure.getException())
                        .log("job failed before all its tasks ran");
            }
            if (graph.getState().isGloballyTerminalState() || failures >= tries) {
                return Optional.of(failure == null ? graph.getState().name() : rootCause(failure));
            }
            LockSupport.parkNanos(POLL.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return Optional.of("its tasks did not run within " + LIMIT.toMinutes() + " minutes");
    }

    private static boolean isRunning(AccessExecutionGraph graph) {
        if (graph.getState() != JobStatus.RUNNING) {
            return false;
        }
        for (AccessExecutionVertex vertex : graph.getAllExecutionVertices()) {
            if (vertex.getExecutionState() != ExecutionState.RUNNING) {
                return false;
            }
        }
        return true;
    }

    private void withdraw(JobID id) throws InterruptedException, ExecutionException, TimeoutException {
        if (!cluster.flink()
                .getJobStatus(id)
                .get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .isGloballyTerminalState()) {
            cluster.flink().cancelJob(id).get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            cluster.flink().requestJobResult(id).get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    static String rootCause(ErrorInfo failure) {
        return firstLine(failure.getException().deserializeError(JobStarter.class.getClassLoader()));
    }

    private static String firstLine(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        String text = message == null ? cause.getClass().getSimpleName() : message;
        return text.lines().findFirst().orElse(text);
    }

    /**
     * A try to start a job.
     *
     * @param id the run
     * @param failure why it does not run; null if it does
     */
    private record Attempt(JobID id, @Nullable String failure) {}
}
