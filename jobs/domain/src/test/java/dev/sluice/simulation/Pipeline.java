package dev.sluice.simulation;

import dev.sluice.delivery.CommitGraph;
import dev.sluice.delivery.CommitNode;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeployedHead;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentRegister;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.Table;
import dev.sluice.dora.AttemptKey;
import dev.sluice.dora.AttemptRow;
import dev.sluice.dora.CommitRange;
import dev.sluice.dora.DayCell;
import dev.sluice.dora.DeliveryLedger;
import dev.sluice.dora.DriftTables;
import dev.sluice.dora.LedgerRows;
import dev.sluice.dora.LedgerTables;
import dev.sluice.dora.OwnedCommit;
import dev.sluice.dora.ServiceEnvironment;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The stages graph and delivery, connected in memory. */
public final class Pipeline {
    private final ZoneId zone;
    private final Map<String, CommitGraph> repositories = new HashMap<>();
    private final Map<BatchOracle.Place, DeploymentRegister> registers = new HashMap<>();
    private final Map<BatchOracle.Place, DeliveryLedger> ledgers = new TreeMap<>();

    /** Creates the pipeline for services whose days begin in a zone. */
    public Pipeline(ZoneId zone) {
        this.zone = zone;
    }

    /** Takes an event through the stages. */
    public void accept(DeliveryEvent event) {
        if (event instanceof CommitRecorded commit) {
            graph(commit.repository())
                    .record(commit)
                    .forEach(owned -> own(commit.header().tenant(), owned));
        } else if (event instanceof DeploymentObserved observed) {
            var place = new BatchOracle.Place(observed.service(), observed.environment());
            DeploymentRegister.Change change = registers
                    .computeIfAbsent(place, key -> new DeploymentRegister(new MemoryTable<>()))
                    .observe(observed);
            if (change != null) {
                deploy(observed, change);
            }
        } else if (event instanceof DriftChecked check) {
            ledger(check.header().tenant(), check.service(), check.environment())
                    .check(check);
        }
    }

    private void deploy(DeploymentObserved observed, DeploymentRegister.Change change) {
        String tenant = observed.header().tenant();
        DeploymentAttempt after = change.after();
        DeployedHead head = change.headAfter();
        String key = DeployedHead.key(after.id(), after.service(), after.environment());
        if (change.repositoryLeft() != null) {
            graph(change.repositoryLeft()).withdraw(key).forEach(owned -> own(tenant, owned));
        }
        if (after.repository() != null) {
            CommitGraph graph = graph(after.repository());
            (head == null ? graph.withdraw(key) : graph.deploy(head)).forEach(owned -> own(tenant, owned));
        }
        ledger(tenant, after.service(), after.environment()).observe(observed);
    }

    /** Returns what changed in each place since the last call. */
    public Map<BatchOracle.Place, LedgerRows> emit(Instant now) {
        Map<BatchOracle.Place, LedgerRows> rows = new TreeMap<>();
        ledgers.forEach((place, ledger) -> rows.put(place, ledger.emit(now)));
        return rows;
    }

    private void own(String tenant, CommitOwnership owned) {
        ledger(tenant, owned.service(), owned.environment()).own(owned);
    }

    private CommitGraph graph(String repository) {
        return repositories.computeIfAbsent(
                repository,
                key -> new CommitGraph(
                        key, new MemoryTable<String, CommitNode>(), new MemoryTable<String, DeployedHead>()));
    }

    private DeliveryLedger ledger(String tenant, String service, String environment) {
        return ledgers.computeIfAbsent(
                new BatchOracle.Place(service, environment),
                place -> new DeliveryLedger(
                        new ServiceEnvironment(tenant, service, environment, zone), new MemoryLedgerTables()));
    }

    /** Ledger tables in memory. */
    public record MemoryLedgerTables(
            Table<String, List<DeploymentObserved>> observations,
            Table<String, Long> open,
            Table<String, Long> dayOf,
            Table<Long, List<AttemptRow>> days,
            Table<Long, DayCell> cells,
            Table<String, long[]> dayIndex,
            Table<String, List<AttemptKey>> versions,
            Table<String, AttemptKey> seeds,
            Table<String, List<AttemptKey>> tries,
            Table<String, List<String>> reverting,
            Table<String, List<String>> reverters,
            Table<String, OwnedCommit> commits,
            Table<String, CommitRange> ranges,
            Table<String, String> remediations,
            Table<String, Boolean> dirty,
            Table<String, Long> lastDay,
            DriftTables drift)
            implements LedgerTables {
        /** Creates empty tables. */
        public MemoryLedgerTables() {
            this(
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryDriftTables());
        }
    }
}
