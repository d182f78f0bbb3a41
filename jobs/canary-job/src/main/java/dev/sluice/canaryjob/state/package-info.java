/** What the canary job passes between operators and keeps in state. */
@NullMarked
package dev.sluice.canaryjob.state;

import org.jspecify.annotations.NullMarked;
