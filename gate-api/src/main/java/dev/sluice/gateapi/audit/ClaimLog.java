package dev.sluice.gateapi.audit;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.kafka.ReadBack;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * First come, first served, whichever replica is asked: a claim is appended to the log of decisions and read back from it, and of all claims
 * to a thing the first in the log holds. Nobody is told that a claim holds before it was read.
 */
public final class ClaimLog {
    /** How long a claim may be good for: a replica that starts reads back so far, and a little more. */
    public static final Duration LONGEST = Duration.ofHours(25);

    static final Duration READ_FROM = LONGEST.plusHours(1);
    private static final Duration READ_BACK = Duration.ofSeconds(2);

    private final LogAppender decisions;
    private final Claims claims = new Claims();
    private final ReadBack readBack = new ReadBack();
    private final Clock clock;

    /**
     * Creates a log of claims; an {@link Audit} follows it.
     *
     * @param decisions appends to the log of decisions
     * @param clock the time
     */
    public ClaimLog(LogAppender decisions, Clock clock) {
        this.decisions = decisions;
        this.clock = clock;
    }

    Claims claims() {
        return claims;
    }

    ReadBack readBack() {
        return readBack;
    }

    /**
     * Claims to be the first.
     *
     * @param wanted what
     * @param claimant who
     * @param until from when the claim may be forgotten; at most {@link #LONGEST} from now
     * @return the claim that holds, of this claimant or another; fails with an {@link ApiException} 503 if that is not known in time: then
     *     the claim may stand or not, and the same claimant may ask again
     * @throws ApiException 409 if it would be forgotten already
     * @throws IllegalArgumentException if it is to be remembered for too long
     */
    public CompletableFuture<Holder> claim(Wanted wanted, Claimant claimant, Instant until) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (!now.isBefore(until)) {
            throw new ApiException(ErrorType.CONFLICT, "it is too late: what is claimed has expired at " + until);
        }
        if (until.isAfter(now.plus(LONGEST))) {
            throw new IllegalArgumentException("until is more than " + LONGEST + " from now: " + until);
        }
        var claim = new ClaimRecord(
                ClaimRecord.KIND,
                UUID.randomUUID().toString(),
                wanted.tenant(),
                wanted.what(),
                wanted.id(),
                claimant.by(),
                claimant.principal(),
                now,
                until);
        return decisions
                .append(Keys.of(wanted.tenant()), Map.of(), Json.bytes(claim))
                .thenCompose(place -> readBack.of(new TopicPartition(place.topic(), place.partition()), place.offset())
                        .orTimeout(READ_BACK.toMillis(), TimeUnit.MILLISECONDS)
                        .exceptionally(late -> {
                            throw new ApiException(
                                    ErrorType.UNAVAILABLE, "the log has not been read back yet; try again", late);
                        }))
                .thenApply(read -> holder(wanted, claim));
    }

    /**
     * Uses something that may be used once, if nobody has.
     *
     * @param tenant whose it is
     * @param kind what it is
     * @param id which of its kind
     * @param until from when on it is refused anyway; at most {@link #LONGEST} from now
     * @return whether this is the first use; fails as {@link #claim}: then it must not count as used for the first time
     */
    public CompletableFuture<Boolean> firstUse(String tenant, String kind, String id, Instant until) {
        return claim(
                        new Wanted(tenant, kind, id),
                        new Claimant(UUID.randomUUID().toString(), kind),
                        until)
                .thenApply(Holder::first);
    }

    private Holder holder(Wanted wanted, ClaimRecord made) {
        Optional<ClaimRecord> holder = claims.holder(wanted.tenant(), wanted.what(), wanted.id());
        if (holder.isEmpty()) {
            throw new ApiException(ErrorType.UNAVAILABLE, "the claim is forgotten already");
        }
        ClaimRecord holds = holder.get();
        boolean own = holds.by().equals(made.by()) && holds.principal().equals(made.principal());
        return new Holder(holds.record().equals(made.record()), own, holds.by(), holds.principal(), holds.at());
    }

    /**
     * What is claimed.
     *
     * @param tenant whose
     * @param what its kind
     * @param id which one
     */
    public record Wanted(String tenant, String what, String id) {}

    /**
     * Who claims.
     *
     * @param by as they call themselves: made again by the same it is the same claim
     * @param principal name of the credential
     */
    public record Claimant(String by, String principal) {}

    /**
     * The claim that holds.
     *
     * @param first whether it is the one that was just made
     * @param own whether it is of the same claimant: this one, or one made before
     * @param by who holds it
     * @param principal name of their credential
     * @param at when it was made
     */
    public record Holder(boolean first, boolean own, String by, String principal, Instant at) {}
}
