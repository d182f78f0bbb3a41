package dev.sluice.benchmarks;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.delivery.Parentage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A made-up history of twelve services that end at a moment: chains of commits with merges, attempts that start and then
 * succeed or fail, repeated attempts, rollbacks; told a little out of order. The seed decides what happened.
 */
final class DeliveryHistory {
    static final int SERVICES = 12;
    static final String ENVIRONMENT = "production";

    private static final String TENANT = "default";
    private static final String SOURCE = "benchmark";
    private static final int DISORDER = 40;
    private static final double FAILING = 0.08;
    private static final double ROLLED_BACK = 0.03;
    private static final Duration BETWEEN = Duration.ofHours(5);

    private final Random random;
    private final int commitsPerDeployment;
    private final List<DeliveryEvent> events = new ArrayList<>();
    private final Map<Integer, String> heads = new HashMap<>();
    private final Map<Integer, Release> running = new HashMap<>();
    private int commits;
    private int attempts;

    private DeliveryHistory(long seed, int commitsPerDeployment) {
        this.random = new Random(seed);
        this.commitsPerDeployment = commitsPerDeployment;
    }

    /**
     * Makes one up.
     *
     * @param seed decides what happened
     * @param size how many events at least
     * @param commitsPerDeployment commits of a change, on average
     * @param end when it ends
     */
    static Told of(long seed, int size, int commitsPerDeployment, Instant end) {
        var history = new DeliveryHistory(seed, commitsPerDeployment);
        // an attempt has two observations; attempts are repeated now and then
        int deliveries = size / (commitsPerDeployment + 2);
        Instant begin = end.minus(BETWEEN.multipliedBy(deliveries / SERVICES + 1L));
        for (int i = 0; history.events.size() < size; i++) {
            Instant at = begin.plus(BETWEEN.multipliedBy(i / SERVICES)).plusSeconds(i % SERVICES * 60L);
            history.deliver(i % SERVICES, at);
        }
        return history.told();
    }

    private void deliver(int service, Instant at) {
        int count = 1 + random.nextInt(2 * commitsPerDeployment - 1);
        String base = heads.get(service);
        boolean merged = base != null && count > 1 && random.nextBoolean();
        int written = merged ? count - 1 : count;
        for (int i = 0; i < written; i++) {
            String head = heads.get(service);
            commit(service, head == null ? List.of() : List.of(head), at.minusSeconds(20_000L - 60L * i));
        }
        if (merged) {
            commit(service, List.of(base, heads.getOrDefault(service, base)), at.minusSeconds(600));
        }
        var release = new Release("v" + commits, heads.getOrDefault(service, ""));
        if (random.nextDouble() < FAILING) {
            attempt(service, release, at, DeploymentState.FAILURE);
            attempt(service, release, at.plusSeconds(1200), DeploymentState.SUCCESS);
        } else {
            attempt(service, release, at, DeploymentState.SUCCESS);
        }
        Release before = running.put(service, release);
        if (before != null && random.nextDouble() < ROLLED_BACK) {
            attempt(service, before, at.plusSeconds(3600), DeploymentState.SUCCESS);
            running.put(service, before);
        }
    }

    private void commit(int service, List<String> parents, Instant at) {
        commits++;
        String sha = (EventIds.of("commit", Integer.toString(commits)) + "00000000").replace("-", "");
        heads.put(service, sha);
        events.add(new CommitRecorded(
                header(sha, at), repository(service), sha, parents, Parentage.EXPLICIT, at, at, List.of(), null));
    }

    private void attempt(int service, Release release, Instant at, DeploymentState result) {
        attempts++;
        observe(service, release, DeploymentState.STARTED, at);
        observe(service, release, result, at.plusSeconds(300));
    }

    private void observe(int service, Release release, DeploymentState state, Instant at) {
        String id = "deploy-" + attempts;
        events.add(new DeploymentObserved(
                header(EventIds.of(id, state.name()), at),
                DeploymentObserved.deploymentId(SOURCE, id),
                service(service),
                ENVIRONMENT,
                state,
                0,
                0,
                null,
                null,
                release.version(),
                repository(service),
                release.sha(),
                null,
                null,
                null,
                null,
                null,
                null));
    }

    private static EventHeader header(String id, Instant at) {
        return new EventHeader(id, TENANT, SOURCE, "d-0-0", at, at.plusSeconds(1));
    }

    private static String service(int number) {
        return "service-" + number;
    }

    private static String repository(int service) {
        return "acme/service-" + service;
    }

    private Told told() {
        record Placed(double place, DeliveryEvent event) {}
        var placed = new ArrayList<Placed>();
        for (int i = 0; i < events.size(); i++) {
            placed.add(new Placed(i + random.nextDouble() * DISORDER, events.get(i)));
        }
        placed.sort(Comparator.comparingDouble(Placed::place));
        return new Told(placed.stream().map(Placed::event).toList(), attempts, commits);
    }

    private record Release(String version, String sha) {}

    /**
     * A history in the order in which it is told.
     *
     * @param events all of them
     * @param attempts how many deployments were attempted
     * @param commits how many commits were written
     */
    record Told(List<DeliveryEvent> events, int attempts, int commits) {}
}
