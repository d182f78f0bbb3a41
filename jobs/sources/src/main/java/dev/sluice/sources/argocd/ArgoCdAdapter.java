package dev.sluice.sources.argocd;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Parts;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.SourceAdapter;
import dev.sluice.sources.SourceOptions;
import java.util.function.Function;

/**
 * Understands notifications of Argo CD that carry the whole application, as {@code app} or alone. What the application says
 * decides, and not the trigger: some fire for a revision that is not deployed yet.
 */
public final class ArgoCdAdapter implements SourceAdapter {
    /** The labels of an application that name its service and environment, where they are not called so. */
    public static final SourceOptions OPTIONS =
            SourceOptions.of(ArgoApplication.SERVICE_LABEL, ArgoApplication.ENVIRONMENT_LABEL);

    static final String SOURCE = "argocd";

    private final Function<String, ConnectionMapping> mappings;

    /**
     * Creates the adapter.
     *
     * @param mappings how a connection's names become Sluice's
     */
    public ArgoCdAdapter(Function<String, ConnectionMapping> mappings) {
        this.mappings = mappings;
    }

    @Override
    public Outcome adapt(Delivery delivery) {
        try {
            Place body = Documents.read(delivery.body()).object();
            boolean isAlone = "Application".equals(body.at("kind").node().textValue());
            var application = new ArgoApplication(
                    new DeliveryReading(delivery, mappings.apply(delivery.connection()), SOURCE),
                    isAlone ? body : body.at("app").object());
            var parts = new Parts();
            parts.add(application::deployment);
            parts.add(application::check);
            return parts.outcome(new Outcome.Ignored(Reason.UNUSED_EVENT, "the application says nothing"));
        } catch (Rejection e) {
            return e.outcome();
        }
    }
}
