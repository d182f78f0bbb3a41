package dev.sluice.simulation;

import dev.sluice.catalogue.CatalogueEntry;
import dev.sluice.catalogue.CatalogueTables;
import dev.sluice.catalogue.ServiceSettings;
import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CatalogueKind;
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
import dev.sluice.delivery.Incident;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentRegister;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestOwnership;
import dev.sluice.delivery.PullRequestRegister;
import dev.sluice.delivery.ReferenceRequest;
import dev.sluice.delivery.References;
import dev.sluice.delivery.ServiceDescribed;
import dev.sluice.delivery.Table;
import dev.sluice.dora.AttemptKey;
import dev.sluice.dora.AttemptRow;
import dev.sluice.dora.DayCell;
import dev.sluice.dora.DeliveryLedger;
import dev.sluice.dora.DriftTables;
import dev.sluice.dora.FailureClaim;
import dev.sluice.dora.FailureTables;
import dev.sluice.dora.IncidentJudgement;
import dev.sluice.dora.LedgerRows;
import dev.sluice.dora.LedgerTables;
import dev.sluice.dora.Owned;
import dev.sluice.dora.OwnedRange;
import dev.sluice.dora.ReferenceLink;
import dev.sluice.dora.ServiceEnvironment;
import dev.sluice.shift.ShiftTables;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The stages graph, references and delivery, connected in memory. */
public final class Pipeline {
    private final ZoneId zone;
    private final Map<String, CommitGraph> repositories = new HashMap<>();
    private final Map<String, PullRequestRegister> pullRequests = new HashMap<>();
    private final Map<BatchOracle.Place, DeploymentRegister> registers = new HashMap<>();
    private final IncidentRegister incidents = new IncidentRegister(new MemoryTable<>());
    private final Map<String, References> references = new HashMap<>();
    private final Map<BatchOracle.Place, DeliveryLedger> ledgers = new TreeMap<>();
    private final Map<BatchOracle.Place, LedgerTables> tables = new TreeMap<>();
    private final Map<String, CatalogueEntry> services = new HashMap<>();

    /** Creates the pipeline for services whose days begin in a zone. */
    public Pipeline(ZoneId zone) {
        this.zone = zone;
    }

    /** Takes an event through the stages. */
    public void accept(DeliveryEvent event) {
        if (event instanceof CommitRecorded commit) {
            String tenant = commit.header().tenant();
            own(tenant, commit.repository(), graph(commit.repository()).record(commit));
            ownPullRequests(tenant, pullRequests(commit.repository()).recorded(commit.sha()));
        } else if (event instanceof PullRequestObserved observed) {
            ownPullRequests(
                    observed.header().tenant(),
                    pullRequests(observed.repository()).observe(observed));
        } else if (event instanceof IncidentObserved incident) {
            IncidentRegister.Change change = incidents.observe(incident);
            if (change != null) {
                happened(incident.header().tenant(), change);
            }
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
        } else if (event instanceof ServiceDescribed said) {
            describe(said);
        }
    }

    private void describe(ServiceDescribed said) {
        String tenant = said.header().tenant();
        CatalogueEntry service = service(tenant, said.service());
        ServiceSettings before = service.settings();
        for (String environment : service.describe(said)) {
            var place = new BatchOracle.Place(said.service(), environment);
            var ledger = new DeliveryLedger(
                    series(tenant, place, service.settings()), Objects.requireNonNull(tables.get(place)));
            ledger.settingsChanged(series(tenant, place, before));
            ledgers.put(place, ledger);
        }
    }

    private CatalogueEntry service(String tenant, String name) {
        return services.computeIfAbsent(
                name,
                key -> new CatalogueEntry(
                        tenant,
                        CatalogueKind.SERVICE_TEAM,
                        key,
                        zone,
                        ServiceEnvironment.LINK_WINDOW,
                        new MemoryCatalogueTables()));
    }

    private ServiceEnvironment series(String tenant, BatchOracle.Place place, ServiceSettings settings) {
        return ServiceEnvironment.of(tenant, place.service(), place.environment(), settings, zone);
    }

    private void deploy(DeploymentObserved observed, DeploymentRegister.Change change) {
        String tenant = observed.header().tenant();
        DeploymentAttempt after = change.after();
        DeployedHead head = change.headAfter();
        String key = DeployedHead.key(after.id(), after.service(), after.environment());
        if (change.repositoryLeft() != null) {
            own(tenant, change.repositoryLeft(), graph(change.repositoryLeft()).withdraw(key));
        }
        if (after.repository() != null) {
            CommitGraph graph = graph(after.repository());
            own(tenant, after.repository(), head == null ? graph.withdraw(key) : graph.deploy(head));
        }
        ledger(tenant, after.service(), after.environment()).observe(observed);
        ReferenceRequest.of(change).forEach(request -> take(tenant, request));
    }

