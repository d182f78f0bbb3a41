/** Pull: asks sources of metrics for the series of runs. */
@NullMarked
package dev.sluice.canaryjob.pull;

import org.jspecify.annotations.NullMarked;
