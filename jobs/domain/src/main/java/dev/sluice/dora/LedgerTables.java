package dev.sluice.dora;

import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.PullRequestOwnership;
import dev.sluice.delivery.Table;
import dev.sluice.shift.ShiftTables;
import java.util.List;

/** What a {@link DeliveryLedger} remembers; the caller keeps it. */
public interface LedgerTables {
    /** Returns the observations of each attempt, by deployment id. */
    Table<String, List<DeploymentObserved>> observations();

    /** Returns the attempts that have no result yet, by deployment id; the value is when each is given up. */
    Table<String, Long> open();

    /** Returns the day (UTC, days since the epoch) on which each finished attempt is kept, by deployment id. */
    Table<String, Long> dayOf();

    /** Returns the finished attempts of each day (UTC, days since the epoch), in order. */
    Table<Long, List<AttemptRow>> days();

    /** Returns what each day adds to the metrics (UTC, days since the epoch); a day that has changed is not there. */
    Table<Long, DayCell> cells();

    /** Returns the days on which something is kept, ascending, under the key {@link DeliveryLedger#DAY_INDEX}. */
    Table<String, long[]> dayIndex();

    /** Returns the successful attempts of each version, commit or digest, in order. */
    Table<String, List<AttemptKey>> versions();

    /** Returns the baseline of each repository: the first successful attempt that deployed a commit of it. */
    Table<String, AttemptKey> seeds();

    /** Returns the attempts of each version that finished without success, in order. */
    Table<String, List<AttemptKey>> tries();

    /** Returns the commits of a deployment's range that revert others, by deployment id; each by repository and sha. */
    Table<String, List<String>> reverting();

    /** Returns the commits that revert a commit, by the latter's repository and sha; each by repository and sha. */
    Table<String, List<String>> reverters();

    /** Returns the owned commits, by repository and sha. */
    Table<String, Owned<CommitOwnership>> commits();

    /** Returns the range of commits that each deployment first brought, by deployment id. */
    Table<String, OwnedRange> ranges();

    /** Returns the owned pull requests, by repository and id. */
    Table<String, Owned<PullRequestOwnership>> pullRequests();

    /** Returns the range of pull requests that each deployment first brought, by deployment id. */
    Table<String, OwnedRange> pullRequestRanges();

    /** Returns the owned cherry-picks of a pull request, by the latter's repository and id; each by repository and id. */
    Table<String, List<String>> cherryPicks();

    /** Returns the deployment that each reference of a repairing one resolves to, by {@link DeliveryLedger#referenceKey}. */
    Table<String, String> remediations();

    /** Returns what is remembered of incidents and failures. */
    FailureTables failures();

    /** Returns what must be emitted again; the values mean nothing. */
    Table<String, Boolean> dirty();

    /**
     * Returns the first day (UTC, days since the epoch) on which something has changed since the last emission, under
     * {@link DeliveryLedger#FIRST_CHANGE}.
     */
    Table<String, Long> firstChange();

    /** Returns the local day of the last emission (days since the epoch), under {@link DeliveryLedger#LAST_DAY}. */
    Table<String, Long> lastDay();

    /** Returns what is remembered of the checks for drift. */
    DriftTables drift();

    /** Returns what is remembered of the shifts of the metrics. */
    ShiftTables shifts();
}
