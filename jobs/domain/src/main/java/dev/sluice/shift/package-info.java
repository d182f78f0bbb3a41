/** Shifts: lasting changes of a metric, found in the order of its values. */
@NullMarked
package dev.sluice.shift;

import org.jspecify.annotations.NullMarked;
