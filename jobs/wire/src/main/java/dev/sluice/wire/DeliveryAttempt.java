package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import dev.sluice.rollback.DeliveryReport;
import java.time.Instant;

/**
 * What came of sending an order to roll back, or what was answered to it later: a record of {@link Topic#ATTEMPTS}.
 *
 * @param tenant whose service
 * @param service the service
 * @param environment the environment
 * @param order the order's id
 * @param outcome what came of it
 * @param at when
 * @param attempt how often it had been sent with this; 0 where it was not
 * @param words in words, without secrets
 */
public record DeliveryAttempt(
        String tenant,
        String service,
        String environment,
        String order,
        DeliveryReport.Outcome outcome,
        Instant at,
        int attempt,
        String words) {
    public DeliveryAttempt {
        requireNonNull(tenant, "tenant");
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        requireNonNull(order, "order");
        requireNonNull(outcome, "outcome");
        requireNonNull(at, "at");
        requireNonNull(words, "words");
    }

    /** Returns what it says. */
    public DeliveryReport report() {
        return new DeliveryReport(order, outcome, at, attempt, words);
    }

    /** Returns the record key. */
    public String key() {
        return Keys.of(tenant, order);
    }
}
