package dev.sluice.sources.terraform;

import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the step of a pipeline says in the URL, for Terraform knows none of it.
 *
 * @param service what is deployed or checked
 * @param environment where
 * @param resource which of the service's configurations: a stack, a workspace
 * @param run the run of the pipeline
 * @param applies whether the step says that it ran {@code terraform apply}
 * @param repository the repository of {@code sha}
 * @param sha the commit that was applied
 * @param version what was applied, as its users call it
 * @param interval how long until the next check is due
 */
record TerraformRun(
        String service,
        String environment,
        String resource,
        String run,
        boolean applies,
        @Nullable String repository,
        @Nullable String sha,
        @Nullable String version,
        @Nullable Duration interval) {
    static final String RUN = "run";

    private static final String SERVICE = "service";
    private static final String ENVIRONMENT = "environment";
    private static final String RESOURCE = "resource";
    private static final String COMMAND = "command";
    private static final String REPOSITORY = "repository";
    private static final String SHA = "sha";
    private static final String VERSION = "version";
    private static final String INTERVAL = "interval";
    private static final String APPLY = "apply";
    private static final String PLAN = "plan";
    private static final Duration LONGEST = Duration.ofDays(366);

    /** The names of all parameters. */
    static final Set<String> PARAMETERS =
            Set.of(SERVICE, ENVIRONMENT, RESOURCE, RUN, COMMAND, REPOSITORY, SHA, VERSION, INTERVAL);

    /**
     * Reads the parameters of a delivery.
     *
     * @throws Rejection if one is missing or wrong
     */
    static TerraformRun of(DeliveryReading reading) {
        Map<String, String> given = reading.delivery().parameters();
        String service = required(SERVICE, reading.service(given.get(SERVICE)));
        String command = given.get(COMMAND);
        if (command != null && !command.equals(APPLY) && !command.equals(PLAN)) {
            throw wrong(COMMAND, "must be " + APPLY + " or " + PLAN);
        }
        return new TerraformRun(
                service,
                required(ENVIRONMENT, reading.environment(given.get(ENVIRONMENT))),
                given.getOrDefault(RESOURCE, service),
                required(RUN, given.get(RUN)),
                APPLY.equals(command),
                given.get(REPOSITORY),
                given.get(SHA),
                given.get(VERSION),
                interval(given.get(INTERVAL)));
    }

    /** The native id of what the run did to the resource: one attempt, or one check. */
    String nativeId() {
        return resource + "#" + run;
    }

    private static String required(String name, @Nullable String value) {
        if (value == null) {
            throw new Rejection(Reason.MISSING_FIELD, "the URL lacks the parameter " + name, null);
        }
        return value;
    }

    private static @Nullable Duration interval(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Duration interval;
        try {
            interval = Duration.parse(text);
        } catch (DateTimeException e) {
            throw wrong(INTERVAL, "must be a duration of ISO 8601, e.g. PT1H");
        }
        if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.compareTo(LONGEST) > 0) {
            throw wrong(INTERVAL, "must be of one second to " + LONGEST.toDays() + " days");
        }
        return interval;
    }

    private static Rejection wrong(String name, String detail) {
        return new Rejection(Reason.WRONG_VALUE, "the URL's parameter " + name + " " + detail, null);
    }
}
