package dev.sluice.gateapi.access;

import java.util.Set;

/**
 * Who asks.
 *
 * @param id name of the credential, never the credential itself
 * @param tenant whose data they see and change
 * @param verbs what they may do
 */
public record Principal(String id, String tenant, Set<Verb> verbs) {
    public Principal {
        verbs = Set.copyOf(verbs);
    }
}
