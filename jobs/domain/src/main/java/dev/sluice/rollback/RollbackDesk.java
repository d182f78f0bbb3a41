package dev.sluice.rollback;

import static java.util.Objects.requireNonNull;

import dev.sluice.rollback.RollbackPlan.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides on rollbacks of one service in one environment, and follows the order that is given until it is over. There is one order
 * at a time.
 *
 * <p>An order is given while its trigger is young: history orders nothing. It is void as soon as anything else runs than what
 * ran when it was given. It goes to the latest successful deployment before the suspect that is known to be good: none that failed,
 * and no version that was itself to go. It is verified when that version is seen to run; an order against a canary that has not
 * taken its place yet, when the rollout is seen to be over and what ran before it still runs.
 */
public final class RollbackDesk {
    /** How old a trigger may be, and how far in the future by somebody's clock. */
    public static final Duration YOUNG = Duration.ofMinutes(15);

    /** For how long an order that is over is shown as the latest. */
    public static final Duration SHOWN = Duration.ofDays(7);

    private static final Duration UNTOLD_FOR = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MOST_WAITING = 16;
    private static final int MOST_REHEARSED = 20;

    private final Series series;
    private @Nullable RollbackPlan plan;
    private @Nullable Instant planSince;
    private @Nullable KnownDeployment current;
    private final GoodVersions versions;
    private final List<String> rehearsed;
    private final List<RollbackTrigger> waiting;
    private final List<RollbackBook.Decided> decided;
    private final List<Instant> automatic;
    private final List<DeliveryReport> early;
    private @Nullable RollbackOrder order;

    /**
     * Opens a book.
     *
     * @param series what it is about
     * @param book what is known
     */
    public RollbackDesk(Series series, RollbackBook book) {
        this.series = series;
        this.plan = book.plan();
        this.planSince = book.planSince();
        this.current = book.current();
        this.versions = new GoodVersions(book.known(), book.left());
        this.rehearsed = new ArrayList<>(book.rehearsed());
        this.waiting = new ArrayList<>(book.waiting());
        this.decided = new ArrayList<>(book.decided());
        this.automatic = new ArrayList<>(book.automatic());
        this.early = new ArrayList<>(book.early());
        this.order = book.order();
    }

    /** Returns what is known now. */
    public RollbackBook book() {
        return new RollbackBook(
                plan,
                planSince,
                current,
                versions.known(),
                versions.left(),
                rehearsed,
                waiting,
                decided,
                automatic,
                early,
                order);
    }

    /**
     * A plan is set up, or taken away.
     *
     * @param newPlan the plan; null for none
     * @param since since when it holds: what was before it triggers nothing
     * @param now the moment
     */
    public void plan(@Nullable RollbackPlan newPlan, Instant since, Instant now) {
        plan = newPlan;
        planSince = newPlan == null ? null : since;
        moveOn(now);
    }

    /** Something else runs, or is known to; null where nothing is. */
    public void runs(@Nullable KnownDeployment deployment, Instant now) {
        current = deployment;
        moveOn(now);
    }

    /** A successful deployment is known, or is judged otherwise than before. */
    public void succeeded(KnownDeployment deployment, Instant now) {
        succeeded(deployment, false, now);
    }

    /**
     * A successful deployment is known, or is judged otherwise than before.
     *
     * @param deployment the deployment
     * @param isRolledBackOnly whether nothing makes it a failed one but that a rollback replaced it; after a drill it is none
     * @param now the moment
     */
    public void succeeded(KnownDeployment deployment, boolean isRolledBackOnly, Instant now) {
        versions.add(isRolledBackOnly && isRehearsed(deployment.id()) ? deployment.asGood() : deployment);
        moveOn(now);
    }

    private boolean isRehearsed(String deployment) {
        RollbackOrder open = open();
        return rehearsed.contains(deployment)
                || (open != null
                        && open.trigger().drill()
                        && open.fence() != null
                        && open.fence().id().equals(deployment));
    }

