package dev.sluice.canary;

import org.jspecify.annotations.Nullable;

/**
 * What was counted of one arm.
 *
 * @param n requests, seconds, or, of a gauge, buckets
 * @param events how many of them were events, or slow; null of a gauge
 */
public record ArmCounts(double n, @Nullable Double events) {}
