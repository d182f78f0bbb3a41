/** Canary analysis: the verdict on a new version from how it compares with the one that it would replace. */
@NullMarked
package dev.sluice.canary;

import org.jspecify.annotations.NullMarked;
