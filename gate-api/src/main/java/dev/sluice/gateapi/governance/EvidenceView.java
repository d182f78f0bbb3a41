package dev.sluice.gateapi.governance;

import dev.sluice.dora.CurrentRow;
import dev.sluice.gate.ApprovalBasis;
import dev.sluice.gate.EvaluationInput.Artifact;
import dev.sluice.gate.Evidence;
import dev.sluice.gate.Evidence.Approval;
import dev.sluice.gate.Evidence.ArtifactFact;
import dev.sluice.gate.Evidence.Budget;
import dev.sluice.gate.Evidence.CanaryRun;
import dev.sluice.gate.Evidence.Drill;
import dev.sluice.gate.Evidence.Freeze;
import dev.sluice.gate.Evidence.Running;
import dev.sluice.gate.Evidence.Subject;
import dev.sluice.gate.Evidence.Validation;
import dev.sluice.gate.EvidenceRule;
import dev.sluice.gate.ParityRequirement;
import dev.sluice.gate.Policy;
import dev.sluice.gate.Requirement;
import dev.sluice.gate.ValidationRequirement;
import dev.sluice.gateapi.canary.CanaryFindings;
import dev.sluice.gateapi.governance.Statement.ApprovalStatement;
import dev.sluice.gateapi.governance.Statement.ArtifactStatement;
import dev.sluice.gateapi.governance.Statement.BudgetStatement;
import dev.sluice.gateapi.governance.Statement.DrillStatement;
import dev.sluice.gateapi.governance.Statement.ValidationStatement;
import dev.sluice.gateapi.governance.StatementIndex.Said;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.ErrorBudgetDocument;
import dev.sluice.wire.Json;
import dev.sluice.wire.Sha256;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What this replica knows beside the metrics, as gates judge it. */
public final class EvidenceView {
    private final Views views;
    private final StatementIndex index;
    private final CanaryFindings canaries;

    /**
     * Creates a view.
     *
     * @param views what is known
     * @param canaries how canary runs stand
     */
    public EvidenceView(Views views, CanaryFindings canaries) {
        this.views = views;
        this.index = new StatementIndex(views);
        this.canaries = canaries;
    }

    StatementIndex index() {
        return index;
    }

    /**
     * What is asked.
     *
     * @param tenant whose
     * @param service which service
     * @param environment where it would go
     * @param artifact what would go there
     * @param asker the owner of the credential that asks
     */
    public record Question(
            String tenant,
            String service,
            String environment,
            Artifact artifact,
            @Nullable String asker) {}

    /**
     * Returns what is known.
     *
     * @param question what is asked
     * @param policies the policies that are in force for the gate: they say what runs where is to be looked at
     * @param now the moment
     */
    public Evidence of(Question question, List<Policy> policies, Instant now) {
        List<Said> said = index.of(question.tenant(), question.service());
        Artifact artifact = question.artifact();
        List<CanaryRun> runs =
                canaries.of(question.tenant(), index.canaries(question.tenant(), question.service()), now).stream()
                        .filter(run -> run.version() != null && run.version().equals(artifact.version()))
                        .toList();
        List<Validation> validations = of(said, ValidationStatement.class)
                .map(one -> validation(one, (ValidationStatement) one.statement()))
                .filter(one -> one.subject().isAbout(artifact))
                .toList();
        List<ArtifactFact> artifacts = of(said, ArtifactStatement.class)
                .map(one -> artifact(one, (ArtifactStatement) one.statement()))
                .filter(fact -> fact.digest().equals(artifact.digest()))
                .toList();
        String basis = basis(policies, runs, validations, artifacts);
        Set<String> authors = authors(said, artifact);
        return new Evidence(
                age(now),
                runs,
                running(question, policies),
                freezes(question, now),
                validations,
                artifacts,
                of(said, ApprovalStatement.class)
                        .map(one -> (ApprovalStatement) one.statement())
                        .filter(approval -> approval.environment().equals(question.environment()))
                        .filter(approval -> new Subject(approval.version(), approval.digest()).isAbout(artifact))
                        .map(approval -> approval(approval, roles(question.tenant(), approval.owner()), authors, basis))
                        .toList(),
                of(said, DrillStatement.class)
                        .map(one -> drill(one, (DrillStatement) one.statement()))
                        .toList(),
                question.asker(),
                of(said, BudgetStatement.class)
                        .map(one -> budget(one, ((BudgetStatement) one.statement()).counts()))
                        .toList(),
                List.of());
    }

    /**
     * Returns a hash of what an approval stands on: it holds as long as this is the same.
     */
    String basis(Question question, List<Policy> policies, Instant now) {
        return basis(policies, of(question, policies, now));
    }

    /** Returns a hash of what an approval stands on that is given for this evidence. */
    static String basis(List<Policy> policies, Evidence evidence) {
        return basis(policies, evidence.canaries(), evidence.validations(), evidence.artifacts());
    }

