package dev.sluice.gateapi.report;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.store.Evidence;
import dev.sluice.store.EvidenceReader;
import dev.sluice.store.EvidenceReader.Question;
import dev.sluice.store.EvidenceReader.Standing;
import dev.sluice.store.Store;
import dev.sluice.store.SubjectEvent;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From a number to what it is made of, and from an earlier answer to what has changed it since. */
public final class Explanations {
    private static final int OK = 200;
    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;
    /** As of a time that no row is after. */
    private static final Instant NOW = Instant.parse("2199-12-31T00:00:00Z");

    private final StoreQueries store;
    private final StoreProgress progress;

    /**
     * Creates the report.
     *
     * @param store knows the evidence
     */
    public Explanations(StoreQueries store) {
        this.store = store;
        this.progress = new StoreProgress(store);
    }

    /** Handles {@code GET /v1/dora/explain}. */
    public void explain(Context ctx) {
        ExplainedRange range = ExplainedRange.of(ctx);
        @Nullable Instant asOf = DoraQuery.moment(ctx, "as_of").orElse(null);
        Standing standing = standing(ctx, asOf);
        var page =
                new Page(number(ctx, "offset", 0, Integer.MAX_VALUE), number(ctx, "limit", USUAL_PAGE, LARGEST_PAGE));
        CompletableFuture<Void> answered = progress.through(ctx, asOf)
                .thenCompose(
                        stored -> store.ask(database -> explanation(database, range, standing, asOf, stored, page)))
                .thenAccept(explanation -> Requests.answer(ctx, OK, explanation));
        ctx.future(() -> answered);
    }

    /** Handles {@code GET /v1/dora/diff}. */
    public void diff(Context ctx) {
        ExplainedRange range = ExplainedRange.of(ctx);
        Instant since = DoraQuery.moment(ctx, "since")
                .orElseThrow(() -> new ApiException(ErrorType.BAD_REQUEST, "query parameter since is required"));
        @Nullable Instant asOf = DoraQuery.moment(ctx, "as_of").orElse(null);
        if (asOf != null && asOf.isBefore(since)) {
            throw new ApiException(ErrorType.BAD_REQUEST, "as_of must not be before since");
        }
        Standing before = standing(ctx, since);
        Standing after = standing(ctx, asOf);
        CompletableFuture<Void> answered = progress.through(ctx, asOf == null ? since : asOf)
                .thenCompose(stored -> store.ask(database -> difference(database, range, before, after, asOf)))
                .thenAccept(difference -> Requests.answer(ctx, OK, difference));
        ctx.future(() -> answered);
    }

    private static Explanation explanation(
            Store database,
            ExplainedRange range,
            Standing standing,
            @Nullable Instant asOf,
            Optional<Instant> storedThrough,
            Page page) {
        EvidenceReader reader = database.evidence();
        ExplainedRange.Answered answer = range.answered(reader, standing).orElseThrow(Explanations::unknown);
        List<Evidence> all = reader.evidence(range.question(standing, answer));
        List<Evidence> counted = all.stream().filter(Evidence::counted).toList();
        List<Evidence> excluded = all.stream().filter(each -> !each.counted()).toList();
        List<Evidence> countedPage = page.of(counted);
        List<Evidence> excludedPage = page.of(excluded);
        List<SubjectEvent> events = reader.events(
                standing, Explanation.subjects(Stream.concat(countedPage.stream(), excludedPage.stream())));
        return new Explanation(
                standing.service(),
                standing.environment(),
                range.metric(),
                asOf,
                answer,
                storedThrough.orElse(null),
                counted.size(),
                excluded.size(),
                countedPage.stream()
                        .map(each -> Explanation.Item.of(each, events))
                        .toList(),
                excludedPage.stream()
                        .map(each -> Explanation.Item.of(each, events))
                        .toList());
    }

    private static Difference difference(
            Store database, ExplainedRange range, Standing before, Standing after, @Nullable Instant asOf) {
        EvidenceReader reader = database.evidence();
        Optional<ExplainedRange.Answered> was = range.answered(reader, before);
        ExplainedRange.Answered is = range.answered(reader, after).orElseThrow(Explanations::unknown);
        Optional<Question> asked = was.map(answer -> range.question(before, answer));
        Question asking = range.question(after, is);
        // progress of the earlier answer: what was received after it may be in the later one only
        Instant since = was.map(ExplainedRange.Answered::computedAt).orElse(Instant.EPOCH);
        List<Evidence> then = asked.map(reader::evidence).orElse(List.of());
        List<Evidence> now = reader.evidence(asking);
        List<SubjectEvent> events = reader.eventsSince(
                after, since, Stream.concat(asked.stream(), Stream.of(asking)).toList());
        return new Difference(
                before.service(),
                before.environment(),
                range.metric(),
                before.asOf(),
                asOf,
                was.orElse(null),
                is,
                Explanation.changes(then, now, events),
                events.stream().map(Explanation.Event::of).toList(),
                events.size() == EvidenceReader.MOST_EVENTS);
    }

    private static Standing standing(Context ctx, @Nullable Instant asOf) {
        return new Standing(
                Routes.principal(ctx).tenant(),
                Requests.requiredQuery(ctx, "service"),
                Requests.requiredQuery(ctx, "environment"),
                asOf == null || asOf.isAfter(NOW) ? NOW : asOf);
    }

    private static int number(Context ctx, String name, int usual, int greatest) {
        return DoraQuery.of(ctx, name, text -> whole(text, greatest), "a whole number from 0 to " + greatest)
                .orElse(usual);
    }

    private static Optional<Integer> whole(String text, int greatest) {
        try {
            return Optional.of(Integer.valueOf(text)).filter(number -> number >= 0 && number <= greatest);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static ApiException unknown() {
        return new ApiException(
                ErrorType.NOT_FOUND, "nothing was known then of this service in this environment and range");
    }

    private record Page(int offset, int limit) {
        List<Evidence> of(List<Evidence> all) {
            return all.stream().skip(offset).limit(limit).toList();
        }
    }

    /**
     * What has changed an answer.
     *
     * @param service the service
     * @param environment the environment
     * @param metric the metric
     * @param since as of when the earlier answer is
     * @param asOf as of when the later one is; null for now
     * @param before the earlier answer; null where there was none
     * @param after the later one
     * @param changed what counts otherwise than it did; of a rolling window also what it has moved over
     * @param events all that was received of the series since the progress of the earlier answer: perhaps a moment's too many
     * @param more whether there are more events than are named
     */
    record Difference(
            String service,
            String environment,
            String metric,
            Instant since,
            @Nullable Instant asOf,
            ExplainedRange.@Nullable Answered before,
            ExplainedRange.Answered after,
            List<Explanation.Changed> changed,
            List<Explanation.Event> events,
            boolean more) {}
}
