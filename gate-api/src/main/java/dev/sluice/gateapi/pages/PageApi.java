package dev.sluice.gateapi.pages;

import dev.sluice.gateapi.access.Sessions;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.audit.Audit;
import dev.sluice.gateapi.decide.DecisionApi;
import dev.sluice.gateapi.governance.Approvals;
import dev.sluice.gateapi.governance.GovernanceApi;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.policy.PolicyApi;
import dev.sluice.gateapi.rollback.RollbackApi;
import dev.sluice.gateapi.rollback.RollbackSetupApi;

/** The pages for people, and where their forms are sent. What they show and do is what the API shows and does. */
public final class PageApi {
    private final Sessions sessions;
    private final DecisionApi decisions;
    private final SignInPage signIn;
    private final GatesPage gates;
    private final DecisionPage decision;
    private final ApprovalsPage approvals;
    private final FreezesPage freezes;
    private final RollbacksPage rollbacks;
    private final AuditPage audit;

    /**
     * Creates the pages.
     *
     * @param sessions who has signed in
     * @param policies what gates require
     * @param decisions what was decided
     * @param seen who approves of what
     * @param governance freezes
     * @param rollbacks orders to roll back
     * @param setup whether they are sent
     * @param audit the audit log
     */
    public PageApi(
            Sessions sessions,
            PolicyApi policies,
            DecisionApi decisions,
            Approvals seen,
            GovernanceApi governance,
            RollbackApi rollbacks,
            RollbackSetupApi setup,
            Audit audit) {
        this.sessions = sessions;
        this.decisions = decisions;
        var recent = new RecentDecisions(audit.recent(), decisions);
        this.signIn = new SignInPage(sessions);
        this.gates = new GatesPage(policies, recent);
        this.decision = new DecisionPage(decisions, policies);
        this.approvals = new ApprovalsPage(recent, seen, policies);
        this.freezes = new FreezesPage(governance);
        this.rollbacks = new RollbacksPage(rollbacks, setup);
        this.audit = new AuditPage(audit);
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        routes.addPage("/sign-in", Verb.PUBLIC, sessions, signIn::page);
        routes.addForm("/sign-in", Verb.PUBLIC, sessions, signIn::signIn);
        routes.addForm("/sign-out", Verb.PUBLIC, sessions, signIn::signOut);
        routes.addPage("/gates", Verb.READ, sessions, gates::page);
        routes.addPage("/decisions/{id}", Verb.READ, sessions, decision::page);
        routes.addPage("/decisions/{id}/jws", Verb.READ, sessions, decisions::signed);
        routes.addPage("/approvals", Verb.READ, sessions, approvals::page);
        routes.addForm("/approvals", Verb.APPROVE, sessions, approvals::approve);
        routes.addForm("/approvals/overrides/{id}", Verb.APPROVE, sessions, approvals::approveOverride);
        routes.addPage("/freezes", Verb.READ, sessions, freezes::page);
        routes.addForm("/freezes", Verb.MANAGE_FREEZE, sessions, freezes::create);
        routes.addForm("/freezes/{name}/end", Verb.MANAGE_FREEZE, sessions, freezes::end);
        routes.addPage("/rollbacks", Verb.READ, sessions, rollbacks::page);
        routes.addForm("/rollbacks/stop", Verb.TRIGGER_ROLLBACK, sessions, rollbacks::stop);
        routes.addForm("/rollbacks/go-on", Verb.TRIGGER_ROLLBACK, sessions, rollbacks::goOn);
        routes.addForm("/rollbacks/{id}/acknowledgement", Verb.TRIGGER_ROLLBACK, sessions, rollbacks::acknowledge);
        routes.addPage("/audit", Verb.READ_AUDIT, sessions, audit::page);
    }
}
