/** Intake: from points as sources give them to buckets that are complete. */
@NullMarked
package dev.sluice.canary.intake;

import org.jspecify.annotations.NullMarked;
