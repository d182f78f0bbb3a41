package dev.sluice.gateapi.access;

import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.ControlLog.Content;
import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.wire.Control;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/** Issues and revokes tokens: the log keeps their hashes, and whoever asked gets the token once. */
public final class TokenIssuer {
    private static final int SWEPT_AT_ONCE = 200;

    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
    /** Until then a list still shows one that has expired. */
    private static final Duration SHOWN_FOR = Duration.ofDays(30);
    /** The same of one that a CI system's was exchanged for: there are many. */
    private static final Duration EXCHANGED_SHOWN_FOR = Duration.ofHours(1);

    private final IssuedTokens issued;
    private final FileTokens file;
    private final ControlLog log;
    private final Executor answers;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong sweptMillis = new AtomicLong();

    /**
     * Creates an issuer.
     *
     * @param issued what was issued
     * @param file the tokens of the file, whose ids are taken
     * @param log keeps what is issued
     * @param answers runs what follows
     * @param clock tells when one is issued
     */
    public TokenIssuer(IssuedTokens issued, FileTokens file, ControlLog log, Executor answers, Clock clock) {
        this.issued = issued;
        this.file = file;
        this.log = log;
        this.answers = answers;
        this.clock = clock;
    }

    /**
     * A token that was issued.
     *
     * @param text the token, which nobody else has
     * @param token what is kept of it
     * @param control the record that keeps it
     */
    record Issued(String text, IssuedToken token, Control control) {
        @Override
        public String toString() {
            return "Issued[" + token.keyId() + "]";
        }
    }

    /**
     * Issues a token.
     *
     * @param who asked for it
     * @param grant what it is for
     * @return the token when this replica has read it back; fails with an {@link ApiException} 409 if there is one of this id
     */
    CompletableFuture<Issued> issue(String who, TokenGrant grant) {
        if (file.has(grant.tenant(), grant.id())) {
            throw taken();
        }
        sweep();
        String text = TokenText.next(random);
        IssuedToken token = IssuedToken.of(text, grant);
        Instant now = now();
        return log.change(new Thing(grant.tenant(), Control.TOKEN, grant.id()), who, present -> {
                    if (present.flatMap(IssuedToken::of)
                            .filter(one -> one.isLive(now))
                            .isPresent()) {
                        throw taken();
                    }
                    return Optional.of(Content.of(token.json()));
                })
                .thenApplyAsync(
                        changed -> {
                            IssuedTokens.Found found = issued.find(grant.tenant(), grant.id())
                                    .filter(one -> one.token().keyId().equals(token.keyId()))
                                    .orElseThrow(TokenIssuer::taken); // by another replica at the same moment
                            return new Issued(text, found.token(), found.control());
                        },
                        answers);
    }

    /**
     * Issues a token for one of a CI system.
     *
     * @param rule the rule by which it is trusted: the token's id begins with it
     * @param tenant whose data it is for
     * @param owner the machine behind it
     * @param verbs what it is for
     * @param reach of which services, where
     * @param life how long it holds
     * @return the token when this replica has read it back
     */
    public CompletableFuture<String> exchange(
            String rule, String tenant, String owner, Set<Verb> verbs, Reach reach, Duration life) {
        byte[] own = new byte[8];
        random.nextBytes(own);
        String id = rule + "." + HexFormat.of().formatHex(own);
        Instant expires = now().plus(life);
        return issue(owner, new TokenGrant(tenant, id, owner, verbs, reach, expires, IssuedToken.Origin.OIDC))
                .thenApply(Issued::text);
    }

    /**
     * Revokes a token.
     *
     * @return whether there was one, when this replica has read that it is revoked
     */
    CompletableFuture<Boolean> revoke(String who, String tenant, String id) {
        return log.change(
                new Thing(tenant, Control.TOKEN, id), who, present -> present.map(control -> Content.deletion()));
    }

    private static ApiException taken() {
        return new ApiException(ErrorType.CONFLICT, "there is a token of this id: revoke it first, or take another id");
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Forgets some of those that have expired long ago; at most once a minute. */
    private void sweep() {
        Instant now = now();
        long before = sweptMillis.get();
        if (now.toEpochMilli() - before < SWEEP_EVERY.toMillis()
                || !sweptMillis.compareAndSet(before, now.toEpochMilli())) {
            return;
        }
        issued.all()
                .filter(found -> isForgettable(found.token(), now))
                .limit(SWEPT_AT_ONCE)
                .map(IssuedTokens.Found::control)
                .forEach(control -> {
                    var unused = log.forget(new Thing(control.tenant(), control.kind(), control.id()));
                });
    }

    private static boolean isForgettable(IssuedToken token, Instant now) {
        Duration shown = token.isOfOidc() || token.isBootstrap() ? EXCHANGED_SHOWN_FOR : SHOWN_FOR;
        return !token.isLive(now.minus(shown));
    }
}
