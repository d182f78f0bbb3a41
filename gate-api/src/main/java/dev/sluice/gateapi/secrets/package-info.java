/** Secrets are named by where they are, and read when they are needed. */
@NullMarked
package dev.sluice.gateapi.secrets;

import org.jspecify.annotations.NullMarked;
