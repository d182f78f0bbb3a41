package dev.sluice.standalone;

import static java.util.Objects.requireNonNull;

import dev.sluice.dorajob.DoraJobConfig;
import dev.sluice.streams.JobOptions;
import dev.sluice.streams.JobSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * How Sluice runs on this machine.
 *
 * @param data the directory that holds everything
 * @param httpPort the port of the gate API on 127.0.0.1; 0 for a free one
 * @param servers what runs already and is used
 * @param checkpointInterval how often the jobs in this process keep their state
 * @param rebuild whether Kafka's data and the jobs' state are made anew from the archive in ClickHouse
 * @param acceptLoss whether a rebuild goes on without events of Kafka that the archive does not have
 * @param zone the time zone in which the days of services begin
 * @param environment the environment variables, for the gate API
 */
record StandaloneConfig(
        Path data,
        int httpPort,
        OtherServers servers,
        Duration checkpointInterval,
        boolean rebuild,
        boolean acceptLoss,
        ZoneId zone,
        Map<String, String> environment) {
    static final int DEFAULT_HTTP_PORT = 8080;
    /** Environment variable: {@link #httpPort} where no option says it. */
    static final String HTTP_PORT = "SLUICE_HTTP_PORT";

    /** Environment variable: {@link #checkpointInterval} in seconds. */
    static final String CHECKPOINT_SECONDS = "SLUICE_CHECKPOINT_SECONDS";

    private static final long DEFAULT_CHECKPOINT_SECONDS = JobOptions.CHECKPOINT_INTERVAL.toSeconds();
    private static final long LONGEST_CHECKPOINT_SECONDS = 3_600;
    private static final int HIGHEST_PORT = 65_535;

    StandaloneConfig {
        requireNonNull(data, "data");
        requireNonNull(servers, "servers");
        requireNonNull(zone, "zone");
        if (httpPort < 0 || httpPort > HIGHEST_PORT) {
            throw new IllegalArgumentException("the port must be between 0 and 65535: " + httpPort);
        }
        environment = Map.copyOf(environment);
        if (acceptLoss && !rebuild) {
            throw new IllegalArgumentException(Rebuild.ACCEPT_LOSS + " is an option of a rebuild");
        }
        if (rebuild && (servers.kafka() != null || servers.flink() != null)) {
            throw new IllegalArgumentException("--rebuild makes Kafka's data and the jobs' state anew, and those of "
                    + OtherServers.KAFKA + " and " + OtherServers.FLINK + " are not ours: unset them");
        }
    }

    /**
     * Reads the options {@code --data DIR}, {@code --port PORT}, {@code --rebuild} and {@code --accept-loss}.
     *
     * @throws IllegalArgumentException if there are others, or their values or the environment's are wrong
     */
    static StandaloneConfig of(List<String> arguments, Map<String, String> environment) {
        Path data = Path.of(".data");
        String port = environment.getOrDefault(HTTP_PORT, Integer.toString(DEFAULT_HTTP_PORT));
        boolean rebuild = false;
        boolean acceptLoss = false;
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String argument = rest.remove();
            if (argument.equals("--rebuild")) {
                rebuild = true;
                continue;
            }
            if (argument.equals(Rebuild.ACCEPT_LOSS)) {
                acceptLoss = true;
                continue;
            }
            int equals = argument.indexOf('=');
            String option = equals < 0 ? argument : argument.substring(0, equals);
            if (!option.equals("--data") && !option.equals("--port")) {
                throw new IllegalArgumentException("unknown option: " + argument);
            }
            String value = equals < 0 ? rest.poll() : argument.substring(equals + 1);
            if (value == null || value.isEmpty()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            if (option.equals("--data")) {
                data = Path.of(value);
            } else {
                port = value;
            }
        }
        return new StandaloneConfig(
                data.toAbsolutePath().normalize(),
                parsed(port),
                OtherServers.of(environment),
                checkpointInterval(environment),
                rebuild,
                acceptLoss,
                zone(environment),
                environment);
    }

    /** Reads the one setting of the jobs that is not told otherwise, and finds those that are settings no more. */
    private static ZoneId zone(Map<String, String> environment) {
        JobSettings settings = JobSettings.of(environment);
        ZoneId zone = DoraJobConfig.zone(settings);
        settings.throwIfWrong();
        return zone;
    }

    private static Duration checkpointInterval(Map<String, String> environment) {
        String text = environment.getOrDefault(CHECKPOINT_SECONDS, "");
        if (text.isBlank()) {
            return Duration.ofSeconds(DEFAULT_CHECKPOINT_SECONDS);
        }
        try {
            long seconds = Long.parseLong(text.strip());
            if (seconds >= 1 && seconds <= LONGEST_CHECKPOINT_SECONDS) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // reported below like a number out of range
        }
        throw new IllegalArgumentException("%s must be a whole number from 1 to %d, is %s"
                .formatted(CHECKPOINT_SECONDS, LONGEST_CHECKPOINT_SECONDS, text));
    }

    private static int parsed(String port) {
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the port is not a number: " + port, e);
        }
    }
}
