package dev.sluice.gateapi.audit;

import dev.sluice.wire.Keys;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The claims that hold: of each thing the first, in the order in which they are read. One thread reads, any asks. */
final class Claims {
    private final Map<String, ClaimRecord> holders = new ConcurrentHashMap<>();

    /** The next record of the log is a claim. */
    void read(ClaimRecord claim) {
        holders.merge(
                Keys.of(claim.tenant(), claim.what(), claim.id()),
                claim,
                (first, later) -> later.at().isBefore(first.until()) ? first : later);
    }

    /** Returns the claim that holds. */
    Optional<ClaimRecord> holder(String tenant, String what, String id) {
        return Optional.ofNullable(holders.get(Keys.of(tenant, what, id)));
    }

    /** Forgets what nothing may rest on any more. */
    void forget(Instant now) {
        holders.values().removeIf(claim -> claim.until().isBefore(now));
    }

    int size() {
        return holders.size();
    }
}
