/** Flat records that travel between the operators of the job and live in its state; mapped to the domain at the edge. */
@NullMarked
package dev.sluice.dorajob.state;

import org.jspecify.annotations.NullMarked;
