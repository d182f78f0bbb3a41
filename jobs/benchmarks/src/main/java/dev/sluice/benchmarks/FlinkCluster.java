package dev.sluice.benchmarks;

import dev.sluice.streams.JobOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink cluster in this process; its jobs have the settings of the standalone process, but are not restarted. */
final class FlinkCluster implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final MemorySize NETWORK_MEMORY = MemorySize.ofMebiBytes(64);
    private static final MemorySize MANAGED_MEMORY = MemorySize.ofMebiBytes(4);

    private final MiniCluster cluster;
    private final Path checkpoints;

    private FlinkCluster(MiniCluster cluster, Path checkpoints) {
        this.cluster = cluster;
        this.checkpoints = checkpoints;
    }

    /**
     * Starts a cluster.
     *
     * @param slots the greatest parallelism of a job
     * @param checkpoints a directory for them
     */
    static FlinkCluster start(int slots, Path checkpoints) throws Exception {
        var settings = new Configuration();
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK_MEMORY);
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK_MEMORY);
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED_MEMORY);
        var cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .build());
        cluster.start();
        return new FlinkCluster(cluster, checkpoints);
    }

    /**
     * Submits a job.
     *
     * @param job its name
     * @param interval how often it keeps its state
     * @param builder adds it to an environment
     */
    JobID submit(String job, Duration interval, Consumer<StreamExecutionEnvironment> builder) throws Exception {
        Configuration settings = JobOptions.configuration();
        settings.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        var environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        builder.accept(environment);
        var graph = environment.getStreamGraph();
        graph.setJobName(job);
        var jobGraph = graph.getJobGraph();
        cluster.submitJob(jobGraph).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        return jobGraph.getJobID();
    }

    /** Waits until all tasks run; returns when the first source did, in milliseconds since the epoch. */
    long awaitRunning(JobID id) throws InterruptedException, ExecutionException, TimeoutException {
        var waiting = new Deadline("all tasks run", LIMIT);
        while (true) {
            AccessExecutionGraph graph = graph(id);
            boolean running = graph.getState() == JobStatus.RUNNING;
            for (AccessExecutionVertex vertex : graph.getAllExecutionVertices()) {
                running &= vertex.getExecutionState() == ExecutionState.RUNNING;
            }
            if (running) {
                AccessExecutionJobVertex source =
                        graph.getVerticesTopologically().iterator().next();
                long first = Long.MAX_VALUE;
                for (AccessExecutionVertex task : source.getTaskVertices()) {
                    first = Math.min(first, task.getStateTimestamp(ExecutionState.RUNNING));
                }
                return first;
            }
            waiting.pause();
        }
    }

    /** Takes a full checkpoint of a job and returns its size. */
    long checkpointBytes(JobID id) throws InterruptedException, ExecutionException, TimeoutException {
        cluster.triggerCheckpoint(id, CheckpointType.FULL).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        var statistics = graph(id).getCheckpointStatsSnapshot();
        CompletedCheckpointStats latest =
                statistics == null ? null : statistics.getHistory().getLatestCompletedCheckpoint();
        if (latest == null) {
            throw new IllegalStateException("the checkpoint has left no statistics");
        }
        return latest.getStateSize();
    }

    private AccessExecutionGraph graph(JobID id) throws InterruptedException, ExecutionException, TimeoutException {
        return cluster.getExecutionGraph(id).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Cancels a job and waits until it is gone. */
    void cancel(JobID id) throws InterruptedException, ExecutionException, TimeoutException {
        cluster.cancelJob(id).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        cluster.requestJobResult(id).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        cluster.closeAsync().join();
    }
}
