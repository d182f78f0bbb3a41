/** Numbers that other programs computed, to compare with. */
@NullMarked
package dev.sluice.vectors;

import org.jspecify.annotations.NullMarked;
