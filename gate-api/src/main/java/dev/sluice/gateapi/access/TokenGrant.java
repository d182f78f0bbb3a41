package dev.sluice.gateapi.access;

import java.time.Instant;
import java.util.Set;

/**
 * A token that is to be issued.
 *
 * @param tenant whose data it is for
 * @param id its name, by which it is revoked
 * @param owner the person or machine behind it
 * @param verbs what it is for
 * @param reach of which services, where
 * @param expires the moment from which it is void
 * @param origin how it comes to be
 */
record TokenGrant(
        String tenant,
        String id,
        String owner,
        Set<Verb> verbs,
        Reach reach,
        Instant expires,
        IssuedToken.Origin origin) {}
