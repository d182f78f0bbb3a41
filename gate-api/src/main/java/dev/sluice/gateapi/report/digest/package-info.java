/** Delivery reports that are sent on a schedule: what to send, when, to where, and that each is sent once. */
@NullMarked
package dev.sluice.gateapi.report.digest;

import org.jspecify.annotations.NullMarked;
