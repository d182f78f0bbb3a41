package dev.sluice.sources.pagerduty;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Samples;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What PagerDuty and its libraries publish. */
class PagerDutySamplesTest {
    private static final String OWN = """
            v3_pagey_ping.json                    | IGNORED PING
            """;

    private static final String SHARED = OWN + """
            legacy_v1_messages.json               | MALFORMED UNSUPPORTED_VERSION /messages
            v3_incident_acknowledged_derived.json | incident ACKNOWLEDGED pagerduty/PT4KHLK My Mail Service null 2026-05-20T14:03:10Z
            v3_incident_reopened_derived.json     | incident REOPENED pagerduty/PT4KHLK My Mail Service null 2026-05-20T15:05:00Z
            v3_incident_resolved_derived.json     | incident RESOLVED pagerduty/PT4KHLK My Mail Service null 2026-05-20T14:41:00Z
            v3_incident_triggered.json            | incident DETECTED pagerduty/PT4KHLK My Mail Service null 2026-05-20T14:00:00Z
            """;

    @Test
    void understandsOwnSamples() throws IOException {
        Samples.checkOwn("pagerduty", OWN, PagerDutySamplesTest::adapt);
    }

    @Test
    void understandsEverySharedSample() throws IOException {
        Samples.checkShared("pagerduty", "", SHARED, PagerDutySamplesTest::adapt);
    }

    private static Outcome adapt(byte[] body) {
        return new PagerDutyAdapter(connection -> ConnectionMapping.DEFAULT)
                .adapt(Deliveries.late("pagerduty", Map.of(), body));
    }
}
