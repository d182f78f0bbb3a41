package dev.sluice.simulation;

import dev.sluice.delivery.CommitGraph;
import dev.sluice.delivery.CommitNode;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeployedHead;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentRegister;
import dev.sluice.delivery.Table;
import dev.sluice.dora.AttemptRow;
import dev.sluice.dora.DeliveryLedger;
import dev.sluice.dora.LedgerRows;
import dev.sluice.dora.LedgerTables;
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
    private final Map<String, Repository> repositories = new HashMap<>();
    private final Map<BatchOracle.Place, DeliveryLedger> ledgers = new TreeMap<>();

    /** Creates the pipeline for services whose days begin in a zone. */
    public Pipeline(ZoneId zone) {
        this.zone = zone;
    }

    /** Takes an event through the stages. */
    public void accept(DeliveryEvent event) {
        if (event instanceof CommitRecorded commit) {
            Repository repository = repository(commit.repository());
            repository
                    .graph()
                    .record(commit)
                    .forEach(owned -> own(commit.header().tenant(), owned));
        } else if (event instanceof DeploymentObserved observed) {
            String name = observed.repository() == null ? observed.service() : observed.repository();
            Repository repository = repository(name);
            DeploymentRegister.Change change = repository.register().observe(observed);
            if (change == null) {
                return;
            }
            String tenant = observed.header().tenant();
            if (observed.repository() != null) {
                repository
                        .graph()
                        .deploy(observed.deploymentId(), change.headAfter())
                        .forEach(owned -> own(tenant, owned));
            }
            ledger(tenant, observed.service(), observed.environment()).observe(observed);
        }
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

    private Repository repository(String name) {
        return repositories.computeIfAbsent(
                name,
                key -> new Repository(
                        new CommitGraph(
                                key, new MemoryTable<String, CommitNode>(), new MemoryTable<String, DeployedHead>()),
                        new DeploymentRegister(new MemoryTable<>())));
    }

    private DeliveryLedger ledger(String tenant, String service, String environment) {
        return ledgers.computeIfAbsent(
                new BatchOracle.Place(service, environment),
                place -> new DeliveryLedger(
                        new ServiceEnvironment(tenant, service, environment, zone), new MemoryLedgerTables()));
    }

    private record Repository(CommitGraph graph, DeploymentRegister register) {}

    /** Ledger tables in memory. */
    public record MemoryLedgerTables(
            Table<String, List<DeploymentObserved>> observations,
            Table<String, Long> open,
            Table<String, Long> dayOf,
            Table<Long, List<AttemptRow>> days,
            Table<String, long[]> dayIndex,
            Table<String, List<AttemptRow>> versions,
            Table<String, CommitOwnership> commits,
            Table<String, List<String>> ranges,
            Table<String, String> remediations,
            Table<String, Boolean> dirty,
            Table<String, Long> lastDay)
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
                    new MemoryTable<>());
        }
    }
}
