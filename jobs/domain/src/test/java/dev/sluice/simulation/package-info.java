/** Seeded delivery histories with a batch oracle, for the tests of every stage. */
@NullMarked
package dev.sluice.simulation;

import org.jspecify.annotations.NullMarked;
