package dev.sluice.sources.metrics.pull;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.fail;

import dev.sluice.sources.metrics.AnyPush;
import dev.sluice.sources.metrics.MetricSeries;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Answers that were cut or changed on their way, with any status. */
final class AnyAnswer {
    private static final int ROUNDS = 300;
    private static final List<Integer> STATUSES = List.of(200, 200, 200, 200, 302, 400, 422, 429, 503);

    private AnyAnswer() {}

    /** Checks that what a client makes of changed answers is either series, or the failure that it documents. */
    static void check(long seed, List<byte[]> samples, Function<Endpoint, MetricsClient> maker, MetricQuery query) {
        var random = new Random(seed);
        var answer = new AtomicReference<>(new Answer(200, new byte[0]));
        try (LocalSource source = new LocalSource((asked, exchange) -> {
            Answer now = requireNonNull(answer.get());
            LocalSource.send(exchange, now.status(), now.body());
        })) {
            MetricsClient client = maker.apply(source.endpoint());
            for (int round = 0; round < ROUNDS; round++) {
                byte[] body = AnyPush.changed(samples.get(random.nextInt(samples.size())), random);
                answer.set(new Answer(STATUSES.get(random.nextInt(STATUSES.size())), body));
                Object outcome = Waiting.get(
                        client.query(query).handle((series, failure) -> failure == null ? series : failure));
                if (!isDocumented(outcome, query)) {
                    fail("seed %d, round %d: %s of %s".formatted(seed, round, outcome, new String(body, UTF_8)));
                }
            }
        }
    }

    private static boolean isDocumented(Object outcome, MetricQuery query) {
        if (outcome instanceof SourceUnavailableException failure) {
            return !String.valueOf(failure.getMessage()).matches("(?s).*[\\x00-\\x1f].*");
        }
        return outcome instanceof List<?> series
                && series.stream()
                        .flatMap(each -> ((MetricSeries) each).points().stream())
                        .noneMatch(point ->
                                point.at().isBefore(query.from()) || point.at().isAfter(query.to()));
    }

    private record Answer(int status, byte[] body) {}
}