    /** A deployment is not a successful one, or no longer one that there was. */
    public void isNone(String deployment, Instant now) {
        versions.remove(deployment);
        moveOn(now);
    }

    /** A deployment has ended without success: a canary of that version is gone. */
    public void failed(KnownDeployment deployment, Instant now) {
        RollbackOrder before = order;
        RollbackOrder open = open();
        if (open != null
                && open.concernsCanaryBeside()
                && deployment.finishedAt().isAfter(open.trigger().at())
                && open.from() != null
                && deployment.isCalled(open.from())) {
            order = open.with(OrderState.VERIFIED, now, "the rollout of " + open.from() + " has ended without success");
        }
        versions.remove(deployment.id());
        moveOn(before, now);
    }

    /** Something makes somebody, or Sluice, want the service to go back. */
    public void trigger(RollbackTrigger trigger, Instant now) {
        waiting.removeIf(other -> orderId(other).equals(orderId(trigger)));
        waiting.add(trigger);
        if (waiting.size() > MOST_WAITING) {
            waiting.remove(0);
        }
        moveOn(now);
    }

    /**
     * Events of an objective were counted. Counts wait only as long as whoever has sent them sends nothing newer, and the plan wants
     * them.
     */
    public void counted(Burn burn, Instant now) {
        RollbackPlan.BurnTerms terms = plan == null ? null : plan.onBurn();
        if (terms == null || !terms.believe(burn)) {
            return;
        }
        waiting.removeIf(trigger -> trigger.burn() != null
                && trigger.burn().isOfSame(burn)
                && trigger.burn().source().equals(burn.source())
                && !trigger.burn().at().isAfter(burn.at()));
        if (terms.include(burn)) {
            trigger(RollbackTrigger.errorBudget(burn), now);
        } else {
            moveOn(now);
        }
    }

    /** What has triggered something does so no more: an incident that is over, or that no deployment has caused. */
    public void withdraw(RollbackTrigger.Kind kind, String id, Instant now) {
        waiting.removeIf(trigger -> trigger.kind() == kind && trigger.id().equals(id));
        moveOn(now);
    }

    /** The rollout of a canary is over, however it ended. */
    public void canaryOver(String run, Instant now) {
        waiting.replaceAll(trigger -> trigger.kind() == RollbackTrigger.Kind.FAILED_CANARY
                        && trigger.id().equals(run)
                ? trigger.whenOver()
                : trigger);
        RollbackOrder open = open();
        if (open != null
                && open.trigger().kind() == RollbackTrigger.Kind.FAILED_CANARY
                && open.trigger().id().equals(run)) {
            order = open.withCanaryOver();
        }
        moveOn(now);
    }

    /** The order was sent, or whoever has it has said something of it. */
    public void reported(DeliveryReport report, Instant now) {
        RollbackOrder last = order;
        if (last != null && last.id().equals(report.order()) && report.outcome() == DeliveryReport.Outcome.ESCALATED) {
            order = last.escalatedAt(report.at());
            moveOn(now);
            return;
        }
        RollbackOrder open = open();
        if (open == null || !open.id().equals(report.order())) {
            if (last == null || !last.id().equals(report.order())) {
                keep(report, now);
            }
            return;
        }
        order = after(open, report);
        moveOn(open, now);
    }

    private void keep(DeliveryReport report, Instant now) {
        early.add(report);
        if (early.size() > MOST_WAITING) {
            early.remove(0);
        }
        moveOn(now);
    }

    private RollbackOrder after(RollbackOrder open, DeliveryReport report) {
        RollbackOrder tried = open.withAttempts(report.attempt());
        return switch (report.outcome()) {
            case FAILED -> tried;
            case DELIVERED ->
                open.state() == OrderState.ORDERED ? received(tried, OrderState.DELIVERED, report) : tried;
            case ACKNOWLEDGED ->
                open.state() == OrderState.ACKNOWLEDGED ? tried : received(tried, OrderState.ACKNOWLEDGED, report);
            case REFUSED -> tried.with(OrderState.REFUSED, report.at(), report.words());
            case STOPPED ->
                open.state() == OrderState.ORDERED
                        ? tried.with(OrderState.STOPPED, report.at(), report.words())
                        : tried;
            case ESCALATED -> tried;
        };
    }

