package dev.sluice.gateapi.callers.kayenta;

import static java.util.Objects.requireNonNull;

import dev.sluice.gateapi.report.StoreQueries;
import dev.sluice.gateapi.views.Views;
import dev.sluice.sources.metrics.pull.DatadogRangeClient;
import dev.sluice.sources.metrics.pull.MetricSources;
import dev.sluice.sources.metrics.pull.MetricSources.TextFiles;
import dev.sluice.sources.metrics.pull.OutgoingRequests;
import dev.sluice.sources.metrics.pull.PrometheusRangeClient;
import dev.sluice.sources.metrics.pull.Source;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Kayenta calls accounts: the sources of metrics of the file, and {@value #STORE}, which keeps configs and judgements, and has
 * what was measured of canary runs. Whoever names another account for configs or judgements means it, too: there is one store.
 */
final class Accounts {
    /** The account that keeps configs and judgements. */
    static final String STORE = "sluice";

    private static final String PROMETHEUS = "prometheus";

    private final Map<String, Asked> sources;

    private final Views views;
    private final StoreQueries store;

    Accounts(
            MetricSources sources,
            TextFiles files,
            OutgoingRequests requests,
            Views views,
            StoreQueries store,
            Clock clock) {
        this.views = views;
        this.store = store;
        Map<String, Asked> asked = new HashMap<>();
        sources.byName().forEach((name, source) -> {
            if (source instanceof Source.Prometheus) {
                var client = new PrometheusRangeClient(source.endpoint(files), requests);
                asked.put(name, new Asked(PROMETHEUS, new PrometheusSource(name, client), source.tenants()));
            } else if (source instanceof Source.Datadog) {
                var client = new DatadogRangeClient(source.endpoint(files), requests);
                asked.put(
                        name, new Asked(DatadogSource.TYPE, new DatadogSource(name, client, clock), source.tenants()));
            } // what Kayenta has no type for is no account
        });
        this.sources = Map.copyOf(asked);
    }

    /**
     * A source that may be asked.
     *
     * @param type what Kayenta calls it
     * @param source asks it
     * @param tenants for whom; for all if there are none
     */
    private record Asked(String type, MetricSource source, Set<String> tenants) {
        boolean isFor(String tenant) {
            return tenants.isEmpty() || tenants.contains(tenant);
        }
    }

    private List<String> names(String tenant) {
        return sources.entrySet().stream()
                .filter(source -> source.getValue().isFor(tenant))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /**
     * Returns the source of an account.
     *
     * @param tenant who asks
     * @param name of the account; empty for the only one of the file
     * @throws dev.sluice.gateapi.http.ApiException 400 if there is none, or several
     */
    MetricSource metrics(String tenant, Optional<String> name) {
        List<String> names = names(tenant);
        if (name.isEmpty() && names.size() != 1) {
            throw Members.problem(
                    names.isEmpty()
                            ? "no source of metrics is set up; SLUICE_METRIC_SOURCES names a file of them"
                            : "metricsAccountName is required: there are several sources of metrics");
        }
        String wanted = name.orElseGet(() -> names.get(0));
        Asked source = sources.get(wanted);
        if (source != null && source.isFor(tenant)) {
            return source.source();
        }
        if (!wanted.equals(STORE)) {
            throw Members.problem("there is no source of metrics " + wanted);
        }
        return new StoredRuns(tenant, views, store);
    }

    /** Returns the accounts of a tenant. */
    List<Account> all(String tenant) {
        var accounts = new ArrayList<Account>();
        accounts.add(new Account(
                STORE, STORE, List.of("CONFIGURATION_STORE", "METRICS_STORE", "OBJECT_STORE"), List.of(), List.of()));
        names(tenant)
                .forEach(name -> accounts.add(new Account(
                        name,
                        requireNonNull(sources.get(name)).type(),
                        List.of("METRICS_STORE"),
                        List.of(),
                        List.of())));
        return accounts;
    }

    /**
     * An account as it is listed.
     *
     * @param name its name
     * @param type who it is
     * @param supportedTypes what it is for
     * @param locations where it is; none
     * @param recommendedLocations where it is, as a user interface offers it; none
     */
    record Account(
            String name,
            String type,
            List<String> supportedTypes,
            List<String> locations,
            List<String> recommendedLocations) {}
}
