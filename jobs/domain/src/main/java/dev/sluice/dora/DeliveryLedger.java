package dev.sluice.dora;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentRegister;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.Incident;
import dev.sluice.delivery.PullRequestOwnership;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The delivery history of one (tenant, service, environment): its attempts in the order of their end, the commits that
 * each brought, its incidents, the checks for drift, their judgement, and the metrics that all these amount to.
 *
 * <p>What it holds depends on the set of inputs alone, not on their order: an input that changes an attempt takes the
 * old contribution out of every day and period that it touched and adds the new one. An input costs what it touches: the
 * attempt, its successor, the attempts of the same version; an emission costs the days of the windows and of the periods
 * that changed, each a {@link DayCell} that is kept, and for {@link ShiftLedger shifts} the days from the week of the
 * earliest change on. While events come about as they happen, neither grows with the length of the history.
 *
 * <p>Time is an argument: {@code now} is progress, the moment up to which all inputs are known.
 */
public final class DeliveryLedger {
    /** Key of {@link LedgerTables#dayIndex()}. */
    public static final String DAY_INDEX = "days";
    /** Key of {@link LedgerTables#lastDay()}. */
    public static final String LAST_DAY = "last";
    /** Key of {@link LedgerTables#firstChange()}. */
    public static final String FIRST_CHANGE = "first";

    private static final int LONGEST_WINDOW = 90;

    private final ServiceEnvironment series;
    private final LedgerTables tables;
    private final KeptDays index;
    private final DriftLedger drift;
    private final AttemptTimeline timeline;
    private final CommitRanges ranges;
    private final PullRequestLedger pullRequests;
    private final Unpublished unpublished;
    private final Reverts reverts;
    private final FailureLedger failures;
    private final ShiftLedger shifts;

    /**
     * Creates the ledger over its tables.
     *
     * @param series whose history it is
     * @param tables what it remembers
     */
    public DeliveryLedger(ServiceEnvironment series, LedgerTables tables) {
        this.series = series;
        this.tables = tables;
        this.index = new KeptDays(tables);
        this.drift = new DriftLedger(series, tables.drift());
        this.timeline = new AttemptTimeline(tables, index);
        this.ranges = new CommitRanges(tables.commits(), tables.ranges());
        this.pullRequests = new PullRequestLedger(series, tables, timeline);
        this.unpublished = new Unpublished(series, tables);
        this.reverts = new Reverts(tables, timeline, ranges);
        this.failures =
                new FailureLedger(series, tables, timeline, ranges, index, unpublished, reverts, this::remediates);
        this.shifts = new ShiftLedger(series, tables, timeline, index, ranges);
    }

    /** Adds an observation of an attempt; one with a known event id changes nothing. */
    public void observe(DeploymentObserved observation) {
        DeploymentRegister.Change change = new DeploymentRegister(tables.observations()).observe(observation);
        if (change != null) {
            place(change.after());
            failures.settle();
        }
    }

    /** Sets which deployment first brought a commit. */
    public void own(CommitOwnership ownership) {
        String key = CommitRanges.key(ownership.repository(), ownership.sha());
        CommitOwnership before = ranges.get(key);
        String owner = ownership.deploymentId();
        if (ownership.equals(before) || (before == null && owner == null)) {
            return;
        }
        if (before != null) {
            reverts.remove(key, before);
            reverts.ownersOfReverted(before).forEach(failures::revertChanged);
        }
        if (owner == null) {
            ranges.remove(key);
        } else {
            ranges.put(key, ownership);
            reverts.add(key, ownership);
            reverts.ownersOfReverted(ownership).forEach(failures::revertChanged);
        }
        unpublished.change(key);
        String ownerBefore = before == null ? null : before.deploymentId();
        ownershipChanged(ownerBefore);
        ownershipChanged(owner);
        if (before == null || !Objects.equals(ownerBefore, owner) || before.elsewhere() != ownership.elsewhere()) {
            judgeReverters(key);
            failures.ownerChanged(key, ownerBefore, owner);
        }
        failures.settle();
    }

    /** Sets which deployment first brought a pull request. */
    public void own(PullRequestOwnership ownership) {
        pullRequests.own(ownership).forEach(this::pullRequestChanged);
    }

