/** The delivery metrics: which deployments and changes count, over which days, and what they amount to. */
@NullMarked
package dev.sluice.dora;

import org.jspecify.annotations.NullMarked;
