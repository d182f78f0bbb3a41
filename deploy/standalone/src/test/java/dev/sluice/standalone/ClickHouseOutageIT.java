package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ClickHouse goes away while deliveries and questions come in. */
class ClickHouseOutageIT {
    private static final long SEED = 20261123;
    private static final Duration LIMIT = Duration.ofMinutes(4);
    /** A gate that waited for ClickHouse would take seconds; pauses of a busy machine stay below this. */
    private static final Duration FLOOR = Duration.ofMillis(50);

    private static final Duration DELIVERY_INTERVAL = Duration.ofMillis(40);
    private static final Duration QUESTION_INTERVAL = Duration.ofMillis(20);
    /** Until then classes are loaded and code is compiled. */
    private static final int WARM_UP = 100;

    private static final int QUESTIONS_BEFORE = 300;
    /** More than the gate API has threads for queries. */
    private static final int REPORTS = 12;

    @TempDir
    private Path directory;

    @Test
    void gatesGoOn_andNothingIsMissingAfterAWhile() throws Exception {
        survives(Duration.ofSeconds(12), outage -> {});
    }

    @Test
    @Tag("soak")
    void gatesGoOn_andNothingIsMissingAfterTenMinutes() throws Exception {
        Duration outage = Duration.ofMinutes(10);
        survives(outage, seen -> {
            assertThat(seen.during().all()).hasSizeGreaterThan((int) (outage.dividedBy(QUESTION_INTERVAL) / 2));
            assertThat(seen.acknowledged()).isGreaterThan((int) (outage.dividedBy(DELIVERY_INTERVAL) / 2));
            assertThat(seen.during().p99())
                    .as("p99, before it was %s", seen.before().p99())
                    .isLessThanOrEqualTo(max(seen.before().p99().multipliedBy(2), FLOOR));
        });
    }

    /**
     * A third of the outage ClickHouse is frozen, then it is dead.
     *
     * @param outage how long
     * @param speed what is required of the times, which depend on the machine
     */
    private void survives(Duration outage, Consumer<Seen> speed) throws Exception {
        try (SluiceAssembly sluice = SluiceAssembly.withStore(directory, Duration.ofSeconds(10));
                DeliveryLoad deliveries = DeliveryLoad.start(sluice.client(), SEED, DELIVERY_INTERVAL)) {
            GateClient client = sluice.client();
            awaitAllowed(client);
            try (GateLoad questions = GateLoad.start(client, QUESTION_INTERVAL)) {
                SluiceProcess.await("questions before", LIMIT, () -> questions.size() >= QUESTIONS_BEFORE);
                Set<String> receivedBefore = deliveries.outcomes().keySet();
                SluiceProcess.await(
                        "ClickHouse follows",
                        LIMIT,
                        () -> stored(sluice).keySet().containsAll(receivedBefore));
                GateLoad.Answers before = questions.since(WARM_UP);

                sluice.freezeClickHouse();
                long frozen = System.nanoTime();
                int first = questions.size();
                int acknowledged = deliveries.acknowledged();
                List<CompletableFuture<HttpResponse<byte[]>>> reports =
                        reports(client, receivedBefore.iterator().next());
                awaitSince(frozen, outage.dividedBy(3));
                sluice.killClickHouse();
                awaitSince(frozen, outage);
                GateLoad.Answers during = questions.since(first);
                int meanwhile = deliveries.acknowledged() - acknowledged;
                sluice.startClickHouse();

                assertThat(before.notAllowed()).isEmpty();
                assertThat(during.notAllowed()).as("seed %d", SEED).isEmpty();
                assertThat(during.all()).hasSizeGreaterThan(DeliveryLoad.SERVICES.size());
                assertThat(meanwhile).isPositive();
                speed.accept(new Seen(before, during, meanwhile));
                for (CompletableFuture<HttpResponse<byte[]>> report : reports) {
                    assertThat(report.get(LIMIT.toSeconds(), TimeUnit.SECONDS).statusCode())
                            .isEqualTo(GateClient.UNAVAILABLE);
                }
            }
            deliveries.stop();
            assertThat(deliveries.resent()).as("receipts refused").isZero();
            assertNothingIsMissing(sluice, deliveries);
        }
    }

    /**
     * What was seen from outside.
     *
     * @param before answers before the outage
     * @param during answers while it lasted
     * @param acknowledged deliveries that were taken while it lasted
     */
    private record Seen(GateLoad.Answers before, GateLoad.Answers during, int acknowledged) {}

