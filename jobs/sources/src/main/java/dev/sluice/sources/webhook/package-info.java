/** What Sluice must know of a sender to take its webhooks: how it proves who it is, and how it names its deliveries. */
@NullMarked
package dev.sluice.sources.webhook;

import org.jspecify.annotations.NullMarked;
