/** Measures what the budgets speak of, by one command; never a dependency of anything. */
@NullMarked
package dev.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
