/** Webhooks of PagerDuty. */
@NullMarked
package dev.sluice.sources.pagerduty;

import org.jspecify.annotations.NullMarked;
