/** Reporting: metrics, services and the fate of deliveries. */
@NullMarked
package dev.sluice.gateapi.report;

import org.jspecify.annotations.NullMarked;
