package dev.sluice.gateapi.callers.kayenta;

import static dev.sluice.gateapi.callers.kayenta.Documents.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.MovableClock;
import dev.sluice.gateapi.TopicCreation;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.callers.kayenta.Execution.State;
import dev.sluice.gateapi.callers.kayenta.Executions.Order;
import dev.sluice.gateapi.callers.kayenta.MetricSource.UnfitValuesException;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.ControlLog.Content;
import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.kafka.LogReader;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.ViewReader;
import dev.sluice.gateapi.views.Views;
import dev.sluice.sources.metrics.pull.RangeSeries;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of judgements, and how long they are kept, against a real log. */
class ExecutionsIT {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration AHEAD = Duration.ofDays(8);
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final MetricSource EMPTY = new Source(text -> CompletableFuture.completedFuture(List.of()));

    @TempDir
    static Path directory;

    private static final ExecutorService ANSWERS = Executors.newFixedThreadPool(2);
    private static final Views VIEWS = new Views(CLOCK);
    private static KafkaBroker broker;
    private static LogAppender control;
    private static LogReader reader;
    private static ViewReader follower;
    private static ControlLog log;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        TopicCreation.create(broker.bootstrapServers(), 2, (short) 1);
        var registry = new SimpleMeterRegistry();
        control = new LogAppender(
                broker.bootstrapServers(), Topic.CONTROL.topicName(), LogAppender.Limits.DEFAULT, ANSWERS, registry);
        reader = new LogReader(broker.bootstrapServers());
        follower = new ViewReader(broker.bootstrapServers(), VIEWS, CLOCK, () -> {}, registry);
        follower.start();
        log = new ControlLog(
                VIEWS,
                reader,
                control,
                control,
                (tenant, kind, id, until) -> CompletableFuture.completedFuture(true),
                ANSWERS,
                CLOCK);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {follower, reader, control, broker}) {
            one.close();
        }
        ANSWERS.shutdownNow();
    }

    private static Executions executions(Clock clock) {
        return executions(clock, Retention.Limits.DEFAULT);
    }

    private static Executions executions(Clock clock, Retention.Limits limits) {
        return new Executions(log, VIEWS, new Judges(CanaryConfigs.load()), clock, limits);
    }

    @Test
    void whatEndedMoreThanAWeekAgoIsForgotten_withItsValues() throws Exception {
        try (Executions executions = executions(Clock.offset(CLOCK, AHEAD))) {
            Instant now = now();
            write("acme", "old", execution(now.minusSeconds(60), now));
            write("acme", "lost", execution(now.minusSeconds(60), null));
            write("acme", "newer", execution(now, now.plus(Duration.ofDays(2))));

            executions.sweep();

            assertThat(ids(executions, "acme")).containsExactly("newer");
            assertThat(valuesOf("acme")).containsExactly("newer");
        }
    }

    private static List<String> ids(Executions executions, String tenant) {
        return executions.list(tenant, one -> true, 0, 100).stream()
                .map(Executions.Identified::id)
                .sorted()
                .toList();
    }

    private static List<String> valuesOf(String tenant) {
        return VIEWS.controls(Control.KAYENTA_VALUES)
                .map(Held::row)
                .filter(control -> control.tenant().equals(tenant))
                .map(Control::id)
                .sorted()
                .toList();
    }

    @Test
    void whereTooManyAreKept_theOldestThatEndedMakeRoom() throws Exception {
        try (Executions executions = executions(CLOCK, new Retention.Limits(5, 100, 1 << 20, 100))) {
            Instant now = now();
            write("full", "going-on", execution(now, null));
            for (int i = 1; i < 5; i++) {
                write("full", "ended-" + i, execution(now, now.plusMillis(i)));
            }

            String id = executions.start(who("full"), order(EMPTY, 1)).get(SOON.toSeconds(), TimeUnit.SECONDS);

            assertThat(ids(executions, "full"))
                    .containsExactlyInAnyOrder(id, "going-on", "ended-2", "ended-3", "ended-4");
            assertThat(valuesOf("full")).doesNotContain("ended-1").contains("ended-2");
        }
    }

    @Test
    void whereTooManyGoOn_anotherOneIsRefused() throws Exception {
        for (int i = 0; i < 5; i++) {
            write("busy", "going-on-" + i, execution(now(), null));
        }
        for (Retention.Limits limits : List.of(
                new Retention.Limits(5, 1_000, 1 << 20, 100),
                new Retention.Limits(1_000, 5, 1 << 20, 100),
                new Retention.Limits(1_000, 1_000, 10, 100))) {
            try (Executions executions = executions(CLOCK, limits)) {
                assertThat(executions.start(who("busy"), order(EMPTY, 1)))
                        .failsWithin(SOON)
                        .withThrowableOfType(ExecutionException.class)
                        .havingCause()
                        .isInstanceOf(ApiException.class)
                        .withMessageContaining("too many judgements are kept");
            }
        }
    }

    @Test
    void valuesForWhichThereIsNoRoomAreNotKept() throws Exception {
        try (Executions none = executions(CLOCK, new Retention.Limits(500, 2_000, 1 << 20, 10));
                Executions some = executions(CLOCK)) {
            Execution without = ended(none, order(EMPTY, 1));

            assertThat(without.state()).isEqualTo(State.SUCCEEDED);
            assertThat(without.hasValues()).isFalse();
            assertThat(ended(some, order(EMPTY, 1)).hasValues()).isTrue();
        }
    }

    @Test
    void listsThoseThatAreWanted_aPageOfThem() throws Exception {
        Instant now = now();
        for (int i = 0; i < 4; i++) {
            write("pages", "at-" + i, execution(now.plusMillis(i), now.plusMillis(i)));
        }
        write("pages", "going-on", execution(now, null));
        try (Executions executions = executions(CLOCK)) {
            assertThat(executions.list("pages", one -> one.state() == State.TERMINAL, 1, 2))
                    .extracting(Executions.Identified::id)
                    .containsExactly("at-2", "at-1");
        }
    }

    @Test
    void whatCannotBeReadIsPassedOver() throws Exception {
        Instant now = now();
        Thing broken = new Thing("odd", Control.KAYENTA_EXECUTION, "broken");
        put(broken, json("{'state': 'asleep'}"));
        put(
                new Thing("odd", Control.KAYENTA_EXECUTION, "half"),
                execution(now, now).document().put("metrics", "x"));
        write("odd", "old", execution(now.minus(AHEAD), now.minus(AHEAD)));
        write("odd", "sound", execution(now, now));
        try (Executions executions = executions(CLOCK)) {
            executions.sweep();

            assertThat(ids(executions, "odd")).containsExactly("sound");
            assertThat(log.find(broken)).isPresent();
        }
    }

    @Test
    void whatIsLateIsNotAskedFor_andEndsWithThat() throws Exception {
        var clock = new MovableClock(CLOCK.instant());
        var asked = new AtomicInteger();
        MetricSource slow = new Source(text -> {
            asked.incrementAndGet();
            clock.set(clock.instant().plus(Duration.ofSeconds(25)));
            return CompletableFuture.completedFuture(List.of());
        });
        try (Executions executions = executions(clock)) {
            Execution ended = ended(executions, order(slow, 9));

            assertThat(ended.state()).isEqualTo(State.TERMINAL);
            assertThat(ended.error()).isEqualTo("the values could not be fetched and judged within 3 min");
            assertThat(asked).hasValue(8);
        }
    }

    @Test
    void whatFailsDoesNotWaitForTheOthers() throws Exception {
        MetricSource silent = new Source(text -> text.equals("m1 canary")
                ? CompletableFuture.failedFuture(new UnfitValuesException("no such thing"))
                : new CompletableFuture<>());
        try (Executions executions = executions(CLOCK)) {
            assertThat(ended(executions, order(silent, 3)).error()).isEqualTo("no such thing");
        }
    }

    /** A source of metrics that is asked for texts such as {@code m0 canary}. */
    private record Source(Function<String, CompletableFuture<List<RangeSeries>>> asking) implements MetricSource {
        @Override
        public String name() {
            return "main";
        }

        @Override
        public Question question(KayentaConfig config, KayentaConfig.Metric metric, ArmScope arm) {
            String text = metric.name() + (arm.isCanary() ? " canary" : " baseline");
            return new Question(text, () -> asking.apply(text));
        }

        @Override
        public CompletableFuture<List<String>> names() {
            return CompletableFuture.completedFuture(List.of());
        }
    }

    private static Order order(MetricSource source, int metrics) {
        KayentaConfig config = Documents.config("{'name': 'c', 'judge': {'name': 'NetflixACAJudge-v1.0'},"
                + " 'classifier': {'groupWeights': {}}, 'metrics': ["
                + IntStream.range(0, metrics)
                        .mapToObj(i -> "{'name': 'm" + i + "', 'groups': ['g'], 'scopeName': 'default'}")
                        .collect(Collectors.joining(","))
                + "]}");
        String scope = "{'scope': 's', 'start': '2026-03-01T12:00:00Z', 'end': '2026-03-01T13:00:00Z', 'step': 60}";
        ExecutionRequest request = ExecutionRequest.read(
                Documents.members("{'scopes': {'default': {'controlScope': " + scope + ", 'experimentScope': " + scope
                        + "}}, 'thresholds': {'pass': 95, 'marginal': 75}}"),
                config);
        return new Order(
                "app",
                "parent",
                Optional.empty(),
                config,
                request,
                new Execution.Named("main", "sluice", "sluice"),
                source);
    }

    private static Execution ended(Executions executions, Order order) throws Exception {
        String id = executions.start(who("runs"), order).get(SOON.toSeconds(), TimeUnit.SECONDS);
        long deadline = System.nanoTime() + SOON.toNanos();
        Execution execution;
        do {
            TimeUnit.MILLISECONDS.sleep(20);
            execution = executions.find("runs", id).get(SOON.toSeconds(), TimeUnit.SECONDS);
        } while (execution.isRunning() && System.nanoTime() - deadline < 0);
        return execution;
    }

    private static Principal who(String tenant) {
        return new Principal("somebody", "somebody", tenant, Set.of());
    }

    private static Instant now() {
        return CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static void write(String tenant, String id, Execution execution) throws Exception {
        put(new Thing(tenant, Control.KAYENTA_EXECUTION, id), execution.document());
        put(new Thing(tenant, Control.KAYENTA_VALUES, id), json("{'pairs': '[]'}"));
    }

    private static void put(Thing thing, JsonNode document) throws Exception {
        assertThat(log.change(thing, "somebody", present -> Optional.of(Content.of(document)))
                        .get(SOON.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    private static Execution execution(Instant start, @Nullable Instant end) {
        return new Execution(
                "app",
                "parent",
                null,
                JsonText.of(json("{}")),
                JsonText.of(json("{}")),
                new Execution.Named("main", "sluice", "sluice"),
                end == null ? State.RUNNING : State.TERMINAL,
                start,
                end,
                end == null ? null : "because",
                null,
                Duration.ZERO,
                1,
                false);
    }
}
