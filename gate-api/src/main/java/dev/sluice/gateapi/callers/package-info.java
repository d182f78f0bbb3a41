/** Controllers of rollouts and the canary runs of their rollouts; each protocol has a package of its own below. */
@NullMarked
package dev.sluice.gateapi.callers;

import org.jspecify.annotations.NullMarked;
