package dev.sluice.gateapi.audit;

import java.time.Instant;

/**
 * A claim to be the first, as it stands in the log. The first that stands there holds.
 *
 * @param kind {@value #KIND}
 * @param record unique to this claim
 * @param tenant whose
 * @param what what is claimed, e.g. {@code consumption}
 * @param id which one
 * @param by who claims it, as the claimant calls themselves; an own claim is known by it when it is made again
 * @param principal name of the credential
 * @param at when it was made
 * @param until from when it is forgotten: nothing may rest on it any more
 */
record ClaimRecord(
        String kind,
        String record,
        String tenant,
        String what,
        String id,
        String by,
        String principal,
        Instant at,
        Instant until) {
    static final String KIND = "claim";
}
