package dev.sluice.gateapi.callers.prometheus;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.gateapi.callers.Answers;
import dev.sluice.gateapi.callers.Rollout;
import dev.sluice.gateapi.callers.RolloutRuns;
import dev.sluice.gateapi.canary.Canaries;
import dev.sluice.gateapi.canary.StandingRun;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers instant queries as Prometheus does, for one number of a canary run. What is not known is an empty result, which Flagger
 * takes for a failed check.
 */
public final class QueryHandler {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String QUERY = "query";
    private static final int MAX_BYTES = 16 << 10;
    private static final int OK = 200;
    private static final int SERVER_ERROR = 500;

    private final Canaries canaries;
    private final RolloutRuns runs;
    private final Clock clock;

    /**
     * Creates a handler.
     *
     * @param canaries all canary runs
     * @param runs those of rollouts
     * @param clock tells the time of an answer
     */
    public QueryHandler(Canaries canaries, RolloutRuns runs, Clock clock) {
        this.canaries = canaries;
        this.runs = runs;
        this.clock = clock;
    }

    /** Handles {@code GET /api/v1/query}. */
    public void get(Context ctx) {
        answer(ctx, () -> Requests.requiredQuery(ctx, QUERY));
    }

    /** Handles {@code POST /api/v1/query}: the parameters stand in the body, as in that of a form. */
    public void post(Context ctx) {
        answer(ctx, () -> fromForm(ctx));
    }

    private void answer(Context ctx, Text query) {
        Answers.of(
                ctx,
                () -> CompletableFuture.completedFuture(result(ctx, parsed(query.read()))),
                QueryHandler::problem,
                (request, answer) -> Requests.answer(request, answer.httpStatus, answer.body));
    }

    /** Reads the text of a query. */
    private interface Text {
        String read();
    }

    private static String fromForm(Context ctx) {
        Requests.requireMediaType(ctx, FORM);
        String form = new String(Requests.body(ctx, MAX_BYTES), StandardCharsets.UTF_8);
        List<String> found = List.of(form.split("&", -1)).stream()
                .filter(part -> part.startsWith(QUERY + "="))
                .map(part -> decoded(part.substring(QUERY.length() + 1)))
                .toList();
        if (found.size() != 1) {
            throw new ApiException(ErrorType.BAD_REQUEST, "parameter query must be given once");
        }
        return found.get(0);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_REQUEST, "parameter query is not encoded as in a URL", e);
        }
    }

    private static InstantQuery parsed(String text) {
        try {
            return InstantQuery.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private Answer result(Context ctx, InstantQuery query) {
        if (query.metric() == null) {
            return success(query, Optional.of(1.0));
        }
        canaries.requireRead();
        return success(query, run(Routes.principal(ctx).tenant(), query).flatMap(run -> RunNumbers.of(query, run)));
    }

    private Optional<StandingRun> run(String tenant, InstantQuery query) {
        Optional<String> id = query.label(InstantQuery.RUN);
        if (id.isPresent()) {
            return canaries.find(tenant, id.get());
        }
        return runs.newest(
                tenant,
                new Rollout(
                        Rollout.FLAGGER,
                        query.label(InstantQuery.NAMESPACE).orElseThrow(),
                        query.label(InstantQuery.NAME).orElseThrow(),
                        ""));
    }

    private Answer success(InstantQuery query, Optional<Double> number) {
        BigDecimal now = BigDecimal.valueOf(clock.millis(), 3);
        List<Sample> samples = number.map(value -> new Sample(query.labels(), List.of(now, text(value))))
                .map(List::of)
                .orElseGet(List::of);
        return new Answer(OK, new Body("success", new Data("vector", samples), null, null));
    }

    private static String text(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static Answer problem(ApiException problem) {
        int status = problem.type().status();
        String type = status >= SERVER_ERROR ? "unavailable" : "bad_data";
        return new Answer(status, new Body("error", null, type, problem.line()));
    }

    private record Answer(int httpStatus, Body body) {}

    /** An answer of Prometheus, whose names are its own. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Body(
            String status,
            @Nullable Data data,
            @JsonProperty("errorType") @Nullable String errorType,
            @Nullable String error) {}

    /** What a query gives. */
    record Data(@JsonProperty("resultType") String resultType, List<Sample> result) {}

    /** One number: when, in seconds, and which, as a text. */
    record Sample(Map<String, String> metric, List<Object> value) {}
}
