package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.CanaryVerdict;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.report.StoreQueries;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.ConfigDigest;
import dev.sluice.wire.VerdictJson;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Computes the verdict of a run again, from its buckets in the store as they were judged: with its own config every number is
 * what it was; with another one it is what that would have said. It changes nothing.
 */
public final class ReplayHandler {
    private static final int OK = 200;
    private static final int MAX_BYTES = 256 << 10;
    private static final String CONFIG = "config";

    private final CanaryRuns runs;
    private final Views views;
    private final StoreQueries store;
    private final CanaryConfigs configs;

    /**
     * Creates a handler.
     *
     * @param runs what there is
     * @param views knows how runs stand
     * @param store has their buckets
     * @param configs tells which configs are valid
     */
    public ReplayHandler(CanaryRuns runs, Views views, StoreQueries store, CanaryConfigs configs) {
        this.runs = runs;
        this.views = views;
        this.store = store;
        this.configs = configs;
    }

    /** Handles {@code POST /v1/canaries/{id}/replay}. */
    public void replay(Context ctx) {
        runs.requireRead();
        Run run = runs.own(Routes.principal(ctx).tenant(), ctx.pathParam("id"));
        JsonNode config = config(Requests.document(ctx, MAX_BYTES), run.document());
        CanaryConfig judgedBy = read(config, run.document());
        CanaryStanding standing = views.verdict(run.tenant(), run.id())
                .filter(known -> known.verdict() != null)
                .orElseThrow(() -> new ApiException(ErrorType.CONFLICT, "nothing of the canary run was judged yet"));
        CompletableFuture<Void> done = store.askAtLength(
                        stored -> stored.canaries().buckets(run.tenant(), run.id()))
                .thenApply(buckets -> replay(run, config, judgedBy, standing, buckets))
                .thenAccept(answer -> Requests.answer(ctx, OK, answer));
        ctx.future(() -> done);
    }

    private static JsonNode config(JsonNode body, CanaryRunDocument run) {
        if (!body.isObject()) {
            throw ApiException.invalidDocument("", "the body must be an object");
        }
        List<FieldError> errors = new ArrayList<>();
        body.fieldNames().forEachRemaining(name -> {
            if (!name.equals(CONFIG)) {
                errors.add(new FieldError("/" + name, "there is no such field"));
            }
        });
        Bodies.requireNone(errors);
        return body.has(CONFIG) ? body.get(CONFIG) : run.config();
    }

    private CanaryConfig read(JsonNode config, CanaryRunDocument run) {
        CanaryConfigs.Result result = configs.read(config, List.of());
        CanaryConfig read = result.config();
        if (read == null) {
            throw ApiException.invalidDocument(Bodies.errors("/" + CONFIG, result.violations()));
        }
        CanaryConfig own = Optional.ofNullable(
                        configs.read(run.config(), List.of()).config())
                .orElseThrow(() -> new IllegalStateException("a run was started with a config that is none"));
        if (!read.bucket().equals(own.bucket())) {
            throw ApiException.invalidDocument(
                    "/" + CONFIG + "/bucket",
                    "bucket must be that of the run, " + own.bucket().toMillis() + "ms");
        }
        return read;
    }

    private static ObjectNode replay(
            Run run, JsonNode config, CanaryConfig judgedBy, CanaryStanding standing, List<String> stored) {
        String digest = ConfigDigest.of(config);
        StoredBuckets all = StoredBuckets.of(stored);
        StoredBuckets buckets = digest.equals(run.document().configDigest()) ? all : all.withoutHistory();
        int known = buckets.judged().size();
        if (known < standing.buckets()) {
            throw new ApiException(
                    ErrorType.UNAVAILABLE,
                    "the store has " + known + " of " + standing.buckets() + " buckets; try again");
        }
        JsonNode published = Objects.requireNonNull(standing.verdict());
        Instant at = Instant.parse(published.path("at").asText());
        CanaryRun replayed = buckets.replay(run.document(), judgedBy, at, (begin, unused) -> {});
        CanaryVerdict verdict = (standing.ended() ? replayed.conclude(at) : replayed.verdict(at))
                .withheld(standing.doubts(), standing.ended());
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("id", run.id());
        answer.put("config_digest", digest);
        ObjectNode json = VerdictJson.of(verdict);
        answer.put("same", json.toString().equals(published.toString()));
        answer.setAll(json);
        return answer;
    }
}