    private RollbackOrder received(RollbackOrder order, OrderState state, DeliveryReport report) {
        String canary = order.from();
        if (order.trigger().drill()) {
            return delivered(order, state, report);
        }
        if (!order.concernsCanaryBeside()) {
            versions.leave(requireNonNull(order.fence(), "fence"));
        } else if (canary != null) {
            versions.leave(canary);
        }
        return delivered(order, state, report);
    }

    private static RollbackOrder delivered(RollbackOrder order, OrderState state, DeliveryReport report) {
        Instant by = order.verifyBy() == null ? report.at().plus(order.verification()) : order.verifyBy();
        return order.with(state, report.at(), report.words()).withVerification(by);
    }

    /** Does what is due. An order that ends by it is not followed by another one at once: whoever keeps the book asks again. */
    public void moveOn(Instant now) {
        moveOn(order, now);
    }

    private void moveOn(@Nullable RollbackOrder before, Instant now) {
        follow(now);
        waiting.removeIf(trigger -> !isYoung(trigger, now));
        decided.removeIf(one -> one.at().plus(HOUR).isBefore(now));
        automatic.removeIf(at -> at.plus(HOUR).isBefore(now));
        early.removeIf(report -> report.at().plus(HOUR).isBefore(now));
        if (before != null && !before.state().isOver() && open() == null) {
            return;
        }
        for (RollbackTrigger trigger : List.copyOf(waiting)) {
            decide(trigger, now);
        }
        RollbackOrder last = order;
        if (last != null && last.state().isOver() && !now.isBefore(last.since().plus(SHOWN))) {
            order = null;
        }
    }

    /** Returns when something is due next, if nothing else happens. */
    public Optional<Instant> nextMoment() {
        Stream<Instant> ofTriggers =
                waiting.stream().map(trigger -> trigger.at().plus(YOUNG).plusMillis(1));
        Stream<Instant> ofReports =
                early.stream().map(report -> report.at().plus(HOUR).plusMillis(1));
        return Stream.concat(Stream.concat(ofTriggers, ofReports), Stream.ofNullable(nextOfOrder()))
                .min(Comparator.naturalOrder());
    }

    private @Nullable Instant nextOfOrder() {
        RollbackOrder last = order;
        if (last == null) {
            return null;
        }
        if (last.state().isOver()) {
            boolean isHeld = last.state().isEscalated() && last.peopleToldAt() == null && !waiting.isEmpty();
            return last.since().plus(isHeld ? UNTOLD_FOR : SHOWN);
        }
        return last.state() == OrderState.ORDERED ? last.expiresAt() : last.verifyBy();
    }

    private @Nullable RollbackOrder open() {
        return order == null || order.state().isOver() ? null : order;
    }

