package dev.sluice.dora;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentRegister;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.Parentage;
import dev.sluice.delivery.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The delivery history of one (tenant, service, environment): its attempts in the order of their end, the commits that
 * each brought, their judgement, the checks for drift, and the metrics that all these amount to.
 *
 * <p>What it holds depends on the set of inputs alone, not on their order: an input that changes an attempt takes the
 * old contribution out of every day and period that it touched and adds the new one. An input costs what it touches: the
 * attempt, its successor, the attempts of the same version; of a check the day and those of the checks beside it. An
 * emission costs the days of the windows and of the periods that changed, each a {@link DayCell} and a {@link DriftCell}
 * that are kept. Neither grows with the length of the history.
 *
 * <p>Time is an argument: {@code now} is progress, the moment up to which all inputs are known.
 */
public final class DeliveryLedger {
    /** Key of {@link LedgerTables#dayIndex()}. */
    public static final String DAY_INDEX = "days";
    /** Key of {@link LedgerTables#lastDay()}. */
    public static final String LAST_DAY = "last";

    private static final int[] WINDOW_DAYS = {7, 30, 90};
    private static final int LONGEST_WINDOW = 90;
    private static final String DEPLOYMENT = "deployment/";
    private static final String CHANGE = "change/";
    private static final String PERIOD = "period/";
    private static final String DRIFT = "drift/";
    private static final String WINDOWS = "windows";

    private final ServiceEnvironment series;
    private final LedgerTables tables;
    private final AttemptTimeline timeline;
    private final CommitRanges ranges;
    private final DriftLedger drift;

    /**
     * Creates the ledger over its tables.
     *
     * @param series whose history it is
     * @param tables what it remembers
     */
    public DeliveryLedger(ServiceEnvironment series, LedgerTables tables) {
        this.series = series;
        this.tables = tables;
        this.timeline = new AttemptTimeline(tables);
        this.ranges = new CommitRanges(tables.commits(), tables.ranges());
        this.drift = new DriftLedger(series, tables.drift());
    }

    /** Adds an observation of an attempt; one with a known event id changes nothing. */
    public void observe(DeploymentObserved observation) {
        DeploymentRegister.Change change = new DeploymentRegister(tables.observations()).observe(observation);
        if (change != null) {
            place(change.after());
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
            changeReverts(before, key, false);
        }
        if (owner == null) {
            ranges.remove(key);
        } else {
            ranges.put(key, ownership);
            changeReverts(ownership, key, true);
        }
        markDirty(CHANGE + key);
        if (before != null) {
            ownershipChanged(before.deploymentId());
        }
        ownershipChanged(owner);
        if (before == null || !Objects.equals(before.deploymentId(), owner)) {
            judgeReverters(key);
        }
    }

    /** Sets what the reference of a repairing deployment resolves to. */
    public void link(RemediationLink link) {
        String key = referenceKey(link.deploymentId(), link.reference());
        String before = tables.remediations().get(key);
        String target = link.targetDeploymentId();
        if (target == null ? before == null : target.equals(before)) {
            return;
        }
        if (target == null) {
            tables.remediations().remove(key);
        } else {
            tables.remediations().put(key, target);
        }
        markDirty(DEPLOYMENT + link.deploymentId());
    }

    /** Adds a word on a check for drift; one that is known, or that another one overrules, changes nothing. */
    public void check(DriftChecked check) {
        DriftChanges changes = drift.check(check);
        for (DriftChanges.Span span : changes.spans()) {
            LocalDate last = LocalDate.ofInstant(span.last(), series.zone());
            LocalDate day = LocalDate.ofInstant(span.first(), series.zone());
            for (; !day.isAfter(last); day = day.plusDays(1)) {
                markPeriods(day);
            }
        }
        changes.episodes().forEach(key -> markDirty(DRIFT + key));
        if (!changes.isEmpty()) {
            markDirty(WINDOWS);
        }
    }

    static String referenceKey(String deploymentId, String reference) {
        return deploymentId + "\n" + reference;
    }

