/** Flagger: its webhooks, which know yes and no only. */
@NullMarked
package dev.sluice.gateapi.callers.flagger;

import org.jspecify.annotations.NullMarked;
