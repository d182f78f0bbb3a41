package dev.sluice.gateapi.access;

import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.ControlLog.Content;
import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.wire.Control;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the log when tokens were used last, apart from the requests: of each token at most every ten minutes. Of what several
 * replicas have seen the latest is kept. A use that no replica has written before all of them end is lost.
 */
public final class TokenUseLog implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TokenUseLog.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration KEPT_EVERY = Duration.ofMinutes(10);
    /** Who writes, in the log. */
    private static final String NAME = "sluice";

    private final IssuedTokens issued;
    private final ControlLog log;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "gate-api-token-uses");
        daemon.setDaemon(true);
        return daemon;
    });

    /**
     * Creates a log; it begins when it is {@link #start started}.
     *
     * @param issued know what was used
     * @param log keeps it
     * @param clock tells when something was written last
     */
    public TokenUseLog(IssuedTokens issued, ControlLog log, Clock clock) {
        this.issued = issued;
        this.log = log;
        this.clock = clock;
    }

    /** Begins to write. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        keep();
                    } catch (RuntimeException e) { // the edge of the thread: in two seconds it tries again
                        LOGGER.atWarn().setCause(e).log("last uses of tokens are not kept");
                    }
                },
                INTERVAL.toMillis(),
                INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void keep() {
        if (!issued.areRead()) {
            return;
        }
        issued.uses().forEach(this::keep);
        issued.usesOfNone()
                .forEach(control -> watched(log.forget(new Thing(control.tenant(), control.kind(), control.id()))));
    }

    private void keep(IssuedTokens.Use use) {
        Optional<Control> kept = log.find(thing(use));
        if (kept.isPresent()
                && (!isNewer(use, kept)
                        || clock.instant().isBefore(kept.get().at().plus(KEPT_EVERY)))) {
            return;
        }
        try {
            watched(log.change(
                    thing(use),
                    NAME,
                    before -> isNewer(use, before)
                            ? Optional.of(Content.of(TokenUse.document(use.at())))
                            : Optional.empty()));
        } catch (ApiException e) {
            LOGGER.atDebug().setCause(e).log("the last use of a token was not kept; once more in two seconds");
        }
    }

    private static boolean isNewer(IssuedTokens.Use use, Optional<Control> kept) {
        Instant before = kept.flatMap(TokenUse::read).orElse(Instant.MIN);
        return use.at().isAfter(before);
    }

    private static Thing thing(IssuedTokens.Use use) {
        return new Thing(use.tenant(), Control.TOKEN_USE, use.keyId());
    }

    private static void watched(CompletableFuture<?> written) {
        var unused = written.whenComplete((done, failure) -> {
            if (failure != null) {
                LOGGER.atDebug()
                        .setCause(failure)
                        .log("the last use of a token was not kept; once more in two seconds");
            }
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
