package dev.sluice.gateapi.callers.asked;

import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.gateapi.views.Views;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.Executor;

/**
 * What those work with who take questions and answer them.
 *
 * @param bootstrap Kafka's bootstrap servers, by which replicas share the work
 * @param views what is set up, and what was asked
 * @param log keeps both
 * @param egress where may be sent to
 * @param outbound sends
 * @param secrets from where secrets may be taken
 * @param answers runs what follows
 * @param clock the time
 * @param registry counts what comes and goes
 */
public record Means(
        String bootstrap,
        Views views,
        ControlLog log,
        EgressRules egress,
        OutboundRequests outbound,
        TenantSecrets secrets,
        Executor answers,
        Clock clock,
        MeterRegistry registry) {}
