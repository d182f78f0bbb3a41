/** The canary job: points of metrics in, verdicts out. */
@NullMarked
package dev.sluice.canaryjob;

import org.jspecify.annotations.NullMarked;