    /** Looks at what runs, and at the time. */
    private void follow(Instant now) {
        RollbackOrder open = open();
        if (open == null) {
            return;
        }
        KnownDeployment running = current;
        KnownDeployment to = requireNonNull(open.to(), "to");
        KnownDeployment fence = requireNonNull(open.fence(), "fence");
        boolean beside = open.concernsCanaryBeside();
        if (running != null && !beside && running.isSameAs(to)) {
            order = open.with(OrderState.VERIFIED, now, to.words() + " runs");
            if (open.trigger().drill()) {
                rehearsed(fence.id());
            }
        } else if (running != null && !running.id().equals(fence.id()) && !(beside && running.isSameAs(to))) {
            order = open.with(OrderState.FENCED, now, "%s was deployed in between".formatted(running.words()));
        } else if (open.state() == OrderState.ORDERED && !now.isBefore(open.expiresAt())) {
            order = beside && open.canaryOver()
                    ? open.with(OrderState.VERIFIED, now, "the rollout is over, and " + to.words() + " runs")
                    : open.with(
                            OrderState.EXPIRED,
                            now,
                            "it was not delivered in time, after %d attempts".formatted(open.attempts()));
        } else if (open.verifyBy() != null && !now.isBefore(open.verifyBy())) {
            order = beside && open.canaryOver()
                    ? open.with(OrderState.VERIFIED, now, "the rollout is over, and " + to.words() + " runs")
                    : open.with(
                            OrderState.UNVERIFIED,
                            now,
                            beside
                                    ? "the rollout of the canary goes on"
                                    : to.words() + " has not been seen to run since it was delivered");
        }
    }

    private void rehearsed(String deployment) {
        rehearsed.remove(deployment);
        rehearsed.add(0, deployment);
        if (rehearsed.size() > MOST_REHEARSED) {
            rehearsed.remove(rehearsed.size() - 1);
        }
    }

    private static boolean isYoung(RollbackTrigger trigger, Instant now) {
        return Duration.between(trigger.at(), now).abs().compareTo(YOUNG) <= 0;
    }

    private void decide(RollbackTrigger trigger, Instant now) {
        String id = orderId(trigger);
        if (decided.stream().anyMatch(one -> one.order().equals(id))) {
            waiting.remove(trigger);
            return;
        }
        RollbackPlan holding = plan;
        if (holding == null
                || open() != null
                || requireNonNull(planSince, "planSince").isAfter(trigger.at())
                || !isWanted(holding, trigger)) {
            return;
        }
        KnownDeployment running = current;
        if (isForPeople(trigger, running, now)) {
            return;
        }
        if (!isAbout(trigger, running, holding)) {
            if (trigger.isAutomatic()) {
                return;
            }
            give(trigger, holding, null, null, now)
                    .end(
                            OrderState.FENCED,
                            running == null
                                    ? "nothing is known to run"
                                    : "%s runs, by deployment %s".formatted(running.words(), running.id()));
            return;
        }
        requireNonNull(running, "running");
        boolean beside = trigger.kind() == RollbackTrigger.Kind.FAILED_CANARY
                && trigger.version() != null
                && !running.isCalled(trigger.version());
        if (beside && trigger.over()) {
            return; // there is nothing left to end
        }
        KnownDeployment to = beside ? running : target(trigger, running).orElse(null);
        Given given = give(trigger, holding, beside ? trigger.version() : running.words(), to, now);
        if (trigger.kind() == RollbackTrigger.Kind.FAILED_CANARY && trigger.version() == null) {
            given.end(OrderState.NO_TARGET, "the run does not say which version its canary is");
        } else if (to == null) {
            given.end(
                    OrderState.NO_TARGET,
                    trigger.version() == null || trigger.isAutomatic()
                            ? "no deployment before it is known to be good"
                            : trigger.version() + " is not known to be good");
        } else if (holding.mode() == Mode.DRY_RUN) {
            given.end(OrderState.DRY_RUN, "the plan only tries out: nothing is sent");
        } else if (holding.mode() == Mode.HOLD && trigger.isAutomatic()) {
            given.end(OrderState.HELD, "the plan holds it back: order it by hand");
        } else if (trigger.isAutomatic() && automatic.size() >= holding.mostPerHour()) {
            given.end(OrderState.CAPPED, "there were %d within an hour".formatted(automatic.size()));
        } else {
            given.send();
        }
    }

