/** Ids that tell when they were made and that nobody can guess. */
@NullMarked
package dev.sluice.gateapi.ids;

import org.jspecify.annotations.NullMarked;
