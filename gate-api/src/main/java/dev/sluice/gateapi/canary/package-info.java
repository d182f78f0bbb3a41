/** Canary runs: starts, shows and ends them, and takes the points that they are judged by. */
@NullMarked
package dev.sluice.gateapi.canary;

import org.jspecify.annotations.NullMarked;
