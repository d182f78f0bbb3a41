/** Tokens of CI systems, and what they are exchanged for. */
@NullMarked
package dev.sluice.gateapi.access.oidc;

import org.jspecify.annotations.NullMarked;
