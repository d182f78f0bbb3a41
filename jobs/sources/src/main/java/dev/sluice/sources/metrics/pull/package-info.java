/** Asks sources of metrics for series: of a range of time, without waiting for the answer. */
@NullMarked
package dev.sluice.sources.metrics.pull;

import org.jspecify.annotations.NullMarked;
