/** The keys that Sluice signs with, and that others verify by. */
@NullMarked
package dev.sluice.gateapi.keys;

import org.jspecify.annotations.NullMarked;
