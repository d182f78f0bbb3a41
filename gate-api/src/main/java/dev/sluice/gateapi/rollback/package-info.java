/** The part of the API about rollbacks: when there is one, who is told, how orders stand, and what is said of them. */
@NullMarked
package dev.sluice.gateapi.rollback;

import org.jspecify.annotations.NullMarked;