    private void pullRequestChanged(PullRequestOwnership pullRequest) {
        unpublished.pullRequest(PullRequestLedger.key(pullRequest));
        String owner = pullRequest.deploymentId();
        AttemptRow row = owner == null ? null : timeline.get(owner);
        if (row != null) {
            unpublished.moment(row.finishedAt());
        }
    }

    /** Sets what the reference of a repairing deployment, or of an incident, resolves to. */
    public void link(ReferenceLink link) {
        if (link.incident()) {
            String target = link.targetId();
            failures.cause(
                    link.id(),
                    link.reference(),
                    target == null ? null : new FailureTables.Cause(target, link.targetHere()));
            failures.settle();
            return;
        }
        failures.repair(link.id(), link.reference(), link.targetIncident() ? link.targetId() : null);
        String key = referenceKey(link.id(), link.reference());
        String before = tables.remediations().get(key);
        String target = link.targetIncident() ? null : link.targetId();
        if (target == null ? before == null : target.equals(before)) {
            return;
        }
        if (target == null) {
            tables.remediations().remove(key);
        } else {
            tables.remediations().put(key, target);
        }
        unpublished.deployment(link.id());
        unpublished.windows();
    }

    /**
     * Sets or takes back what a deployment or an incident says of one of this series.
     *
     * @param claim who says what of whom
     * @param withdrawn whether it says so no longer
     */
    public void claim(FailureClaim claim, boolean withdrawn) {
        failures.claim(claim, withdrawn);
        failures.settle();
    }

    /** Sets an incident of this series. */
    public void put(Incident incident) {
        failures.put(incident);
        failures.settle();
    }

    /** Forgets an incident that has become one of another series. */
    public void removeIncident(String incidentId) {
        failures.remove(incidentId);
        failures.settle();
    }

    /** Adds a word on a check for drift; one that is known, or that another one overrules, changes nothing. */
    public void check(DriftChecked check) {
        DriftChanges changes = drift.check(check);
        for (DriftChanges.Span span : changes.spans()) {
            LocalDate last = LocalDate.ofInstant(span.last(), series.zone());
            LocalDate day = LocalDate.ofInstant(span.first(), series.zone());
            for (; !day.isAfter(last); day = day.plusDays(1)) {
                unpublished.day(day);
            }
        }
        changes.episodes().forEach(unpublished::driftEpisode);
    }

    /**
     * Takes over a history that was kept with other settings: days may begin at other times, and other incidents may lie
     * within the link window. It costs the whole history.
     *
     * @param before the same series as it was set until now
     */
    public void settingsChanged(ServiceEnvironment before) {
        if (before.equals(series)) {
            return;
        }
        failures.linkWindowChanged(before.linkWindow());
        failures.settle();
        for (long day : index.days()) {
            unpublished.moment(DayIndex.startOf(day));
            markLocalDays(day, before);
            timeline.on(day).forEach(this::markFacts);
        }
        tables.failures().incidents().keys().forEach(unpublished::incident);
        for (long day : drift.days()) {
            markLocalDays(day, before);
        }
        tables.lastDay().remove(LAST_DAY);
    }

    /** Marks all facts that tell of the day on which a deployment ended. */
    private void markFacts(AttemptRow row) {
        unpublished.deployment(row.id());
        ranges.of(row.id()).forEach(change -> unpublished.change(CommitRanges.key(change.repository(), change.sha())));
        pullRequests.of(row.id()).forEach(each -> unpublished.pullRequest(PullRequestLedger.key(each)));
    }

    /** Marks the local days that a day (UTC) lies in, by the settings before and by those now. */
    private void markLocalDays(long utcDay, ServiceEnvironment before) {
        Instant first = DayIndex.startOf(utcDay);
        Instant last = DayIndex.startOf(utcDay + 1).minusMillis(1);
        for (ZoneId zone : List.of(before.zone(), series.zone())) {
            unpublished.day(LocalDate.ofInstant(first, zone));
            unpublished.day(LocalDate.ofInstant(last, zone));
        }
    }

    static String referenceKey(String id, String reference) {
        return id + "\n" + reference;
    }

    /** Returns whether something has changed since the last emission. */
    public boolean isDirty() {
        return !unpublished.isEmpty();
    }

    private boolean isEmpty() {
        return index.isEmpty() && !tables.open().keys().iterator().hasNext() && drift.isEmpty();
    }

