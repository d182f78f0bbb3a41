/** Evidence: e-processes of a canary against its baseline, one bucket of time after the other. */
@NullMarked
package dev.sluice.canary.evidence;

import org.jspecify.annotations.NullMarked;