    /**
     * Whether people must look at the last order first: for a minute at anything that they have not been told of, and without end at
     * what Sluice would do on its own to a deployment that could not be rolled back.
     */
    private boolean isForPeople(RollbackTrigger trigger, @Nullable KnownDeployment running, Instant now) {
        RollbackOrder last = order;
        if (last == null || !last.state().isEscalated()) {
            return false;
        }
        boolean isUntold = last.escalation() != null
                && last.peopleToldAt() == null
                && now.isBefore(last.since().plus(UNTOLD_FOR));
        KnownDeployment fence = last.fence();
        boolean isSame = trigger.isAutomatic()
                && !last.concernsCanaryBeside()
                && fence != null
                && running != null
                && fence.id().equals(running.id());
        return isUntold || isSame;
    }

    private static boolean isWanted(RollbackPlan plan, RollbackTrigger trigger) {
        return switch (trigger.kind()) {
            case FAILED_CANARY -> plan.onFailedCanary();
            case INCIDENT -> plan.onIncident() != null && plan.onIncident().include(trigger.severity());
            case ERROR_BUDGET ->
                plan.onBurn() != null && trigger.burn() != null && plan.onBurn().include(trigger.burn());
            case REQUEST -> true;
        };
    }

    /** Returns whether what runs is what the trigger is about, or what its canary would replace. */
    private static boolean isAbout(RollbackTrigger trigger, @Nullable KnownDeployment running, RollbackPlan plan) {
        if (running == null) {
            return false;
        }
        return switch (trigger.kind()) {
            case FAILED_CANARY ->
                trigger.suspects().isEmpty()
                        || trigger.suspects().stream().anyMatch(running::isCalled)
                        || (trigger.version() != null && running.isCalled(trigger.version()));
            case INCIDENT -> {
                Duration after = Duration.between(running.finishedAt(), trigger.at());
                yield trigger.suspects().contains(running.id())
                        && plan.onIncident() != null
                        && after.compareTo(plan.onIncident().within()) <= 0;
            }
            case ERROR_BUDGET -> {
                Burn burn = requireNonNull(trigger.burn(), "burn");
                yield plan.onBurn() != null
                        && !burn.from().isBefore(running.finishedAt())
                        && !burn.at()
                                .isAfter(running.finishedAt().plus(plan.onBurn().within()));
            }
            case REQUEST -> trigger.suspects().contains(running.id());
        };
    }

    private Optional<KnownDeployment> target(RollbackTrigger trigger, KnownDeployment suspect) {
        return versions.before(suspect, trigger.kind() == RollbackTrigger.Kind.REQUEST ? trigger.version() : null);
    }

    private String orderId(RollbackTrigger trigger) {
        return RollbackOrder.id(series, trigger.kind(), trigger.id());
    }

    private Given give(
            RollbackTrigger trigger,
            RollbackPlan holding,
            @Nullable String from,
            @Nullable KnownDeployment to,
            Instant now) {
        waiting.remove(trigger);
        decided.add(new RollbackBook.Decided(orderId(trigger), trigger.at()));
        return new Given(
                new RollbackOrder(
                        orderId(trigger),
                        trigger,
                        current,
                        from,
                        to,
                        OrderState.ORDERED,
                        List.of(),
                        now,
                        now.plus(holding.expiry()),
                        holding.verification(),
                        null,
                        holding.endpoint(),
                        holding.escalation(),
                        0,
                        false,
                        null),
                now);
    }

    /** An order on which the last word is missing. */
    private final class Given {
        private final RollbackOrder given;
        private final Instant now;

        Given(RollbackOrder given, Instant now) {
            this.given = given;
            this.now = now;
        }

        void end(OrderState state, String words) {
            order = given.with(state, now, words);
        }

        void send() {
            if (given.trigger().isAutomatic()) {
                automatic.add(now);
            }
            RollbackOrder ordered =
                    given.with(OrderState.ORDERED, now, given.trigger().reason());
            for (DeliveryReport report : List.copyOf(early)) {
                if (report.order().equals(given.id()) && !ordered.state().isOver()) {
                    ordered = after(ordered, report);
                }
            }
            early.removeIf(report -> report.order().equals(given.id()));
            order = ordered;
        }
    }
}