    /**
     * Gives up the attempts whose time has run out and returns what has changed since the last emission.
     *
     * @param now progress
     */
    public LedgerRows emit(Instant now) {
        expire(now);
        var report =
                new LedgerReport(series, tables, timeline, index, ranges, pullRequests, failures, drift, this::attempt);
        LocalDate today = LocalDate.ofInstant(now, series.zone());
        Long lastDay = tables.lastDay().get(LAST_DAY);
        if (lastDay == null || lastDay < today.toEpochDay()) {
            if (lastDay != null) {
                markEndedPeriods(LocalDate.ofEpochDay(lastDay), today, report);
            }
            tables.lastDay().put(LAST_DAY, today.toEpochDay());
            if (!isEmpty()) {
                unpublished.windows();
            }
        }
        boolean changed = !unpublished.isEmpty();
        boolean empty = isEmpty();
        Unpublished.Marks marks = unpublished.drain();
        return new LedgerRows(
                changed ? report.windows(today, empty, now) : null,
                changed ? report.current(now) : null,
                marks.periods().stream()
                        .map(period -> report.period(period, today, now))
                        .toList(),
                marks.deployments().stream()
                        .map(id -> report.deployment(id, now))
                        .toList(),
                marks.changes().stream().map(key -> report.change(key, now)).toList(),
                marks.pullRequests().stream()
                        .map(key -> pullRequests.fact(key, now))
                        .toList(),
                marks.incidents().stream().map(id -> report.incident(id, now)).toList(),
                marks.driftEpisodes().stream().map(key -> drift.fact(key, now)).toList(),
                shifts.update(marks.firstDay(), lastDay, today, now));
    }

    /**
     * Returns the next instant at which the rows change without an input: a local midnight while a window or the running
     * quarter holds an attempt, or the end of an open attempt's time.
     *
     * @param now progress
     */
    public Optional<Instant> nextChange(Instant now) {
        Instant next = null;
        for (String id : tables.open().keys()) {
            Long deadline = tables.open().get(id);
            if (deadline != null && (next == null || deadline < next.toEpochMilli())) {
                next = Instant.ofEpochMilli(deadline);
            }
        }
        LocalDate today = LocalDate.ofInstant(now, series.zone());
        LocalDate quarter = PeriodKind.QUARTER.startOf(today);
        LocalDate window = today.minusDays(LONGEST_WINDOW - 1L);
        Instant oldest = startOf(quarter.isBefore(window) ? quarter : window);
        if (index.reaches(oldest) || drift.reaches(oldest)) {
            Instant midnight = startOf(today.plusDays(1));
            next = next == null || midnight.isBefore(next) ? midnight : next;
        }
        return Optional.ofNullable(next);
    }

    // ---- attempts and their order

    private @Nullable DeploymentAttempt attempt(String id) {
        List<DeploymentObserved> observations = tables.observations().get(id);
        return observations == null ? null : DeploymentAttempt.of(observations);
    }

    private void expire(Instant now) {
        var expired = new ArrayList<String>();
        for (String id : tables.open().keys()) {
            Long deadline = tables.open().get(id);
            if (deadline != null && deadline <= now.toEpochMilli()) {
                expired.add(id);
            }
        }
        for (String id : expired) {
            DeploymentAttempt attempt = attempt(id);
            if (attempt != null) {
                place(attempt.at(now));
            }
        }
        failures.settle();
    }

    private @Nullable String remediates(String id) {
        DeploymentAttempt attempt = attempt(id);
        return attempt == null ? null : attempt.remediates();
    }

    /** Puts an attempt where it belongs now, after taking it from where it was, and judges whatever that affects. */
    private void place(DeploymentAttempt attempt) {
        String id = attempt.id();
        Instant finishedAt = attempt.finishedAt();
        replace(id, attempt.deleted() || finishedAt == null ? null : AttemptRow.of(attempt, finishedAt));
        if (!attempt.deleted() && attempt.result() == AttemptResult.IN_PROGRESS) {
            tables.open().put(id, attempt.timesOutAt().toEpochMilli());
        } else {
            tables.open().remove(id);
        }
    }

