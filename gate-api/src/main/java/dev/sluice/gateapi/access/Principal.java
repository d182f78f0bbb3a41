package dev.sluice.gateapi.access;

import java.util.Set;

/**
 * Who asks.
 *
 * @param id name of the credential, never the credential itself
 * @param owner the person or machine behind it: two credentials of one owner are not two persons
 * @param tenant whose data they see and change
 * @param verbs what they may do
 */
public record Principal(String id, String owner, String tenant, Set<Verb> verbs) {
    public Principal {
        if (owner.isBlank()) {
            throw new IllegalArgumentException("owner must not be empty");
        }
        verbs = Set.copyOf(verbs);
    }
}
