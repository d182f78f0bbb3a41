/** How often canary analysis is wrong, and how long it takes: simulations against other procedures. */
@NullMarked
package dev.sluice.benchmarks.accuracy;

import org.jspecify.annotations.NullMarked;
