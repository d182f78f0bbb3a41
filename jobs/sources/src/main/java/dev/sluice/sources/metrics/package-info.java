/** What pushes of metrics say: series of points, whatever protocol brought them. */
@NullMarked
package dev.sluice.sources.metrics;

import org.jspecify.annotations.NullMarked;
