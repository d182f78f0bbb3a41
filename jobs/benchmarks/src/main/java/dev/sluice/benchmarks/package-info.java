/** Measurements; never a dependency of anything. */
@NullMarked
package dev.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
