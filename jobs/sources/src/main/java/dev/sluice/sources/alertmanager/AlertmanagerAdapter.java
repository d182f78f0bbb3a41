package dev.sluice.sources.alertmanager;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.MappedAdapter;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Parts;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.SourceOptions;
import java.util.function.Function;

/**
 * Understands webhooks of Alertmanager, version 4 of their format: each alert of the group is an incident of its own, by
 * its own status. That of the group is firing as long as any of its alerts is.
 */
public final class AlertmanagerAdapter extends MappedAdapter {
    /** The labels that name the service, the environment and the severity, where they are not called so. */
    public static final SourceOptions OPTIONS =
            SourceOptions.of(Alerts.SERVICE_LABEL, Alerts.ENVIRONMENT_LABEL, Alerts.SEVERITY_LABEL);

    private static final String VERSION = "4";
    private static final Outcome.Ignored NO_ALERT = new Outcome.Ignored(Reason.UNUSED_EVENT, "the group has no alert");

    /**
     * Creates the adapter.
     *
     * @param mappings how a connection's names become Sluice's
     */
    public AlertmanagerAdapter(Function<String, ConnectionMapping> mappings) {
        super("alertmanager", mappings);
    }

    @Override
    protected Outcome read(DeliveryReading reading) {
        Place body = reading.body().object();
        requireVersion(body.at("version"));
        Place alerts = body.at("alerts").list();
        var reader = new Alerts(reading);
        var parts = new Parts();
        alerts.elements().forEach(alert -> parts.add(() -> reader.read(alert)));
        parts.add(() -> leftOut(body.at("truncatedAlerts")));
        return parts.outcome(NO_ALERT);
    }

    private static void requireVersion(Place version) {
        if (!version.text().equals(VERSION)) {
            throw new Rejection(
                    Reason.UNSUPPORTED_VERSION,
                    "version " + version.text() + " of the webhook is not understood; " + VERSION + " is",
                    version.pointer());
        }
    }

    /** What a receiver's {@code max_alerts} cut off never comes. */
    private static Outcome leftOut(Place truncated) {
        long count = truncated.isAbsent() ? 0 : truncated.number();
        if (count <= 0) {
            return NO_ALERT;
        }
        throw new Rejection(
                Reason.ALERTS_TRUNCATED,
                "Alertmanager left out " + count + " alerts of the group: raise max_alerts of its receiver",
                truncated.pointer());
    }
}
