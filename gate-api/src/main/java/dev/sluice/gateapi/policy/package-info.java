/** Policies: how they are read, which are in force, and what lifts them for a time. */
@NullMarked
package dev.sluice.gateapi.policy;

import org.jspecify.annotations.NullMarked;
