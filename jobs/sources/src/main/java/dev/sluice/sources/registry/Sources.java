package dev.sluice.sources.registry;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import dev.sluice.sources.SourceAdapter;
import dev.sluice.sources.alertmanager.AlertmanagerAdapter;
import dev.sluice.sources.argocd.ArgoCdAdapter;
import dev.sluice.sources.cdevents.CdEventsAdapter;
import dev.sluice.sources.corrections.CorrectionsAdapter;
import dev.sluice.sources.github.GitHubAdapter;
import dev.sluice.sources.gitlab.GitLabAdapter;
import dev.sluice.sources.json.JsonAdapter;
import dev.sluice.sources.pagerduty.PagerDutyAdapter;
import dev.sluice.sources.terraform.TerraformAdapter;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** All adapters by the name of their source. Immutable; may be shared by threads. */
public final class Sources implements SourceAdapter {
    /** CDEvents in CloudEvents, sent by anybody. */
    public static final String CLOUDEVENTS = "cloudevents";
    /** Webhooks of GitHub. */
    public static final String GITHUB = "github";
    /** Webhooks of GitLab. */
    public static final String GITLAB = "gitlab";
    /** Webhooks of Prometheus Alertmanager. */
    public static final String ALERTMANAGER = "alertmanager";
    /** Notifications of Argo CD. */
    public static final String ARGOCD = "argocd";
    /** JSON of anybody, by a mapping that the connection declares. */
    public static final String JSON = "json";
    /** Webhooks of PagerDuty. */
    public static final String PAGERDUTY = "pagerduty";
    /** What Terraform writes, sent by the step of a pipeline. */
    public static final String TERRAFORM = "terraform";
    /** Corrections, which the gate API takes from people. */
    public static final String CORRECTIONS = "sluice";

    private final Map<String, SourceAdapter> adapters;

    private Sources(Map<String, SourceAdapter> adapters) {
        this.adapters = Map.copyOf(adapters);
    }

    /**
     * Returns the adapters.
     *
     * @param mappings how to name things, by connection; {@link ConnectionMapping#DEFAULT} for a connection without
     */
    public static Sources of(Map<String, ConnectionMapping> mappings) {
        Map<String, ConnectionMapping> byConnection = Map.copyOf(mappings);
        Function<String, ConnectionMapping> mapping =
                connection -> byConnection.getOrDefault(connection, ConnectionMapping.DEFAULT);
        return new Sources(Map.of(
                CLOUDEVENTS,
                new CdEventsAdapter(mapping),
                GITHUB,
                new GitHubAdapter(mapping),
                GITLAB,
                new GitLabAdapter(mapping),
                ALERTMANAGER,
                new AlertmanagerAdapter(mapping),
                ARGOCD,
                new ArgoCdAdapter(mapping),
                JSON,
                new JsonAdapter(mapping),
                PAGERDUTY,
                new PagerDutyAdapter(mapping),
                TERRAFORM,
                new TerraformAdapter(mapping),
                CORRECTIONS,
                new CorrectionsAdapter()));
    }

    /** Returns the names of the sources that are understood. */
    public Set<String> names() {
        return adapters.keySet();
    }

    @Override
    public Outcome adapt(Delivery delivery) {
        SourceAdapter adapter = adapters.get(delivery.source());
        if (adapter == null) {
            return new Outcome.Malformed(
                    Reason.UNKNOWN_SOURCE, "no adapter understands the source " + delivery.source(), null);
        }
        return adapter.adapt(delivery);
    }
}
