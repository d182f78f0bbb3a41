/** Answers the API server of Kubernetes, which asks whether an object may be admitted. */
@NullMarked
package dev.sluice.gateapi.callers.kubernetes;

import org.jspecify.annotations.NullMarked;
