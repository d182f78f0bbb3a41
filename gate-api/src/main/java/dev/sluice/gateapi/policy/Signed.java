package dev.sluice.gateapi.policy;

import dev.sluice.gateapi.access.Principal;
import java.time.Instant;

/**
 * Who has done something, and when.
 *
 * @param by the credential
 * @param owner whose credential that is
 * @param at when
 */
record Signed(String by, String owner, Instant at) {
    static Signed of(Principal principal, Instant now) {
        return new Signed(principal.id(), principal.owner(), now);
    }
}
