package dev.sluice.gateapi.report;

import dev.sluice.dora.CurrentRow;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Views;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which services there are, what runs where, and what is wrong with it now. */
public final class Services {
    private static final int OK = 200;

    private final Views views;

    /**
     * Creates the report.
     *
     * @param views what is known
     */
    public Services(Views views) {
        this.views = views;
    }

    /** Handles {@code GET /v1/services}. */
    public void list(Context ctx) {
        Completeness.require(views);
        String tenant = Routes.principal(ctx).tenant();
        SortedMap<String, SortedMap<String, Environment>> byService = new TreeMap<>();
        views.doraOf(tenant)
                .forEach(row -> byService
                        .computeIfAbsent(row.service(), name -> new TreeMap<>())
                        .put(row.environment(), Environment.unknown(row.environment())));
        views.currentOf(tenant)
                .forEach(row -> byService
                        .computeIfAbsent(row.service(), name -> new TreeMap<>())
                        .put(row.environment(), Environment.of(row)));
        var services = new ArrayList<Service>();
        byService.forEach((name, environments) -> services.add(new Service(name, List.copyOf(environments.values()))));
        Requests.answer(ctx, OK, new Answer(services));
    }

    record Answer(List<Service> services) {}

    record Service(String service, List<Environment> environments) {}

    /**
     * What runs in an environment.
     *
     * @param environment its name
     * @param deploymentId the deployment that has brought what runs; null where none has succeeded
     * @param version what runs; null where no deployment has succeeded or its version is not known
     * @param sha its commit
     * @param since when it was deployed
     * @param openFailures failed deployments that have not been recovered from; null where that is not known
     * @param oldestOpenFailureAt since when the oldest of them has been one; null where there is none
     * @param openIncidents incidents that are not resolved; null where that is not known
     * @param openIncidentsBySeverity how many of them are of each severity; null where that is not known
     * @param drifted whether some resource has drifted; null where nothing was ever checked
     * @param lastDriftCheckAt when one was checked last; null where nothing was ever checked
     */
    record Environment(
            String environment,
            @Nullable String deploymentId,
            @Nullable String version,
            @Nullable String sha,
            @Nullable Instant since,
            @Nullable Integer openFailures,
            @Nullable Instant oldestOpenFailureAt,
            @Nullable Integer openIncidents,
            @Nullable Map<String, Integer> openIncidentsBySeverity,
            @Nullable Boolean drifted,
            @Nullable Instant lastDriftCheckAt) {
        static Environment unknown(String environment) {
            return new Environment(environment, null, null, null, null, null, null, null, null, null, null);
        }

        static Environment of(CurrentRow row) {
            return new Environment(
                    row.environment(),
                    row.deploymentId(),
                    row.version(),
                    row.sha(),
                    row.since(),
                    row.openFailures(),
                    row.oldestOpenFailureAt(),
                    row.openIncidents(),
                    row.openIncidentsBySeverity(),
                    row.drifted(),
                    row.lastDriftCheckAt());
        }
    }
}