    /** Returns whether something has changed since the last emission. */
    public boolean isDirty() {
        return tables.dirty().keys().iterator().hasNext();
    }

    private boolean isEmpty() {
        return timeline.isEmpty() && !tables.open().keys().iterator().hasNext() && drift.isEmpty();
    }

    /**
     * Gives up the attempts whose time has run out and returns what has changed since the last emission.
     *
     * @param now progress
     */
    public LedgerRows emit(Instant now) {
        expire(now);
        LocalDate today = LocalDate.ofInstant(now, series.zone());
        Long lastDay = tables.lastDay().get(LAST_DAY);
        if (lastDay == null || lastDay < today.toEpochDay()) {
            if (lastDay != null) {
                markEndedPeriods(LocalDate.ofEpochDay(lastDay), today);
            }
            tables.lastDay().put(LAST_DAY, today.toEpochDay());
            if (!isEmpty()) {
                markDirty(WINDOWS);
            }
        }
        var deployments = new ArrayList<DeploymentFact>();
        var changes = new ArrayList<ChangeFact>();
        var periods = new ArrayList<PeriodRow>();
        var episodes = new ArrayList<DriftEpisodeFact>();
        var read = new Read(new HashMap<>(), new HashMap<>());
        var keys = new TreeSet<String>();
        tables.dirty().keys().forEach(keys::add);
        for (String key : keys) {
            if (key.startsWith(DEPLOYMENT)) {
                deployments.add(deploymentFact(key.substring(DEPLOYMENT.length()), now));
            } else if (key.startsWith(CHANGE)) {
                changes.add(changeFact(key.substring(CHANGE.length()), now));
            } else if (key.startsWith(DRIFT)) {
                episodes.add(drift.fact(key.substring(DRIFT.length()), now));
            } else if (key.startsWith(PERIOD)) {
                periods.add(period(key.substring(PERIOD.length()), today, now, read));
            }
            tables.dirty().remove(key);
        }
        boolean changed = !keys.isEmpty();
        return new LedgerRows(
                changed ? windows(today, now, read) : null,
                changed ? current(now) : null,
                periods,
                deployments,
                changes,
                List.of(),
                List.of(),
                episodes);
    }

    /**
     * Returns the next instant at which the rows change without an input: a local midnight while a window or the running
     * quarter holds an attempt or a check tells of it, or the end of an open attempt's time.
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
        if (timeline.reaches(oldest) || drift.reaches(oldest)) {
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
        markDirty(DEPLOYMENT + id);
        markDirty(WINDOWS);
        affected.remove(id);
        judge(id, before);
        affected.forEach(other -> judge(other, timeline.get(other)));
        if (!isSamePlace(before, after)) {
            ranges.of(id).forEach(change -> judgeReverters(CommitRanges.key(change.repository(), change.sha())));
        }
    }

    private static boolean isSamePlace(@Nullable AttemptRow before, @Nullable AttemptRow after) {
        AttemptKey from = before == null || !before.isSuccess() ? null : before.key();
        AttemptKey to = after == null || !after.isSuccess() ? null : after.key();
        return Objects.equals(from, to);
    }

    private void removeRow(AttemptRow row, Set<String> affected) {
        timeline.remove(row);
        markPeriods(row);
        markSuccessChanged(row, false, affected);
    }

    private void addRow(AttemptRow row, Set<String> affected) {
        timeline.add(row);
        markPeriods(row);
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
        change(tables.versions(), name, attempt, add);
        firstSuccessOf(name).ifPresent(first -> affected.add(first.id()));
    }

    private Optional<AttemptKey> firstSuccessOf(String name) {
        return list(tables.versions(), name).stream().findFirst();
    }

    /** What was skipped was not tried. */
    private void changeTries(AttemptRow row, boolean add, Set<String> affected) {
        if (row.result() == AttemptResult.SKIPPED) {
            return;
        }
        for (String name : row.names()) {
            change(tables.tries(), name, row.key(), add);
            firstSuccessOf(name).ifPresent(first -> affected.add(first.id()));
        }
    }

