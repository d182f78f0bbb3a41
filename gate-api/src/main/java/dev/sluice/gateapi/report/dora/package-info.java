/**
 * The delivery report: one model of what is shown, and its forms as a page, as CSV and as JSON. Numbers come from the
 * contract views; the forms only write them down.
 */
@NullMarked
package dev.sluice.gateapi.report.dora;

import org.jspecify.annotations.NullMarked;