    private static void awaitAllowed(GateClient client) {
        for (String service : DeliveryLoad.SERVICES) {
            SluiceProcess.await(service + " is allowed", LIMIT, () -> {
                try {
                    return client.ask(service)
                            .filter(GateClient.Answer::allowed)
                            .isPresent();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    private static void awaitSince(long startedNanos, Duration span) {
        SluiceProcess.await(
                span + " have passed", span.plus(LIMIT), () -> System.nanoTime() - startedNanos >= span.toNanos());
    }

    /** Asks for what only ClickHouse knows, more often at once than there are threads for it. */
    private static List<CompletableFuture<HttpResponse<byte[]>>> reports(GateClient client, String delivery) {
        var reports = new ArrayList<CompletableFuture<HttpResponse<byte[]>>>();
        for (int i = 0; i < REPORTS; i++) {
            reports.add(client.getLater(
                    i % 2 == 0
                            ? "/v1/deliveries/" + delivery
                            : "/v1/dora?service=checkout&environment=production&period=week"));
        }
        return reports;
    }

    private static void assertNothingIsMissing(SluiceAssembly sluice, DeliveryLoad deliveries) throws Exception {
        Map<String, Set<String>> expected = deliveries.outcomes();
        SluiceProcess.await("every delivery has its outcome", LIMIT, () -> {
            Map<String, Set<String>> stored = stored(sluice);
            return stored.keySet().containsAll(expected.keySet())
                    && stored.values().stream().noneMatch(Set.of("pending")::equals);
        });
        assertThat(stored(sluice)).as("seed %d", SEED).isEqualTo(expected);

        for (String service : DeliveryLoad.SERVICES) {
            SluiceProcess.await("the metrics of " + service + " are whole", LIMIT, () -> {
                List<String> memory = memory(sluice, service);
                return memory.get(0).equals(Long.toString(deliveries.succeeded(service)))
                        && memory.equals(stored(sluice, service));
            });
            assertThat(memory(sluice, service))
                    .as("seed %d", SEED)
                    .startsWith(
                            Long.toString(deliveries.succeeded(service)),
                            Long.toString(deliveries.succeeded(service)),
                            Long.toString(deliveries.attempted(service)));
        }
        Set<List<String>> sent = deliveries.deployments().stream()
                .map(deployment -> List.of(
                        deployment.service(),
                        deployment.id(),
                        deployment.succeeded() ? "SUCCESS" : "FAILURE",
                        Long.toString(deployment.finishedAt().toEpochMilli())))
                .collect(Collectors.toSet());
        assertThat(
                        sluice.sql(
                                "SELECT service, version, result, toUnixTimestamp64Milli(assumeNotNull(finished_at)) FROM dash.deployments"))
                .as("seed %d", SEED)
                .containsExactlyInAnyOrderElementsOf(sent);
    }

    /** Returns what ClickHouse says has become of each delivery. */
    private static Map<String, Set<String>> stored(SluiceAssembly sluice) {
        var stored = new TreeMap<String, Set<String>>();
        query(sluice, "SELECT id, status FROM dash.deliveries")
                .forEach(row -> stored.put(row.get(0), Set.of(row.get(1))));
        return stored;
    }

    /** Returns the metrics of 30 days that gates judge by: deployments, successes, attempts, share. */
    private static List<String> memory(SluiceAssembly sluice, String service) {
        try {
            JsonNode metrics =
                    sluice.client().dora(service).orElseThrow().json().path("metrics");
            return List.of(
                    metrics.at("/deployment_frequency/count").asText(),
                    metrics.at("/deployment_success_rate/success").asText(),
                    metrics.at("/deployment_success_rate/n").asText(),
                    metrics.at("/deployment_success_rate/value").asText());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> stored(SluiceAssembly sluice, String service) {
        List<List<String>> rows = query(sluice, """
                SELECT deployment_frequency_count, deployment_success_rate_success, deployment_success_rate_n,
                       deployment_success_rate_value
                FROM dash.dora_windows WHERE days = 30 AND service = '%s'""".formatted(service));
        return rows.isEmpty() ? List.of() : rows.get(0);
    }

    private static List<List<String>> query(SluiceAssembly sluice, String sql) {
        try {
            return sluice.sql(sql);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Duration max(Duration first, Duration second) {
        return first.compareTo(second) >= 0 ? first : second;
    }
}
