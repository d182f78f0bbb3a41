package dev.sluice.sources.argocd;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.MappedAdapter;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Parts;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.SourceOptions;
import java.util.function.Function;

/**
 * Understands notifications of Argo CD that carry the whole application, as {@code app} or alone. What the application says
 * decides, and not the trigger: some fire for a revision that is not deployed yet.
 */
public final class ArgoCdAdapter extends MappedAdapter {
    /** The labels of an application that name its service and environment, where they are not called so. */
    public static final SourceOptions OPTIONS =
            SourceOptions.of(ArgoApplication.SERVICE_LABEL, ArgoApplication.ENVIRONMENT_LABEL);

    /**
     * Creates the adapter.
     *
     * @param mappings how a connection's names become Sluice's
     */
    public ArgoCdAdapter(Function<String, ConnectionMapping> mappings) {
        super("argocd", mappings);
    }

    @Override
    protected Outcome read(DeliveryReading reading) {
        Place body = reading.body().object();
        boolean isAlone = "Application".equals(body.at("kind").node().textValue());
        var application =
                new ArgoApplication(reading, isAlone ? body : body.at("app").object());
        var parts = new Parts();
        parts.add(application::deployment);
        parts.add(application::check);
        return parts.outcome(new Outcome.Ignored(Reason.UNUSED_EVENT, "the application says nothing"));
    }
}
