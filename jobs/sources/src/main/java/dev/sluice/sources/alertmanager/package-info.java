/** Webhooks of Prometheus Alertmanager. */
@NullMarked
package dev.sluice.sources.alertmanager;

import org.jspecify.annotations.NullMarked;
