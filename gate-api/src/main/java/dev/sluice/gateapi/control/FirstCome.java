package dev.sluice.gateapi.control;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Tells of several replicas that want to change the same thing at once which one may. */
@FunctionalInterface
public interface FirstCome {
    /**
     * Returns whether the caller is the first.
     *
     * @param tenant whose the thing is
     * @param kind what is claimed
     * @param id which of its kind
     * @param until from when on that is forgotten
     */
    CompletableFuture<Boolean> first(String tenant, String kind, String id, Instant until);
}