    private void replace(String id, @Nullable AttemptRow after) {
        var affected = new TreeSet<String>();
        AttemptRow before = timeline.get(id);
        if (before != null) {
            removeRow(before, affected);
        }
        if (after != null) {
            addRow(after, affected);
        }
        unpublished.deployment(id);
        unpublished.windows();
        affected.remove(id);
        judge(id, before);
        affected.forEach(other -> judge(other, timeline.get(other)));
        if (!isSamePlace(before, after)) {
            for (CommitOwnership change : ranges.of(id)) {
                String key = CommitRanges.key(change.repository(), change.sha());
                judgeReverters(key);
                failures.commitMoved(key);
            }
        }
    }

    private static boolean isSamePlace(@Nullable AttemptRow before, @Nullable AttemptRow after) {
        AttemptKey from = before == null || !before.isSuccess() ? null : before.key();
        AttemptKey to = after == null || !after.isSuccess() ? null : after.key();
        return Objects.equals(from, to);
    }

    private void removeRow(AttemptRow row, Set<String> affected) {
        failures.unindex(row);
        timeline.remove(row);
        unpublished.moment(row.finishedAt());
        failures.deploymentChanged(row);
        markSuccessChanged(row, false, affected);
    }

    private void addRow(AttemptRow row, Set<String> affected) {
        timeline.add(row);
        unpublished.moment(row.finishedAt());
        failures.deploymentChanged(row);
        markSuccessChanged(row, true, affected);
    }

    /** Notes whose judgement may change because a success came or went, which is done already. */
    private void markSuccessChanged(AttemptRow row, boolean added, Set<String> affected) {
        if (!row.isSuccess()) {
            changeTries(row, added, affected);
            return;
        }
        AttemptRow successor = timeline.nextSuccess(row);
        if (successor != null) {
            affected.add(successor.id());
        }
        for (String name : row.names()) {
            changeVersion(name, row.key(), added, affected);
        }
        changeSeed(row, added, affected);
    }

    /** Whether a version has run before depends on its earliest attempt only, so only a change of that one matters. */
    private void changeVersion(String name, AttemptKey attempt, boolean add, Set<String> affected) {
        firstSuccessOf(name).ifPresent(first -> affected.add(first.id()));
        Lists.change(tables.versions(), name, attempt, add);
        firstSuccessOf(name).ifPresent(first -> affected.add(first.id()));
    }

    private Optional<AttemptKey> firstSuccessOf(String name) {
        return Lists.of(tables.versions(), name).stream().findFirst();
    }

    /** What was skipped was not tried. */
    private void changeTries(AttemptRow row, boolean add, Set<String> affected) {
        if (row.result() == AttemptResult.SKIPPED) {
            return;
        }
        for (String name : row.names()) {
            Lists.change(tables.tries(), name, row.key(), add);
            firstSuccessOf(name).ifPresent(first -> affected.add(first.id()));
        }
    }

    /** The baseline of a repository is the first success that deployed a commit of it. */
    private void changeSeed(AttemptRow row, boolean added, Set<String> affected) {
        String repository = row.repository();
        if (repository == null) {
            return;
        }
        AttemptKey seed = tables.seeds().get(repository);
        if (added && (seed == null || row.key().compareTo(seed) < 0)) {
            tables.seeds().put(repository, row.key());
            if (seed != null) {
                affected.add(seed.id());
            }
        } else if (!added && row.key().equals(seed)) {
            AttemptRow next = timeline.nextSuccess(row);
            while (next != null && !repository.equals(next.repository())) {
                next = timeline.nextSuccess(next);
            }
            if (next == null) {
                tables.seeds().remove(repository);
            } else {
                tables.seeds().put(repository, next.key());
                affected.add(next.id());
            }
        }
    }

    /**
     * Judges an attempt again.
     *
     * @param id the attempt
     * @param before its row as it was last judged; null if it had none
     */
    private void judge(String id, @Nullable AttemptRow before) {
        AttemptRow row = timeline.get(id);
        AttemptRow after = row;
        if (row != null && row.isSuccess()) {
            AttemptRow predecessor = timeline.previousSuccess(row);
            boolean seed =
                    row.repository() != null && row.key().equals(tables.seeds().get(row.repository()));
            DeploymentKind kind = kindOf(row, predecessor);
            after = row.judged(kind, seed, isRework(row, kind), firstTriedAt(row));
            if (!after.equals(row)) {
                timeline.replace(after);
            }
        }
        if (after == null ? before == null : after.equals(before)) {
            return;
        }
        unpublished.deployment(id);
        unpublished.windows();
        if (after != null) {
            unpublished.moment(after.finishedAt());
            failures.deploymentChanged(after);
        }
        for (PullRequestOwnership pullRequest : pullRequests.of(id)) {
            unpublished.pullRequest(PullRequestLedger.key(pullRequest));
            pullRequests.relatives(pullRequest).forEach(this::pullRequestChanged);
        }
        ranges.of(id).forEach(change -> unpublished.change(CommitRanges.key(change.repository(), change.sha())));
    }

