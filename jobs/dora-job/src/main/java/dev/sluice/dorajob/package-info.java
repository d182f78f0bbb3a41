/** The job that turns delivery events into metrics: graph, references, delivery. */
@NullMarked
package dev.sluice.dorajob;

import org.jspecify.annotations.NullMarked;