    private static <T extends Comparable<T>> void change(
            Table<String, List<T>> table, String key, T element, boolean add) {
        var elements = new ArrayList<>(list(table, key));
        elements.remove(element);
        if (add) {
            elements.add(element);
            Collections.sort(elements);
        }
        if (elements.isEmpty()) {
            table.remove(key);
        } else {
            table.put(key, List.copyOf(elements));
        }
    }

    private static <T> List<T> list(Table<String, List<T>> table, String key) {
        List<T> elements = table.get(key);
        return elements == null ? List.of() : elements;
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
        markDirty(DEPLOYMENT + id);
        markDirty(WINDOWS);
        if (after != null) {
            markPeriods(after);
        }
        ranges.of(id).forEach(change -> markDirty(CHANGE + CommitRanges.key(change.repository(), change.sha())));
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
        return (attempt != null && attempt.isRepair()) || takesAChangeBack(row);
    }

    /** Whether it holds a revert of a commit that an earlier deployment had brought. */
    private boolean takesAChangeBack(AttemptRow row) {
        for (String key : list(tables.reverting(), row.id())) {
            CommitOwnership revert = ranges.get(key);
            if (revert == null) {
                continue;
            }
            for (String reverted : revert.reverts()) {
                CommitOwnership change = ranges.get(CommitRanges.key(revert.repository(), reverted));
                AttemptRow brought =
                        change == null || change.deploymentId() == null ? null : timeline.get(change.deploymentId());
                if (brought != null && brought.isSuccess() && brought.compareTo(row) < 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The least start of the tries of a version up to its first success. */
    private @Nullable Instant firstTriedAt(AttemptRow row) {
        if (row.names().isEmpty() || ranBefore(row)) {
            return null;
        }
        Instant first = row.startedAt();
        for (AttemptKey tried : list(tables.tries(), row.names().get(0))) {
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
            markPeriods(row);
        }
        markDirty(DEPLOYMENT + deployment);
        markDirty(WINDOWS);
    }

    private void changeReverts(CommitOwnership change, String key, boolean add) {
        String owner = change.deploymentId();
        if (change.reverts().isEmpty() || owner == null) {
            return;
        }
        change(tables.reverting(), owner, key, add);
        for (String reverted : change.reverts()) {
            change(tables.reverters(), CommitRanges.key(change.repository(), reverted), key, add);
        }
    }

    /** Judges the deployments again that took a change back. */
    private void judgeReverters(String key) {
        for (String reverter : list(tables.reverters(), key)) {
            CommitOwnership revert = ranges.get(reverter);
            if (revert != null) {
                ownershipChanged(revert.deploymentId());
            }
        }
    }

    // ---- what must be emitted

    private void markDirty(String key) {
        if (tables.dirty().get(key) == null) {
            tables.dirty().put(key, Boolean.TRUE);
        }
    }

    private void markPeriods(AttemptRow row) {
        tables.cells().remove(AttemptTimeline.dayOf(row.finishedAt()));
        markPeriods(LocalDate.ofInstant(row.finishedAt(), series.zone()));
    }

    private void markPeriods(LocalDate day) {
        for (PeriodKind kind : PeriodKind.values()) {
            markDirty(PERIOD + kind + "/" + kind.startOf(day));
        }
    }

    private void markEndedPeriods(LocalDate lastDay, LocalDate today) {
        for (PeriodKind kind : PeriodKind.values()) {
            LocalDate start = kind.startOf(lastDay);
            for (LocalDate end = kind.endOf(start); !end.isAfter(today); end = kind.endOf(start)) {
                if (hasRows(start, end)) {
                    markDirty(PERIOD + kind + "/" + start);
                }
                start = end;
            }
        }
    }

    private boolean hasRows(LocalDate start, LocalDate end) {
        var range = new MetricsOfRange(startOf(start), startOf(end), series.zone());
        return timeline.days(startOf(start), startOf(end))
                        .anyMatch(day -> timeline.on(day).stream().anyMatch(range::holds))
                || drift.tells(startOf(start), startOf(end));
    }

    // ---- rows

    private DeploymentFact deploymentFact(String id, Instant now) {
        DeploymentAttempt attempt = attempt(id);
        if (attempt == null) {
            return absent(id, now);
        }
        DeploymentAttempt current = attempt.at(now);
        AttemptRow row = timeline.get(id);
        DeploymentKind kind = row == null ? null : row.kind();
        AttemptRow success = row == null || !row.isSuccess() ? null : row;
        boolean counted = kind != null && kind.isChange();
        List<CommitOwnership> changes = ranges.of(id);
        var flags = new ArrayList<String>();
        if (changes.stream().anyMatch(change -> change.parentage() == Parentage.UNKNOWN)) {
            flags.add("RANGE_INCOMPLETE");
        }
        if (changes.stream().anyMatch(change -> change.parentage() == Parentage.INFERRED)) {
            flags.add("RANGE_INFERRED");
        }
        return new DeploymentFact(
                series.tenant(),
                series.service(),
                series.environment(),
                id,
                current.result().name(),
                kind,
                counted,
                current.deleted()
                        ? "DELETED"
                        : counted ? null : (kind == null ? current.result().name() : kind.name()),
                row != null && row.seed(),
                current.queuedAt(),
                current.startedAt(),
                current.finishedAt(),
                current.version(),
                current.repository(),
                current.sha(),
                current.digest(),
                current.groupId(),
                current.remediates(),
                current.remediates() == null ? null : tables.remediations().get(referenceKey(id, current.remediates())),
                current.planned(),
                row != null && row.rework(),
                false,
                false,
                List.of(),
                List.of(),
                null,
                current.impact(),
                null,
                null,
                null,
                null,
                success == null ? null : success.deployTimeMs(),
                success == null ? null : success.queueTimeMs(),
                success == null ? null : success.timeToSuccessMs(),
                changes.size(),
                flags,
                current.deleted(),
                now);
    }

    /** A deployment that only the commit graph has named so far; its observation is on the way. */
    private DeploymentFact absent(String id, Instant now) {
        return new DeploymentFact(
                series.tenant(),
                series.service(),
                series.environment(),
                id,
                AttemptResult.IN_PROGRESS.name(),
                null,
                false,
                AttemptResult.IN_PROGRESS.name(),
                false,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                false,
                false,
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                0,
                List.of(),
                true,
                now);
    }

    private ChangeFact changeFact(String key, Instant now) {
        int space = key.lastIndexOf(' ');
        String repository = key.substring(0, space);
        String sha = key.substring(space + 1);
        CommitOwnership change = ranges.get(key);
        AttemptRow row = change == null || change.deploymentId() == null ? null : timeline.get(change.deploymentId());
        if (change == null || row == null) {
            return new ChangeFact(
                    series.tenant(),
                    series.service(),
                    series.environment(),
                    repository,
                    sha,
                    null,
                    null,
                    null,
                    null,
                    false,
                    null,
                    true,
                    now);
        }
        ChangeJudgement judgement = ChangeJudgement.of(change, row);
        boolean counted = judgement == ChangeJudgement.COUNTED;
        return new ChangeFact(
                series.tenant(),
                series.service(),
                series.environment(),
                repository,
                sha,
                row.id(),
                change.authoredAt(),
                row.finishedAt(),
                counted ? ChangeJudgement.leadTimeMs(change, row) : null,
                counted,
                counted ? null : judgement.name(),
                false,
                now);
    }

    private PeriodRow period(String key, LocalDate today, Instant now, Read read) {
        int slash = key.indexOf('/');
        PeriodKind kind = PeriodKind.valueOf(key.substring(0, slash));
        LocalDate start = LocalDate.parse(key.substring(slash + 1));
        LocalDate end = kind.endOf(start);
        return new PeriodRow(
                series.tenant(),
                series.service(),
                series.environment(),
                series.zone().getId(),
                kind,
                kind.label(start),
                start,
                end,
                end.isAfter(today),
                metrics(start, end, read),
                !hasRows(start, end),
                now);
    }

    private DoraRow windows(LocalDate today, Instant now, Read read) {
        var windows = new ArrayList<DoraRow.WindowMetrics>();
        for (int days : WINDOW_DAYS) {
            LocalDate from = today.minusDays(days - 1L);
            windows.add(new DoraRow.WindowMetrics(days, from, today, metrics(from, today.plusDays(1), read)));
        }
        return new DoraRow(
                series.tenant(),
                series.service(),
                series.environment(),
                series.zone().getId(),
                today,
                windows,
                isEmpty(),
                now);
    }

    private CurrentRow current(Instant now) {
        AttemptRow running = timeline.lastSuccess();
        while (running != null && isInactive(running)) {
            running = timeline.previousSuccess(running);
        }
        AttemptRow other = running == null ? null : timeline.previousSuccess(running);
        while (other != null && running != null && (running.repeats(other) || other.repeats(running))) {
            other = timeline.previousSuccess(other);
        }
        DeploymentAttempt attempt = running == null ? null : attempt(running.id());
        DeploymentAttempt previous = other == null ? null : attempt(other.id());
        DriftLedger.Latest checked = drift.latest();
        return new CurrentRow(
                series.tenant(),
                series.service(),
                series.environment(),
                attempt == null ? null : attempt.id(),
                attempt == null ? null : attempt.version(),
                attempt == null ? null : attempt.sha(),
                attempt == null ? null : attempt.digest(),
                attempt == null ? null : attempt.finishedAt(),
                previous == null ? null : previous.version(),
                previous == null ? null : previous.id(),
                0,
                null,
                0,
                checked == null ? null : checked.drifted(),
                checked == null ? null : checked.checkedAt(),
                attempt == null && checked == null,
                now);
    }

    private boolean isInactive(AttemptRow row) {
        DeploymentAttempt attempt = attempt(row.id());
        return attempt != null && attempt.inactive();
    }

    /** The days that an emission has read, since its ranges hold the same days. */
    private record Read(Map<Long, DayCell> cells, Map<Long, DriftCell> drift) {}

    /**
     * Returns the metrics of a range of local days.
     *
     * @param read the days that this emission has read already
     */
    private DeliveryMetrics metrics(LocalDate from, LocalDate to, Read read) {
        Instant start = startOf(from);
        Instant end = startOf(to);
        var range = new MetricsOfRange(start, end, series.zone());
        timeline.days(start, end)
                .forEach(day -> range.add(
                        isWhole(day, start, end) ? read.cells().computeIfAbsent(day, this::cell) : part(day, range)));
        drift.days(start, end)
                .forEach(day -> range.add(
                        isWhole(day, start, end)
                                ? read.drift().computeIfAbsent(day, drift::cell)
                                : drift.part(day, start, end)));
        return range.metrics();
    }

    private static boolean isWhole(long day, Instant start, Instant end) {
        return !AttemptTimeline.startOf(day).isBefore(start)
                && !AttemptTimeline.startOf(day + 1).isAfter(end);
    }

    /** Returns what a day adds: as it was when last asked, unless something in it has changed since. */
    private DayCell cell(long day) {
        DayCell known = tables.cells().get(day);
        if (known != null && known.zone().equals(series.zone().getId())) {
            return known;
        }
        DayCell cell = DayCell.of(series.zone(), timeline.on(day), ranges::of);
        tables.cells().put(day, cell);
        return cell;
    }

    /** A range of another zone begins and ends within a UTC day. */
    private DayCell part(long day, MetricsOfRange range) {
        return DayCell.of(
                series.zone(), timeline.on(day).stream().filter(range::holds).toList(), ranges::of);
    }

    private Instant startOf(LocalDate day) {
        return day.atStartOfDay(series.zone()).toInstant();
    }
}
