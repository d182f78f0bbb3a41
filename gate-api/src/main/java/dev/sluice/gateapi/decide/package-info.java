/** Deciding: policies, decisions and their log. */
@NullMarked
package dev.sluice.gateapi.decide;

import org.jspecify.annotations.NullMarked;
