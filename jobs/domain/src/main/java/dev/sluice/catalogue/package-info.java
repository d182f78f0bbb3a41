/** The catalogue: what is set for services, and which team, group and class things belong to, each from a day on. */
@NullMarked
package dev.sluice.catalogue;

import org.jspecify.annotations.NullMarked;
