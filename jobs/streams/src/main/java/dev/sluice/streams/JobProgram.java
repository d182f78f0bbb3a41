package dev.sluice.streams;

import java.util.function.Consumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What the {@code main} of each job does once it knows its settings. */
public final class JobProgram {
    private static final String PREFIX = "sluice-";

    private JobProgram() {}

    /** Returns the name that a cluster shows for a job. */
    public static String nameOnCluster(String job) {
        return PREFIX + job;
    }

    /**
     * Runs a job on the cluster that calls its {@code main}.
     *
     * @param job the job's name
     * @param builder adds its operators to an environment
     */
    public static void run(String job, Consumer<StreamExecutionEnvironment> builder) throws Exception {
        var environment = StreamExecutionEnvironment.getExecutionEnvironment(JobOptions.configuration());
        builder.accept(environment);
        environment.execute(nameOnCluster(job));
    }
}
