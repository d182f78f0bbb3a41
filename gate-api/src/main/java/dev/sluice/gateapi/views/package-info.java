/** What the gate answers from: the newest rows of the small topics, in memory. */
@NullMarked
package dev.sluice.gateapi.views;

import org.jspecify.annotations.NullMarked;
