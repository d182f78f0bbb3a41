/** Statistics: pure functions of numbers. */
@NullMarked
package dev.sluice.statistics;

import org.jspecify.annotations.NullMarked;
