/** Listens by TLS. */
@NullMarked
package dev.sluice.gateapi.tls;

import org.jspecify.annotations.NullMarked;
