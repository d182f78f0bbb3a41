/** Sends orders to roll back to whoever does it, and word of those that people must look at. */
@NullMarked
package dev.sluice.gateapi.deliver;

import org.jspecify.annotations.NullMarked;
