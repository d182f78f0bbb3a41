/** Spinnaker: what its Webhook stage starts and polls. */
@NullMarked
package dev.sluice.gateapi.callers.spinnaker;

import org.jspecify.annotations.NullMarked;
