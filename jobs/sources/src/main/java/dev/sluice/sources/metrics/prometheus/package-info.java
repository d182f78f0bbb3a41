/** The bodies of Prometheus' remote write, versions 1 and 2, read as series. */
@NullMarked
package dev.sluice.sources.metrics.prometheus;

import org.jspecify.annotations.NullMarked;