    private void happened(String tenant, IncidentRegister.Change change) {
        Incident left = change.left();
        if (left != null) {
            ledger(tenant, left.service(), left.environment()).removeIncident(left.id());
        }
        Incident after = change.after();
        ledger(tenant, after.service(), after.environment()).put(after);
        ReferenceRequest.of(change).forEach(request -> take(tenant, request));
    }

    private void take(String tenant, ReferenceRequest request) {
        References reference = references.computeIfAbsent(
                request.reference(), text -> new References(text, new MemoryTable<>(), new MemoryTable<>()));
        for (References.Answer answer : reference.take(request)) {
            ReferenceLink link = ReferenceLink.of(request.reference(), answer);
            ledger(tenant, link.service(), link.environment()).link(link);
            for (FailureClaim.Change change : FailureClaim.changes(request.reference(), answer)) {
                ledger(tenant, change.service(), change.environment()).claim(change.claim(), change.withdrawn());
            }
        }
    }

    /** Returns what changed in each place since the last call. */
    public Map<BatchOracle.Place, LedgerRows> emit(Instant now) {
        Map<BatchOracle.Place, LedgerRows> rows = new TreeMap<>();
        ledgers.forEach((place, ledger) -> rows.put(place, ledger.emit(now)));
        return rows;
    }

    private void own(String tenant, String repository, List<CommitOwnership> commits) {
        commits.forEach(
                owned -> ledger(tenant, owned.service(), owned.environment()).own(owned));
        ownPullRequests(tenant, pullRequests(repository).follow(commits));
    }

    private void ownPullRequests(String tenant, Collection<PullRequestOwnership> owned) {
        owned.forEach(each -> ledger(tenant, each.service(), each.environment()).own(each));
    }

    private PullRequestRegister pullRequests(String repository) {
        return pullRequests.computeIfAbsent(
                repository, key -> new PullRequestRegister(key, graph(key), new MemoryTable<>(), new MemoryTable<>()));
    }

    private CommitGraph graph(String repository) {
        return repositories.computeIfAbsent(
                repository,
                key -> new CommitGraph(
                        key, new MemoryTable<String, CommitNode>(), new MemoryTable<String, DeployedHead>()));
    }

    private DeliveryLedger ledger(String tenant, String service, String environment) {
        return ledgers.computeIfAbsent(new BatchOracle.Place(service, environment), place -> {
            CatalogueEntry entry = service(tenant, service);
            entry.isIn(environment);
            return new DeliveryLedger(
                    series(tenant, place, entry.settings()),
                    tables.computeIfAbsent(place, key -> new MemoryLedgerTables()));
        });
    }

    /** Tables of the catalogue in memory. */
    public record MemoryCatalogueTables(
            Table<String, ServiceDescribed> description,
            Table<String, CatalogueAssigned> assignments,
            Table<String, Boolean> environments)
            implements CatalogueTables {
        /** Creates empty tables. */
        public MemoryCatalogueTables() {
            this(new MemoryTable<>(), new MemoryTable<>(), new MemoryTable<>());
        }
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
            Table<String, Owned<CommitOwnership>> commits,
            Table<String, OwnedRange> ranges,
            Table<String, Owned<PullRequestOwnership>> pullRequests,
            Table<String, OwnedRange> pullRequestRanges,
            Table<String, List<String>> cherryPicks,
            Table<String, String> remediations,
            FailureTables failures,
            Table<String, Boolean> dirty,
            Table<String, Long> firstChange,
            Table<String, Long> lastDay,
            DriftTables drift,
            ShiftTables shifts)
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
                    new MemoryTable<>(),
                    new MemoryFailureTables(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryTable<>(),
                    new MemoryDriftTables(),
                    new MemoryShiftTables());
        }
    }

    /** Tables of incidents and failures in memory. */
    public record MemoryFailureTables(
            Table<String, Incident> incidents,
            Table<Long, List<String>> startedOn,
            Table<Long, List<String>> resolvedOn,
            Table<String, Long> openIncidents,
            Table<String, IncidentJudgement> judgements,
            Table<String, List<String>> linked,
            Table<String, List<String>> rootCauses,
            Table<String, Cause> causes,
            Table<String, List<FailureClaim>> claims,
            Table<String, String> repaired,
            Table<String, List<String>> reverted,
            Table<Long, List<String>> restoredOn,
            Table<String, Long> openFailures)
            implements FailureTables {
        /** Creates empty tables. */
        public MemoryFailureTables() {
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
                    new MemoryTable<>());
        }
    }
}
