package dev.sluice.gateapi.access.oidc;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one issuer, as they were last fetched. They are fetched again when they are ten minutes old, or a key is asked for that is
 * not among them, at most once a minute however many ask. Where that fails, the keys that are known go on for an hour.
 */
final class IssuerKeys {
    private static final Logger LOGGER = LoggerFactory.getLogger(IssuerKeys.class);
    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final Duration USABLE = Duration.ofHours(1);
    private static final Duration BETWEEN_FETCHES = Duration.ofMinutes(1);
    /** The same as long as there are none that could be used. */
    private static final Duration BETWEEN_FIRST_FETCHES = Duration.ofSeconds(5);

    private final String issuer;
    private final Supplier<CompletableFuture<KeySet>> download;
    private final Clock clock;
    private @Nullable Known known;
    private @Nullable CompletableFuture<Void> underWay;
    private @Nullable Instant tried;
    private boolean hasFailed;

    IssuerKeys(String issuer, Supplier<CompletableFuture<KeySet>> download, Clock clock) {
        this.issuer = issuer;
        this.download = download;
        this.clock = clock;
    }

    private record Known(KeySet keys, Instant at) {}

    /**
     * Returns a key.
     *
     * @return nothing if the issuer has none of this {@code kid} that goes with the algorithm; fails with an {@link ApiException} 503
     *     if that is not known
     */
    CompletableFuture<Optional<PublicKey>> key(String kid, Algorithm algorithm) {
        return refreshed(kid).thenApply(done -> found(kid, algorithm));
    }

    private synchronized Optional<PublicKey> found(String kid, Algorithm algorithm) {
        Known last = usable();
        boolean isKnown = last != null && (last.keys().has(kid) || !hasFailed);
        if (last == null || !isKnown) {
            throw new ApiException(ErrorType.UNAVAILABLE, "the keys of the token's issuer cannot be fetched");
        }
        return last.keys().key(kid, algorithm);
    }

    private synchronized CompletableFuture<Void> refreshed(String kid) {
        Instant now = clock.instant();
        Known last = usable();
        if (last != null && last.keys().has(kid) && now.isBefore(last.at().plus(FRESH))) {
            return CompletableFuture.completedFuture(null);
        }
        if (underWay != null) {
            return underWay;
        }
        Duration pause = last == null ? BETWEEN_FIRST_FETCHES : BETWEEN_FETCHES;
        if (tried != null && now.isBefore(tried.plus(pause))) {
            return CompletableFuture.completedFuture(null);
        }
        tried = now;
        var done = new CompletableFuture<Void>();
        underWay = done;
        var unused = download.get().whenComplete((keys, failure) -> {
            fetched(keys, failure, now);
            done.complete(null);
        });
        return done;
    }

    private synchronized void fetched(@Nullable KeySet keys, @Nullable Throwable failure, Instant at) {
        underWay = null;
        hasFailed = keys == null;
        if (keys != null) {
            known = new Known(keys, at);
        } else {
            LOGGER.atWarn()
                    .addKeyValue("issuer", issuer)
                    .addKeyValue("cause", String.valueOf(failure))
                    .log("keys of an issuer cannot be fetched");
        }
    }

    private @Nullable Known usable() {
        return known != null && clock.instant().isBefore(known.at().plus(USABLE)) ? known : null;
    }
}
