package dev.sluice.gateapi.access;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Tells whether something that may be used once is used for the first time. */
public interface SingleUse {
    /**
     * Uses something, if nobody has.
     *
     * @param tenant whose it is
     * @param kind what it is
     * @param id which of its kind
     * @param until from when on it is refused anyway, so that its use need not be remembered
     * @return whether this is the first use. Fails if that is not known: then it must not count as used for the first time
     */
    CompletableFuture<Boolean> firstUse(String tenant, String kind, String id, Instant until);
}
