/** Kayenta's HTTP API: its judge for an existing Kayenta, and as much of the rest as Spinnaker and Argo Rollouts call. */
@NullMarked
package dev.sluice.gateapi.callers.kayenta;

import org.jspecify.annotations.NullMarked;
