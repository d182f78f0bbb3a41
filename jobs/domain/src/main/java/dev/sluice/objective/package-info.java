/** Service level objectives: how fast an error budget burns. */
@NullMarked
package dev.sluice.objective;

import org.jspecify.annotations.NullMarked;
