/** Selection: from series as sources of metrics give them to points of canary runs. */
@NullMarked
package dev.sluice.sources.metrics.selection;

import org.jspecify.annotations.NullMarked;
