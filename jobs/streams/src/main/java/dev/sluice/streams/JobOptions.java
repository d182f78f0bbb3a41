package dev.sluice.streams;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;

/**
 * The settings of Flink that belong to each of our jobs, on whatever cluster it runs. Where state and checkpoints are
 * kept belongs to the cluster.
 */
public final class JobOptions {
    /** A checkpoint costs the same whether something has happened or not; after a kill so much is read again. */
    public static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(30);

    private static final Duration CHECKPOINT_PAUSE = Duration.ofSeconds(1);
    /** Each record leaves at once: no thread an exchange that wakes up again and again while nothing happens. */
    private static final Duration BUFFER_TIMEOUT = Duration.ZERO;
    /** Heartbeats move watermarks when they come; this is only how soon a source says that it will send none. */
    private static final Duration WATERMARK_INTERVAL = Duration.ofMillis(500);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    private JobOptions() {}

    /** Returns the settings, to be added to. */
    public static Configuration configuration() {
        var settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, WATERMARK_INTERVAL);
        settings.set(ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT);
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
        settings.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, CHECKPOINT_PAUSE);
        settings.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, FIRST_BACKOFF);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, LONGEST_BACKOFF);
        return settings;
    }
}
