package dev.sluice.rollback;

import static dev.sluice.rollback.RollbackFixture.NOON;
import static dev.sluice.rollback.RollbackFixture.SERIES;
import static dev.sluice.rollback.RollbackFixture.deployed;
import static dev.sluice.rollback.RollbackFixture.failedCanary;
import static dev.sluice.rollback.RollbackFixture.incident;
import static dev.sluice.rollback.RollbackFixture.plan;
import static dev.sluice.rollback.RollbackFixture.request;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.rollback.RollbackPlan.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds whatever happens, in whatever order. */
class RollbackDeskSimulationTest {
    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsOverStaysAndNothingGoesWhereItMayNot(int seed) {
        var random = new Random(seed);
        var desk = new RollbackDesk(SERIES, RollbackBook.EMPTY);
        var seen = new Seen();
        desk.plan(plan(Mode.ORDER, 3), NOON.minus(Duration.ofDays(1)), NOON);
        Instant now = NOON;
        for (int i = 0; i < 300; i++) {
            now = now.plusSeconds(random.nextInt(240));
            for (Consumer<RollbackDesk> call : step(desk.book(), random, i, now, seen.failedVersions)) {
                RollbackOrder before = desk.book().order();
                desk = new RollbackDesk(SERIES, desk.book());
                call.accept(desk);
                seen.check(before, desk, now);
            }
        }
        assertThat(seen.given).as("orders").isNotEmpty();
    }

    /** What was seen of the orders of one history. */
    private static final class Seen {
        private final Set<String> failedVersions = new HashSet<>();
        private final Set<String> ended = new HashSet<>();
        private final Set<String> given = new HashSet<>();
        private final Set<String> left = new HashSet<>();
        private final List<Instant> automatic = new ArrayList<>();

        void check(@Nullable RollbackOrder before, RollbackDesk desk, Instant now) {
            RollbackOrder order = desk.book().order();
            if (before != null) {
                requireNonNull(order, "order");
                boolean isSame = before.id().equals(order.id());
                if (!before.state().isOver()) {
                    assertThat(isSame)
                            .as("one at a time, and each is seen to end")
                            .isTrue();
                } else if (isSame) {
                    assertThat(order.steps()).as("what is over stays as it is").isEqualTo(before.steps());
                }
            }
            if (order == null) {
                return;
            }
            if (order.verifyBy() != null) {
                left.add(String.valueOf(order.from()));
            }
            if (order.state().isOver()) {
                ended.add(order.id());
                return;
            }
            assertThat(ended).as("an order is given once").doesNotContain(order.id());
            assertThat(desk.nextMoment()).as("an open order has a deadline").isPresent();
            if (given.add(order.id())) {
                first(order);
                Instant hourAgo = now.minus(Duration.ofHours(1));
                assertThat(automatic.stream().filter(at -> at.isAfter(hourAgo))).hasSizeLessThanOrEqualTo(3);
            }
        }

        private void first(RollbackOrder order) {
            KnownDeployment to = requireNonNull(order.to(), "to");
            assertThat(Duration.between(order.trigger().at(), order.orderedAt()))
                    .as("history orders nothing")
                    .isLessThanOrEqualTo(RollbackDesk.YOUNG);
            assertThat(order.concernsCanaryBeside() || !failedVersions.contains(to.version()))
                    .as("never to a version that failed: %s", order)
                    .isTrue();
            assertThat(order.concernsCanaryBeside() || !left.contains(to.version()))
                    .as("never to a version that was rolled back: %s", order)
                    .isTrue();
            if (order.trigger().isAutomatic()) {
                automatic.add(order.orderedAt());
            }
        }
    }

    private static List<Consumer<RollbackDesk>> step(
            RollbackBook book, Random random, int i, Instant now, Set<String> failedVersions) {
        KnownDeployment running = book.current();
        String id = running == null ? "none" : running.id();
        String version = "v" + random.nextInt(30);
        RollbackOrder order = book.order();
        return switch (random.nextInt(8)) {
            case 0, 1 -> deploy(deployed("d" + i, version, now), now);
            case 2 -> {
                if (running == null || random.nextBoolean()) {
                    yield List.of();
                }
                failedVersions.add(String.valueOf(running.version()));
                var failed =
                        new KnownDeployment(id, running.version(), running.sha(), null, running.finishedAt(), true);
                yield List.of(desk -> desk.succeeded(failed, now));
            }
            case 3 -> {
                String canary = running == null || random.nextBoolean() ? version : String.valueOf(running.version());
                yield List.of(desk -> desk.trigger(failedCanary("run" + i, now, null, canary), now));
            }
            case 4 -> List.of(desk -> desk.trigger(incident("i" + i, now, "sev1", id), now));
            case 5 -> List.of(desk -> desk.trigger(request("r" + i, now, id, null), now));
            case 6 -> {
                if (order == null) {
                    yield List.of();
                }
                Outcome outcome = List.of(Outcome.values()).get(random.nextInt(Outcome.values().length));
                yield List.of(desk -> desk.reported(new DeliveryReport(order.id(), outcome, now, i, "said"), now));
            }
            default -> {
                KnownDeployment to = order == null ? null : order.to();
                yield to == null || to.version() == null || random.nextBoolean()
                        ? List.of(desk -> desk.moveOn(now))
                        : deploy(deployed("d" + i, to.version(), now), now);
            }
        };
    }

    private static List<Consumer<RollbackDesk>> deploy(KnownDeployment deployment, Instant now) {
        return List.of(desk -> desk.succeeded(deployment, now), desk -> desk.runs(deployment, now));
    }
}
