package dev.sluice.gateapi.canary;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.report.StoreQueries;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryStanding;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows canary runs as pages. How the evidence came about is computed of the buckets in the store; without it the rest is shown. */
public final class CanaryPageHandler {
    private static final int MOST_KEPT = 16;
    /** Longer runs would take much memory to be drawn. */
    private static final long MOST_BUCKETS = 1000;

    private static final Logger LOGGER = LoggerFactory.getLogger(CanaryPageHandler.class);

    private final CanaryRuns runs;
    private final Canaries canaries;
    private final StoreQueries store;
    private final CanaryConfigs configs;
    private final Executor drawing;
    private final Map<String, EvidenceHistory> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EvidenceHistory> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /**
     * Creates a handler.
     *
     * @param runs what there is
     * @param canaries tells how they stand
     * @param store has their buckets
     * @param configs reads what they are judged by
     * @param drawing judges runs again; what else waits for answers must not wait for it
     */
    public CanaryPageHandler(
            CanaryRuns runs, Canaries canaries, StoreQueries store, CanaryConfigs configs, Executor drawing) {
        this.runs = runs;
        this.canaries = canaries;
        this.store = store;
        this.configs = configs;
        this.drawing = drawing;
    }

    /** Handles {@code GET /canaries/{id}}. */
    public void page(Context ctx) {
        runs.requireRead();
        Run run = runs.own(Routes.principal(ctx).tenant(), ctx.pathParam("id"));
        Optional<CanaryStanding> standing = canaries.standing(run);
        CompletableFuture<Optional<EvidenceHistory>> history =
                standing.map(CanaryStanding::buckets).orElse(0L) > MOST_BUCKETS
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : history(run);
        CompletableFuture<Void> done = history.thenAccept(of ->
                CanaryPage.page().answer(ctx, CanaryPage.of(ShownRun.whole(run, standing), of)));
        ctx.future(() -> done);
    }

    private CompletableFuture<Optional<EvidenceHistory>> history(Run run) {
        return store.askAtLength(stored -> stored.canaries().buckets(run.tenant(), run.id()))
                .thenApplyAsync(buckets -> history(run, buckets), drawing)
                .exceptionally(failure -> {
                    LOGGER.atWarn().setCause(failure).log("the evidence of a canary run is not shown");
                    return Optional.empty();
                });
    }

    private Optional<EvidenceHistory> history(Run run, List<String> buckets) {
        String key = run.tenant() + "/" + run.id() + "/" + run.document().configDigest();
        synchronized (kept) {
            EvidenceHistory known = kept.get(key);
            if (known != null && known.buckets() == buckets.size()) {
                return Optional.of(known);
            }
        }
        CanaryConfig config = configs.read(run.document().config(), List.of()).config();
        if (config == null) {
            return Optional.empty();
        }
        EvidenceHistory history = EvidenceHistory.of(run.document(), config, buckets);
        synchronized (kept) {
            kept.put(key, history);
        }
        return Optional.of(history);
    }
}
