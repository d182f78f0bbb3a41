/** Who asks, and what they may do. */
@NullMarked
package dev.sluice.gateapi.access;

import org.jspecify.annotations.NullMarked;
