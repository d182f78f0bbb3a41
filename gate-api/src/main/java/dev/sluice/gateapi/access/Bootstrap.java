package dev.sluice.gateapi.access;

import dev.sluice.gateapi.http.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the first token of a server that others than this machine can reach: where no token holds, one is issued that is good for
 * {@code POST /v1/tokens} only, for an hour, and shown to whoever sees the standard output of the process. It never comes into the log
 * of the process.
 */
public final class Bootstrap implements AutoCloseable {
    /** The name of the token. */
    static final String ID = "bootstrap";

    private static final Logger LOGGER = LoggerFactory.getLogger(Bootstrap.class);
    private static final String TENANT = "default";
    private static final Duration LIFE = Duration.ofHours(1);
    private static final long LOOK_MS = 200;

    private final IssuedTokens issued;
    private final TokenIssuer issuer;
    private final Consumer<String> output;
    private final ScheduledExecutorService thread;

    /**
     * Creates it; {@link #start} starts it.
     *
     * @param issued what was issued
     * @param issuer issues the token
     * @param output where it is shown
     */
    public Bootstrap(IssuedTokens issued, TokenIssuer issuer, Consumer<String> output) {
        this.issued = issued;
        this.issuer = issuer;
        this.output = output;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            var created = new Thread(task, "gate-api-bootstrap");
            created.setDaemon(true);
            return created;
        });
    }

    /** Starts to look, as soon as this replica knows which tokens there are. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (!issued.areRead()) {
            return;
        }
        Instant now = issuer.now();
        if (issued.all().anyMatch(found -> found.token().isLive(now))) {
            thread.shutdown();
            return;
        }
        var grant = new TokenGrant(
                TENANT, ID, ID, EnumSet.of(Verb.ADMIN), Reach.ALL, now.plus(LIFE), IssuedToken.Origin.BOOTSTRAP);
        try {
            String text = issuer.issue(ID, grant).join().text();
            output.accept("Sluice has no token yet. This one issues the first by POST " + TokenHandler.PATH + ", until "
                    + now.plus(LIFE).truncatedTo(java.time.temporal.ChronoUnit.SECONDS) + ": " + text);
            thread.shutdown();
        } catch (ApiException | CompletionException e) {
            LOGGER.atWarn().setCause(e).log("no bootstrap token yet; trying again");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
