package dev.sluice.streams;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What the {@code main} of each job does once it knows its settings. */
public final class JobProgram {
    private static final String PREFIX = "sluice-";

    private JobProgram() {}

    /** Returns the name that a cluster shows for a job. */
    public static String nameOnCluster(String job) {
        return PREFIX + job;
    }

    /** Returns whether a cluster shows a job of ours under a name. */
    public static boolean isOnCluster(String name) {
        return name.startsWith(PREFIX);
    }

    /**
     * Runs a job on the cluster that calls its {@code main}. Whoever calls it, the run says which Kafka it is for.
     *
     * @param job the job's name
     * @param settings all of its settings, by name
     * @param builder adds its operators to an environment
     */
    public static void run(String job, Map<String, String> settings, Consumer<StreamExecutionEnvironment> builder)
            throws Exception {
        var environment = StreamExecutionEnvironment.getExecutionEnvironment(JobOptions.configuration());
        describe(environment, settings);
        builder.accept(environment);
        environment.execute(nameOnCluster(job));
    }

    /** Adds what a run says about itself to the parameters that it was given. */
    static void describe(StreamExecutionEnvironment environment, Map<String, String> settings) {
        Map<String, String> parameters =
                new HashMap<>(environment.getConfig().getGlobalJobParameters().toMap());
        parameters.putAll(RunParameters.of(settings));
        environment.getConfig().setGlobalJobParameters(Configuration.fromMap(parameters));
    }
}
