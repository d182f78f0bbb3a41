/** The gate API: one process that receives deliveries, judges gates and reports metrics over HTTP. */
@NullMarked
package dev.sluice.gateapi;

import org.jspecify.annotations.NullMarked;
