package dev.sluice.standalone;

import java.util.function.Consumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job to run.
 *
 * @param name its name
 * @param slots how many slots it takes
 * @param builder adds its operators to an environment
 */
record StandaloneJob(String name, int slots, Consumer<StreamExecutionEnvironment> builder) {}
