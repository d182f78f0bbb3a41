package dev.sluice.standalone;

import dev.sluice.streams.JobOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Flink cluster in this JVM and the jobs that run on it. */
final class JobCluster implements JobStates, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(JobCluster.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int RETAINED_CHECKPOINTS = 3;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration LAST_CHECKPOINT_LIMIT = Duration.ofSeconds(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final MemorySize NETWORK_MEMORY = MemorySize.ofMebiBytes(64);
    /** No state backend of ours uses it. */
    private static final MemorySize MANAGED_MEMORY = MemorySize.ofMebiBytes(4);

    private final MiniCluster cluster;
    private final Duration checkpointInterval;
    private final Path checkpoints;
    private final List<RunningJob> jobs = new CopyOnWriteArrayList<>();

    private JobCluster(MiniCluster cluster, Duration checkpointInterval, Path checkpoints) {
        this.checkpointInterval = checkpointInterval;
        this.cluster = cluster;
        this.checkpoints = checkpoints;
    }

    /**
     * Starts a cluster without jobs.
     *
     * @param slots how many slots it has
     * @param checkpointInterval how often jobs keep their state
     * @param checkpoints where jobs keep their checkpoints, one directory each
     * @param temporary where it may keep files while it runs
     */
    static JobCluster start(int slots, Duration checkpointInterval, Path checkpoints, Path temporary) throws Exception {
        var settings = new Configuration();
        settings.set(RestOptions.ADDRESS, LOOPBACK);
        settings.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        settings.set(RestOptions.BIND_PORT, "0");
        // the common bind address below is of the RPC servers alone; the BLOB server has this one
        settings.set(JobManagerOptions.BIND_HOST, LOOPBACK);
        settings.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
        settings.set(WebOptions.SUBMIT_ENABLE, false);
        settings.set(WebOptions.CANCEL_ENABLE, false);
        settings.set(CoreOptions.TMP_DIRS, temporary.toString());
        settings.set(
                BlobServerOptions.STORAGE_DIRECTORY, temporary.resolve("blobs").toString());
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK_MEMORY);
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK_MEMORY);
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED_MEMORY);
        settings.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, RETAINED_CHECKPOINTS);
        var cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .setCommonBindAddress(LOOPBACK)
                .build());
        cluster.start();
        return new JobCluster(cluster, checkpointInterval, checkpoints);
    }

    MiniCluster flink() {
        return cluster;
    }

    /** Returns the checkpoints of a job on disk. */
    Checkpoints checkpoints(StandaloneJob job) {
        return new Checkpoints(checkpoints.resolve(job.name()));
    }

    /** Returns the settings of a job. */
    Configuration settings(StandaloneJob job) {
        Configuration settings = JobOptions.configuration();
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpointInterval);
        settings.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                checkpoints(job).directory().toUri().toString());
        settings.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, RETAINED_CHECKPOINTS);
        return settings;
    }

    /** Keeps a job in mind: it is stopped when the cluster is. */
    void add(RunningJob job) {
        jobs.add(job);
    }

    @Override
    public Optional<JobStatus> status(RunningJob job) throws InterruptedException, IOException {
        return Optional.of(answer(cluster.getJobStatus(job.id())));
    }

    @Override
    public String reason(RunningJob job) throws InterruptedException, IOException {
        ErrorInfo info = answer(cluster.getExecutionGraph(job.id())).getFailureInfo();
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
    public boolean tidy(RunningJob job) {
        return new Checkpoints(checkpoints.resolve(job.name()))
                .pruneBefore(job.id().toString());
    }

    private static <T> T answer(CompletableFuture<T> future) throws InterruptedException, IOException {
        try {
            return future.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("Flink does not answer", e);
        }
    }

    /**
     * Takes a last checkpoint of every job, stops them and the cluster. What takes too long is left: the checkpoint
     * before it is good too.
     */
    @Override
    public void close() {
        var last = new ArrayList<CompletableFuture<?>>();
        for (RunningJob job : jobs) {
            last.add(cluster.triggerCheckpoint(job.id(), CheckpointType.FULL));
        }
        await(
                "the last checkpoints",
                CompletableFuture.allOf(last.toArray(CompletableFuture<?>[]::new)),
                LAST_CHECKPOINT_LIMIT);
        await("the Flink cluster", cluster.closeAsync(), STOP_LIMIT);
    }

    private static void await(String what, CompletableFuture<?> future, Duration limit) {
        try {
            future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOGGER.atInfo().addKeyValue("what", what).setCause(e).log("not waited for any longer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
