package dev.sluice.gateapi.governance;

import dev.sluice.gate.EvaluationInput.Artifact;
import dev.sluice.gate.Evidence;
import dev.sluice.gate.Policy;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.governance.Statement.ApprovalStatement;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.policy.Policies;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who approves of what, and what there is to see before. */
public final class Approvals {
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int MOST_OF_COMMENT = 1_000;
    private static final int MOST_OF_BASIS = 100;

    private final Views views;
    private final EvidenceView evidence;
    private final Policies policies;
    private final ControlLog log;
    private final OldStatements old;
    private final Clock clock;

    /**
     * Creates them.
     *
     * @param views what is known
     * @param evidence what gates make of it
     * @param policies what is required
     * @param log writes what is said
     * @param clock the time
     */
    public Approvals(Views views, EvidenceView evidence, Policies policies, ControlLog log, Clock clock) {
        this.views = views;
        this.evidence = evidence;
        this.policies = policies;
        this.log = log;
        this.old = new OldStatements(evidence.index(), log);
        this.clock = clock;
    }

    /**
     * What is to be approved of.
     *
     * @param gate by which gate it is required
     * @param service which service
     * @param environment where it would go
     * @param version of what
     * @param digest of what
     */
    public record Subject(
            String gate,
            String service,
            String environment,
            @Nullable String version,
            @Nullable String digest) {}

    /**
     * What there is to see.
     *
     * @param evidence what is known
     * @param basis of what an approval stands on: it is the same as long as that is
     */
    public record Seen(Evidence evidence, String basis) {}

    /** Returns what there is to see of something. */
    public Seen seen(String tenant, Subject subject) {
        requireRead();
        List<Policy> inForce = inForce(tenant, subject);
        Evidence known = evidence.of(question(tenant, subject), inForce, now());
        return new Seen(known, EvidenceView.basis(inForce, known));
    }

    private static EvidenceView.Question question(String tenant, Subject subject) {
        return new EvidenceView.Question(
                tenant,
                subject.service(),
                subject.environment(),
                new Artifact(subject.version(), subject.digest(), null),
                null);
    }

    private List<Policy> inForce(String tenant, Subject subject) {
        return Policy.inForce(policies.inForce(tenant), subject.gate(), subject.environment());
    }

    /**
     * Approves of something, or rejects it. What the approver has seen is what this replica knows now, and when that changes the approval
     * is void; where they say what they have seen, it must be that.
     *
     * @param principal who does
     * @param body as the API takes it
     * @return what was said, when this replica has read it back
     */
    public CompletableFuture<?> approve(Principal principal, Members body) {
        requireRead();
        Instant now = now();
        Optional<String> service = body.required("service", StatementBodies.MOST);
        Optional<String> environment = body.required("environment", StatementBodies.MOST);
        Optional<String> gate = body.required("gate", StatementBodies.MOST);
        StatementBodies.Named artifact = StatementBodies.artifact(body);
        Optional<String> decision = body.optional(
                "decision",
                text -> Optional.of(text)
                        .filter(said ->
                                said.equals(ApprovalStatement.APPROVE) || said.equals(ApprovalStatement.REJECT)),
                "approve or reject");
        if (!body.has("decision")) {
            body.wrong("decision", "decision is missing");
        }
        Optional<String> comment = body.optional("comment", MOST_OF_COMMENT);
        Optional<String> seen = body.optional("basis", MOST_OF_BASIS);
        Optional<Instant> expires = body.expiry(now, LONGEST);
        body.rejectUnknown();
        body.requireRight();
        principal.requireReach(service.orElseThrow(), environment.orElseThrow());
        var subject = new Subject(
                gate.orElseThrow(), service.get(), environment.get(), artifact.version(), artifact.digest());
        String basis = evidence.basis(question(principal.tenant(), subject), inForce(principal.tenant(), subject), now);
        if (seen.isPresent() && !seen.get().equals(basis)) {
            throw new ApiException(
                    ErrorType.CONFLICT, "what there is to see has changed since you have seen it: look again");
        }
        var statement = new ApprovalStatement(
                service.get(),
                environment.get(),
                artifact.version(),
                artifact.digest(),
                decision.orElseThrow(),
                comment.orElse(null),
                principal.owner(),
                basis,
                now,
                expires.orElseThrow());
        old.forget(principal, Control.APPROVAL, statement.id(), statement, now);
        var control = new Control(
                principal.tenant(), Control.APPROVAL, statement.id(), principal.id(), now(), false, statement.json());
        return log.append(control)
                .thenApply(done -> new GovernanceApi.Shown<>(statement.id(), principal.id(), statement));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void requireRead() {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "what was set up has not been read from the log yet");
        }
    }
}
