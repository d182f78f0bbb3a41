/** Argo Rollouts: the verdict of a canary as its {@code web} metric asks for it. */
@NullMarked
package dev.sluice.gateapi.callers.argo;

import org.jspecify.annotations.NullMarked;
