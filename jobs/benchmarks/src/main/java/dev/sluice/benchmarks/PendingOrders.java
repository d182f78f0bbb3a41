package dev.sluice.benchmarks;

import dev.sluice.benchmarks.Latencies.Samples;
import dev.sluice.benchmarks.LoadGenerator.Load;
import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.OrderState;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollback.Series;
import dev.sluice.wire.RollbackRow;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Orders to roll back that pile up at an endpoint that does not answer. In turn without and with them gates are asked at a steady rate,
 * and meanwhile one order after the other is given whose endpoint takes it at once.
 */
final class PendingOrders {
    private static final int PENDING = 10_000;
    private static final String DELIVERY = "gate-api-deliver";
    private static final String LEAVING = "v2";
    private static final String TARGET = "v1";
    /** So many of the last ones are looked for, so that some of each partition are among them. */
    private static final int LOOKED_FOR = 20;

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final Duration VALID = Duration.ofHours(2);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** An order that has not come by then counts as if it had. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final int port;
    private final GateData data;
    private final OrderEndpoints endpoints;
    private final LoadGenerator gates;
    private final double gateRate;
    private int given;

    /**
     * Creates it.
     *
     * @param port where the gate API listens
     * @param data tells the gate API of orders and of what runs
     * @param endpoints who is told to roll back
     * @param gates asks gates meanwhile
     * @param gateRate how often, in requests a second
     */
    PendingOrders(int port, GateData data, OrderEndpoints endpoints, LoadGenerator gates, double gateRate) {
        this.port = port;
        this.data = data;
        this.endpoints = endpoints;
        this.gates = gates;
        this.gateRate = gateRate;
    }

    /** Measures. */
    List<Figure> measure(Scale scale) throws IOException, InterruptedException, ExecutionException {
        endpoints.setUp(port);
        data.runs(GateData.current("rolled-back", GateData.ENVIRONMENT, LEAVING, null));
        List<RollbackRow> pending = new ArrayList<>();
        for (int i = 0; i < scale.count(PENDING); i++) {
            String service = "pending-" + i;
            data.runs(GateData.current(service, GateData.ENVIRONMENT, LEAVING, null));
            pending.add(order(service, "run-" + i, OrderEndpoints.SILENT));
        }
        delivered(LIMIT);
        var cpu = new ThreadCpu(DELIVERY);
        List<Round> without = new ArrayList<>();
        List<Round> with = new ArrayList<>();
        for (int round = 0; round < scale.times(3); round++) {
            without.add(round(cpu, scale));
            pending.forEach(data::ordered);
            await(pending, OK);
            with.add(round(cpu, scale));
            pending.forEach(row -> data.ordered(RollbackRow.of(row.series(), null)));
            await(pending, NOT_FOUND);
        }
        return figures(pending.size(), without, with);
    }

    private static List<Figure> figures(int pending, List<Round> without, List<Round> with) {
        Rounds p99 = Rounds.of(with, round -> round.gates().p99Millis());
        Rounds p99Without = Rounds.of(without, round -> round.gates().p99Millis());
        return List.of(
                Figure.of("pending orders: p99 of a decision at half load", p99.median(), "ms")
                        .within(Budget.atMost(20)),
                Figure.of("the same without them", p99Without.median(), "ms"),
                Figure.of("pending orders", pending, ""),
                Figure.of(
                        "pending orders: the thread that delivers, of one core",
                        Rounds.of(with, Round::cpuShare).median() * 100,
                        "%"),
                Figure.of(
                        "the same without them",
                        Rounds.of(without, Round::cpuShare).median() * 100,
                        "%"),
                Figure.of(
                        "pending orders: a new one to another endpoint, until it is delivered, p50",
                        Rounds.of(with, round -> round.delivered().percentileMillis(0.5))
                                .median(),
                        "ms"),
                Figure.of(
                        "pending orders: a new one to another endpoint, until it is delivered, longest",
                        with.stream()
                                .mapToDouble(round -> round.delivered().percentileMillis(1))
                                .max()
                                .orElseThrow(),
                        "ms"),
                Figure.of(
                        "the same without them, p50",
                        Rounds.of(without, round -> round.delivered().percentileMillis(0.5))
                                .median(),
                        "ms"));
    }

    private Round round(ThreadCpu cpu, Scale scale) throws InterruptedException, ExecutionException {
        var samples = new Samples();
        cpu.restart();
        var asked = gates.openBeside(gateRate, scale.seconds(5));
        do {
            samples.add(delivered(LONGEST));
        } while (!asked.isDone());
        double share = cpu.share();
        Load load = asked.join().requireRight("the gate beside orders", scale.tolerated());
        return new Round(load, share, Latencies.of(List.of(samples)));
    }

    /** Gives an order that is taken at once, and returns how long that took, in nanoseconds; the limit where it took longer. */
    private long delivered(Duration limit) throws InterruptedException, ExecutionException {
        given++;
        RollbackRow row = order("rolled-back", "given-" + given, OrderEndpoints.TAKING);
        var taken = endpoints.await(id(row));
        long begin = System.nanoTime();
        data.ordered(row);
        try {
            return taken.get(limit.toNanos(), TimeUnit.NANOSECONDS) - begin;
        } catch (TimeoutException e) {
            return limit.toNanos();
        }
    }

    private void await(List<RollbackRow> rows, int status) throws IOException {
        data.flush();
        var waiting = new Deadline("orders are known", LIMIT);
        try (var connection = new HttpConnection(port)) {
            for (RollbackRow row : rows.subList(Math.max(0, rows.size() - LOOKED_FOR), rows.size())) {
                byte[] request = HttpConnection.get("/v1/rollbacks/" + id(row));
                while (connection.send(request).status() != status) {
                    waiting.pause();
                }
            }
        }
    }

    private static String id(RollbackRow row) {
        RollbackOrder order = row.order();
        if (order == null) {
            throw new IllegalArgumentException("there is no order: " + row);
        }
        return order.id();
    }

    private static RollbackRow order(String service, String run, String endpoint) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var series = new Series(GateData.TENANT, service, GateData.ENVIRONMENT);
        var trigger = RollbackTrigger.failedCanary(run, now, "errors: 3.1 % against 0.4 %", TARGET, LEAVING, false);
        return RollbackRow.of(
                series,
                new RollbackOrder(
                        RollbackOrder.id(series, trigger.kind(), trigger.id()),
                        trigger,
                        deployment(service, LEAVING, now),
                        LEAVING,
                        deployment(service, TARGET, now),
                        OrderState.ORDERED,
                        List.of(new RollbackOrder.Step(
                                OrderState.ORDERED, now, "ordered: the canary run " + run + " failed")),
                        now,
                        now.plus(VALID),
                        Duration.ofMinutes(15),
                        null,
                        endpoint,
                        null,
                        0,
                        false,
                        null));
    }

    private static KnownDeployment deployment(String service, String version, Instant now) {
        return new KnownDeployment(
                GateData.deployment(service, version),
                version,
                "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
                null,
                now.minus(Duration.ofHours(1)),
                version.equals(LEAVING));
    }

    /**
     * What was seen while gates were asked.
     *
     * @param gates the answers of gates
     * @param cpuShare the share of a core that the thread took that delivers
     * @param delivered how long orders took
     */
    private record Round(Load gates, double cpuShare, Latencies delivered) {}
}
