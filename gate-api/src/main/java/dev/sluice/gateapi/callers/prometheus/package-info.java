/** Prometheus' query API, as far as Flagger's metric templates need it. */
@NullMarked
package dev.sluice.gateapi.callers.prometheus;

import org.jspecify.annotations.NullMarked;
