/** Policies tried on made-up cases: there is no API to ask, so the rules are those of the gate itself. */
@NullMarked
package dev.sluice.cli.policy;

import org.jspecify.annotations.NullMarked;
