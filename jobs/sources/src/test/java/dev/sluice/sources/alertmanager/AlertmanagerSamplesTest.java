package dev.sluice.sources.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Samples;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Alertmanager 0.25 sent for alerts of a Prometheus, and what others publish. */
class AlertmanagerSamplesTest {
    private static final String LATENCY = "incident DETECTED alertmanager/3e2d24671805a27a@2026-11-22T21:41:56.625Z"
            + " checkout production 2026-11-22T21:41:56.625Z;"
            + " incident DETECTED alertmanager/a7409ed59785d6cd@2026-11-22T21:41:56.625Z"
            + " checkout production 2026-11-22T21:41:56.625Z";
    private static final String ERRORS = "alertmanager/6f8e31cc73cfeb2b@2026-11-22T21:41:53.303Z checkout production ";

    private static final String OWN = """
            firing_from_prometheus_rule.json   | incident DETECTED %2$s2026-11-22T21:41:53.303Z
            firing_group2_attempt1_got503.json | %1$s
            firing_group2_retry_identical.json | %1$s
            resolved.json                      | incident RESOLVED alertmanager/a7409ed59785d6cd@2026-11-22T21:41:56.625Z checkout production 2026-11-22T21:42:06Z
            resolved_from_prometheus_rule.json | incident RESOLVED %2$s2026-11-22T21:49:41.303Z
            """.formatted(LATENCY, ERRORS);

    private static final String SHARED = """
            alertmanager_firing_alerta.json                 | incident DETECTED alertmanager/2f30fca22fdaa8ef@2017-08-03T19:17:37.804Z null null 2017-08-03T19:17:37.804Z
            alertmanager_v034_extra_fields_derived.json     | incident DETECTED %2$s2026-11-22T21:41:53.303Z; skipped MALFORMED ALERTS_TRUNCATED /truncatedAlerts
            """.formatted(LATENCY, ERRORS) + OWN.replaceAll("(?m)^", "alertmanager_");

    @Test
    void understandsWhatAlertmanagerSent() throws IOException {
        Samples.checkOwn("alertmanager", OWN, AlertmanagerSamplesTest::adapt);
    }

    @Test
    void understandsEverySharedSample() throws IOException {
        Samples.checkShared("prometheus", "alertmanager_", SHARED.strip(), AlertmanagerSamplesTest::adapt);
    }

    @Test
    void retryGivesTheSameEvents() {
        assertThat(adapt(Deliveries.payload("alertmanager/firing_group2_retry_identical.json")))
                .isEqualTo(adapt(Deliveries.payload("alertmanager/firing_group2_attempt1_got503.json")));
    }

    private static Outcome adapt(byte[] body) {
        return new AlertmanagerAdapter(connection -> ConnectionMapping.DEFAULT)
                .adapt(Deliveries.late("alertmanager", Map.of(), body));
    }
}
