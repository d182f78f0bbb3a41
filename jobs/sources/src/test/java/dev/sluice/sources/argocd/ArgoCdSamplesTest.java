package dev.sluice.sources.argocd;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Samples;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Notifications by the template of the reference, and applications of Argo CD's own tests, which name nothing. */
class ArgoCdSamplesTest {
    private static final String APP = "argocd/4f3b68fc-126f-4df3-8961-c70d4d18f045";

    private static final String OWN = """
            notification_on_deployed.json        | SUCCESS %1$s#42 checkout production 2026-03-04T10:01:40Z; no drift checkout production checkout-production 2026-12-01T00:00:00Z
            notification_on_health_degraded.json | FAILURE %1$s#42 checkout production 2026-03-04T10:01:40Z; no drift checkout production checkout-production 2026-12-01T00:00:00Z
            notification_on_sync_failed.json     | FAILURE %1$s#sync-2026-03-04T10:00:10Z checkout production 2026-03-04T10:00:40Z
            notification_on_sync_running.json    | IGNORED UNUSED_ACTION
            notification_out_of_sync_drift.json  | SUCCESS %1$s#42 checkout production 2026-03-04T10:01:40Z; drift checkout production checkout-production 2026-12-01T00:00:00Z
            """.formatted(APP);

    private static final String SHARED = OWN + """
            application_degraded_minimal.json    | MALFORMED MISSING_FIELD /metadata
            application_healthy_minimal.json     | MALFORMED MISSING_FIELD /metadata
            """;

    @Test
    void understandsOwnSamples() throws IOException {
        Samples.checkOwn("argocd", OWN, ArgoCdSamplesTest::adapt);
    }

    @Test
    void understandsEverySharedSample() throws IOException {
        Samples.checkShared("argo-cd", "", SHARED, ArgoCdSamplesTest::adapt);
    }

    private static Outcome adapt(byte[] body) {
        return new ArgoCdAdapter(connection -> ConnectionMapping.DEFAULT)
                .adapt(Deliveries.late("argocd", Map.of(), body));
    }
}
