package dev.sluice.sources.metrics;

/** How the numbers of a series relate to each other. */
public enum Temporality {
    /** The protocol does not say: remote write does not tell a counter from a gauge. */
    UNKNOWN,
    /** Each number is a level, by itself. */
    GAUGE,
    /** Each number is what came since the point before. */
    DELTA,
    /** Each number is what came since the series began; it falls only where the series begins anew. */
    CUMULATIVE
}
