/** When a service goes back to an earlier version, to which one, and what becomes of the order. */
@NullMarked
package dev.sluice.rollback;

import org.jspecify.annotations.NullMarked;
