/** Flat records that travel between the operators of the store job. */
@NullMarked
package dev.sluice.storejob.state;

import org.jspecify.annotations.NullMarked;
