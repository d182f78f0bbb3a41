/** Asks other servers, within limits of time and size. */
@NullMarked
package dev.sluice.sources.http;

import org.jspecify.annotations.NullMarked;
