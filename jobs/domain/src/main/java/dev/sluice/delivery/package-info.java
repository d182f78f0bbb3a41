/** What happened in software delivery: commits, deployments and their order, as values and pure functions. */
@NullMarked
package dev.sluice.delivery;

import org.jspecify.annotations.NullMarked;