    private static String basis(
            List<Policy> policies, List<CanaryRun> runs, List<Validation> validations, List<ArtifactFact> artifacts) {
        return Sha256.hex(Json.bytes(ApprovalBasis.of(policies, runs, validations, artifacts)));
    }

    private @Nullable Duration age(Instant now) {
        Optional<Instant> control = views.readTo(Topic.CONTROL);
        Optional<Instant> verdicts = views.readTo(Topic.VERDICTS);
        Optional<Instant> current = views.readTo(Topic.CURRENT);
        if (control.isEmpty() || verdicts.isEmpty() || current.isEmpty()) {
            return null;
        }
        return Stream.of(control, verdicts, current)
                .flatMap(Optional::stream)
                .map(read -> Duration.between(read, now))
                .map(age -> age.isNegative() ? Duration.ZERO : age)
                .max(Duration::compareTo)
                .map(age -> Duration.ofMillis(age.toMillis()))
                .orElseThrow();
    }

    private List<Running> running(Question question, List<Policy> policies) {
        Set<Place> places = new LinkedHashSet<>();
        policies.stream()
                .flatMap(policy -> policy.rules().stream())
                .filter(EvidenceRule.class::isInstance)
                .map(rule -> ((EvidenceRule) rule).requirement())
                .forEach(requirement -> places.addAll(places(requirement, question)));
        return places.stream()
                .flatMap(place -> views
                        .current(question.tenant(), place.service(), place.environment())
                        .map(Held::row)
                        .map(EvidenceView::running)
                        .stream())
                .toList();
    }

    private static List<Place> places(Requirement requirement, Question question) {
        var places = new ArrayList<Place>();
        if (requirement instanceof ValidationRequirement validation) {
            places.add(new Place(question.service(), validation.environment()));
        } else if (requirement instanceof ParityRequirement parity) {
            places.add(new Place(question.service(), parity.with()));
            parity.services().stream().sorted().forEach(service -> {
                places.add(new Place(service, parity.with()));
                places.add(new Place(service, question.environment()));
            });
        }
        return places;
    }

    private static Running running(CurrentRow row) {
        return new Running(row.service(), row.environment(), new Subject(row.version(), row.digest()), row.since());
    }

    private List<Freeze> freezes(Question question, Instant now) {
        var freezes = new ArrayList<Freeze>();
        for (StatementIndex.NamedFreeze named : index.freezes(question.tenant())) {
            FreezeDocument freeze = named.freeze();
            if (freeze.concerns(question.service(), question.environment())) {
                freeze.endOfCurrent(now).ifPresent(end -> freezes.add(new Freeze(named.name(), end, freeze.reason())));
            }
        }
        return freezes;
    }

    private static Stream<Said> of(List<Said> said, Class<? extends Statement> type) {
        return said.stream().filter(one -> type.isInstance(one.statement()));
    }

    private static Validation validation(Said said, ValidationStatement stated) {
        return new Validation(
                new Subject(stated.version(), stated.digest()),
                stated.environment(),
                stated.kind(),
                Validation.Result.valueOf(stated.result().toUpperCase(Locale.ROOT)),
                said.source(),
                stated.at());
    }

    private static ArtifactFact artifact(Said said, ArtifactStatement stated) {
        return new ArtifactFact(
                stated.digest(), stated.version(), stated.location(), stated.signers(), said.source(), stated.at());
    }

    private static Drill drill(Said said, DrillStatement stated) {
        return new Drill(
                stated.environment(),
                stated.succeeded(),
                Duration.ofMillis(Math.round(stated.recoverySeconds() * 1000)),
                said.source(),
                stated.at());
    }

    private static Budget budget(Said said, ErrorBudgetDocument counts) {
        return new Budget(
                counts.environment(),
                counts.slo(),
                Duration.ofSeconds(counts.windowSeconds()),
                counts.good(),
                counts.total(),
                said.source(),
                counts.at());
    }

    private static Set<String> authors(List<Said> said, Artifact artifact) {
        Set<String> authors = new LinkedHashSet<>();
        of(said, ArtifactStatement.class)
                .map(one -> (ArtifactStatement) one.statement())
                .filter(fact -> artifact.digest() == null
                        ? fact.version() != null && fact.version().equals(artifact.version())
                        : fact.digest().equals(artifact.digest()))
                .forEach(fact -> authors.addAll(fact.authors()));
        return authors;
    }

    private Set<String> roles(String tenant, String owner) {
        return index.roles(tenant).entrySet().stream()
                .filter(role -> role.getValue().contains(owner))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Approval approval(ApprovalStatement stated, Set<String> roles, Set<String> authors, String basis) {
        return new Approval(
                new Subject(stated.version(), stated.digest()),
                stated.owner(),
                roles,
                stated.decision().equals(ApprovalStatement.APPROVE),
                authors.contains(stated.owner()),
                stated.basis(),
                basis,
                stated.at(),
                stated.expiresAt());
    }

    private record Place(String service, String environment) {}
}
