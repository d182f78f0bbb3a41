package dev.sluice.gateapi.access;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Sha256;
import dev.sluice.wire.Topic;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The tokens that Sluice has issued, as this replica has read them from the log: one that was revoked lets nobody in from the moment
 * on at which that was read. A replica that has not read the log for a minute does not know which were revoked, and takes none.
 */
public final class IssuedTokens {
    private static final Duration KNOWN_FOR = Duration.ofMinutes(1);
    /** Compared with where there is no such token, so that it takes as long. */
    private static final byte[] NONE = Sha256.of("");

    private final Views views;
    private final Clock clock;

    /** By key id, to the minute: what this replica has seen. */
    private final Map<String, Instant> used = new ConcurrentHashMap<>();

    /**
     * Creates them.
     *
     * @param views follows the log
     * @param clock tells whether one has expired
     */
    public IssuedTokens(Views views, Clock clock) {
        this.views = views;
        this.clock = clock;
    }

    /**
     * A token and its record.
     *
     * @param control its record
     * @param token what the record says
     */
    record Found(Control control, IssuedToken token) {}

    /**
     * Returns the token of a key id and a text that begins with it.
     *
     * @throws RefusedException if there is none, it is another one, or it holds no longer
     * @throws ApiException 503 if this replica does not know which hold
     */
    Found require(String keyId, String text) throws RefusedException {
        byte[] sha256 = Sha256.of(text);
        return require(keyId, hash -> MessageDigest.isEqual(hash, sha256));
    }

    /**
     * Returns the token of a key id.
     *
     * @param isSame tells by the hash of one whether it is the one that is meant
     * @throws RefusedException if there is none, it is another one, or it holds no longer
     * @throws ApiException 503 if this replica does not know which hold
     */
    Found require(String keyId, Predicate<byte[]> isSame) throws RefusedException {
        requireKnown();
        Optional<Found> found = views.token(keyId).map(Held::row).flatMap(IssuedTokens::read);
        byte[] hash = found.map(one -> one.token().hash()).orElse(NONE);
        if (!isSame.test(hash) || found.isEmpty()) {
            throw new RefusedException("unknown_token", "the token is not valid");
        }
        if (!found.get().token().isLive(clock.instant())) {
            throw new RefusedException("expired_token", "the token is not valid");
        }
        noteUse(found.get().token());
        return found.get();
    }

    /** One that a CI system's was exchanged for holds ten minutes: nobody needs to know whether it is still in use. */
    private void noteUse(IssuedToken token) {
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        if (!token.isOfOidc() && !token.isBootstrap() && !minute.equals(used.get(token.keyId()))) {
            used.merge(token.keyId(), minute, IssuedTokens::later);
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    /** Returns when a token was used last, to the minute, as far as this replica has seen it or read it in the log; nothing if never. */
    Optional<Instant> lastUsed(Found found) {
        String keyId = found.token().keyId();
        return Stream.concat(
                        Stream.ofNullable(used.get(keyId)),
                        views.control(found.control().tenant(), Control.TOKEN_USE, keyId).map(Held::row).stream()
                                .flatMap(control -> TokenUse.read(control).stream()))
                .max(Comparator.naturalOrder());
    }

    /**
     * That a token was used.
     *
     * @param tenant whose it is
     * @param keyId by which it is found
     * @param at when last, to the minute
     */
    record Use(String tenant, String keyId, Instant at) {}

    /** Returns the last use of each token that this replica has seen, and forgets those of tokens that hold no more. */
    List<Use> uses() {
        used.keySet().removeIf(keyId -> views.token(keyId).isEmpty());
        return used.entrySet().stream()
                .flatMap(entry -> views
                        .token(entry.getKey())
                        .map(held -> new Use(held.row().tenant(), entry.getKey(), entry.getValue()))
                        .stream())
                .toList();
    }

    /** Returns what the log keeps of the use of tokens that were revoked or forgotten. */
    List<Control> usesOfNone() {
        return views.controls(Control.TOKEN_USE)
                .map(Held::row)
                .filter(control -> views.token(control.id()).isEmpty())
                .toList();
    }

    /**
     * Returns normally if this replica knows which tokens hold.
     *
     * @throws ApiException 503 if it does not
     */
    void requireKnown() {
        Optional<Instant> read = views.readTo(Topic.CONTROL);
        if (read.isEmpty() || read.get().plus(KNOWN_FOR).isBefore(clock.instant())) {
            throw new ApiException(ErrorType.UNAVAILABLE, "which tokens hold has not been read from the log yet");
        }
    }

    /** Returns whether this replica has read all of them once. */
    boolean areRead() {
        return views.hasRead(Topic.CONTROL);
    }

    /** Returns all that were not revoked, of all tenants, in no order. */
    Stream<Found> all() {
        return views.controls(Control.TOKEN).map(Held::row).flatMap(control -> read(control).stream());
    }

    /** Returns whether somebody, of whatever tenant, may issue tokens by one of these, the bootstrap token aside. */
    boolean hasAdmin() {
        Instant now = clock.instant();
        return all().map(Found::token)
                .anyMatch(token -> !token.isBootstrap()
                        && token.isLive(now)
                        && token.verbs().contains(Verb.ADMIN));
    }

    /** Returns a token of a tenant; nothing if it has none of this id. */
    Optional<Found> find(String tenant, String id) {
        return views.control(tenant, Control.TOKEN, id).map(Held::row).flatMap(IssuedTokens::read);
    }

    private static Optional<Found> read(Control control) {
        return IssuedToken.of(control).map(token -> new Found(control, token));
    }
}
