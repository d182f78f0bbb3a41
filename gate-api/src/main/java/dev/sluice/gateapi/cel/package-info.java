/** Conditions of policies in CEL, the Common Expression Language: compiled strictly, judged within limits. */
@NullMarked
package dev.sluice.gateapi.cel;

import org.jspecify.annotations.NullMarked;
