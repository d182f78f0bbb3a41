/** Gates that somebody asks by a webhook and that are answered by a call: the question is kept, decided and told, whatever restarts meanwhile. */
@NullMarked
package dev.sluice.gateapi.callers.asked;

import org.jspecify.annotations.NullMarked;
