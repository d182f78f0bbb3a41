/** Receiving: deliveries are verified, appended to the raw topic and acknowledged. */
@NullMarked
package dev.sluice.gateapi.receive;

import org.jspecify.annotations.NullMarked;
