package dev.sluice.store;

import dev.sluice.dora.DeliveryMetrics;
import java.time.LocalDate;

/**
 * A rolling window of a service in an environment.
 *
 * @param service the service
 * @param environment the environment
 * @param from the first day, in the service's zone
 * @param to the last day
 * @param metrics what the days amount to
 */
public record StoredWindow(String service, String environment, LocalDate from, LocalDate to, DeliveryMetrics metrics) {}