    private DeploymentKind kindOf(AttemptRow row, @Nullable AttemptRow predecessor) {
        DeploymentAttempt attempt = attempt(row.id());
        if (attempt == null) {
            throw new IllegalStateException("a row without an attempt: " + row.id());
        }
        if (attempt.statedKind() != null) {
            return attempt.statedKind();
        }
        if (predecessor != null && row.repeats(predecessor)) {
            return DeploymentKind.REDEPLOY;
        }
        if (ranBefore(row)) {
            return DeploymentKind.ROLLBACK;
        }
        return bringsNewCommits(attempt) ? DeploymentKind.FORWARD : DeploymentKind.CONFIG;
    }

    private boolean ranBefore(AttemptRow row) {
        if (row.names().isEmpty()) {
            return false;
        }
        return firstSuccessOf(row.names().get(0))
                .filter(first -> first.compareTo(row.key()) < 0)
                .isPresent();
    }

    private boolean isRework(AttemptRow row, DeploymentKind kind) {
        if (!kind.isChange()) {
            return kind == DeploymentKind.ROLLBACK;
        }
        DeploymentAttempt attempt = attempt(row.id());
        return (attempt != null && attempt.isRepair()) || reverts.takesAChangeBack(row);
    }

    /** The least start of the tries of a version up to its first success. */
    private @Nullable Instant firstTriedAt(AttemptRow row) {
        if (row.names().isEmpty() || ranBefore(row)) {
            return null;
        }
        Instant first = row.startedAt();
        for (AttemptKey tried : Lists.of(tables.tries(), row.names().get(0))) {
            AttemptRow attempt = tried.compareTo(row.key()) < 0 ? timeline.get(tried.id()) : null;
            Instant startedAt = attempt == null ? null : attempt.startedAt();
            if (startedAt != null && (first == null || startedAt.isBefore(first))) {
                first = startedAt;
            }
        }
        return first;
    }

    /**
     * A deployment brings new commits exactly if it is the first to bring its own commit: everything older is reachable
     * from it. Where no repository is named the graph is not known, and a commit counts as new.
     */
    private boolean bringsNewCommits(DeploymentAttempt attempt) {
        String sha = attempt.sha();
        if (sha == null) {
            return false;
        }
        String repository = attempt.repository();
        if (repository == null) {
            return true;
        }
        CommitOwnership head = ranges.get(CommitRanges.key(repository, sha));
        return head != null && attempt.id().equals(head.deploymentId());
    }

    // ---- commits

    private void ownershipChanged(@Nullable String deployment) {
        if (deployment == null) {
            return;
        }
        AttemptRow row = timeline.get(deployment);
        if (row != null) {
            judge(deployment, row);
            unpublished.moment(row.finishedAt());
        }
        unpublished.deployment(deployment);
        unpublished.windows();
    }

    /** Judges the deployments again that took a change back. */
    private void judgeReverters(String key) {
        for (String reverter : reverts.reverters(key)) {
            CommitOwnership revert = ranges.get(reverter);
            if (revert != null) {
                ownershipChanged(revert.deploymentId());
            }
        }
    }

    private void markEndedPeriods(LocalDate lastDay, LocalDate today, LedgerReport report) {
        for (PeriodKind kind : PeriodKind.values()) {
            LocalDate start = kind.startOf(lastDay);
            for (LocalDate end = kind.endOf(start); !end.isAfter(today); end = kind.endOf(start)) {
                if (report.hasRows(start, end)) {
                    unpublished.period(kind, start);
                }
                start = end;
            }
        }
    }

    private Instant startOf(LocalDate day) {
        return day.atStartOfDay(series.zone()).toInstant();
    }
}
