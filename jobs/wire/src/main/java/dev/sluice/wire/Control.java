package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * Something that a person has set up by the API, or that Sluice keeps of its own; the newest record of a key is what holds.
 * A deletion keeps the document where it still says something of what came in before, and the record stays.
 *
 * @param tenant whose it is
 * @param kind what it is, e.g. {@link #CONNECTION}
 * @param id its name among those of its kind
 * @param principal who has set it up or deleted it, by the credential
 * @param at when, by the clock of the replica that took it
 * @param deleted whether it no longer holds
 * @param document what was set up: an object whose fields the kind decides
 */
public record Control(
        String tenant, String kind, String id, String principal, Instant at, boolean deleted, JsonNode document) {
    /** Kind: a way in for one sender of webhooks. */
    public static final String CONNECTION = "connection";

    /** Kind: until when a digest of delivery reports is dealt with. */
    public static final String DIGEST = "digest";

    /** Kind: a canary run; see {@link CanaryRunDocument}. */
    public static final String CANARY = "canary";

    /** Kind: a canary config that has a name; the document is the config. */
    public static final String CANARY_CONFIG = "canary-config";

    /** Kind: a canary config of Kayenta; the document is the config as Kayenta's API shows it. */
    public static final String KAYENTA_CONFIG = "kayenta-config";

    /** Kind: what one judgement by Kayenta's API was asked and has found. */
    public static final String KAYENTA_EXECUTION = "kayenta-execution";

    /** Kind: the values that a judgement by Kayenta's API has compared. */
    public static final String KAYENTA_VALUES = "kayenta-values";

    /** Kind: a time in which nothing is to be deployed. */
    public static final String FREEZE = "freeze";

    /** Kind: that somebody approves of a version, or rejects it. */
    public static final String APPROVAL = "approval";

    /** Kind: what came out when a version was tried. */
    public static final String VALIDATION = "validation";

    /** Kind: what is known of an artifact. */
    public static final String ARTIFACT = "artifact";

    /** Kind: a rollback that was rehearsed. */
    public static final String DRILL = "rollback-drill";

    /** Kind: when a rollback is to be rehearsed. */
    public static final String DRILL_SCHEDULE = "drill-schedule";

    /** Kind: of which drills of a schedule somebody was told last; its id is the schedule's. */
    public static final String DRILL_REMINDER = "drill-reminder";

    /** Kind: how many events were good, by which an objective is held. */
    public static final String ERROR_BUDGET = "error-budget";

    /** Kind: the people who have a role. */
    public static final String ROLE = "role";

    /** Kind: how far a partition of the audit log was followed, with the chains of its tenants. */
    public static final String AUDIT_POSITION = "audit-position";

    /** Kind: how far the chain of a tenant's audit log had come, signed. */
    public static final String AUDIT_HEAD = "audit-head";

    /** Kind: a token by which somebody may call; the document has its hash, never the token. */
    public static final String TOKEN = "token";

    /**
     * Kind: when a token was used last, by its key id. It is no part of the token's own record: to note a use never writes that
     * record anew, which may have been deleted meanwhile.
     */
    public static final String TOKEN_USE = "token-use";

    /** Kind: that somebody has signed in with a token to look at pages, by a hash of what their browser keeps. */
    public static final String SESSION = "session";

    /** Kind: a version of a policy, by its digest; never deleted, so that what a decision was judged by can be found. */
    public static final String POLICY_VERSION = "policy-version";

    /** Kind: which version of a policy is active. */
    public static final String POLICY = "policy";

    /** Kind: what keeps a rule of a policy from deciding for a time. */
    public static final String EXEMPTION = "exemption";

    /** Kind: what opens a gate for one artifact for a time, whatever its policies say. */
    public static final String OVERRIDE = "override";

    /** Kind: when a service is rolled back by itself, and who is told; see {@link RollbackPlanDocument}. */
    public static final String ROLLBACK_PLAN = "rollback-plan";

    /** Kind: that somebody asks for a rollback; see {@link RollbackRequestDocument}. */
    public static final String ROLLBACK_REQUEST = "rollback-request";

    /** Kind: that no rollback of a tenant is sent. */
    public static final String ROLLBACK_STOP = "rollback-stop";

    /** Kind: that somebody is to be told what becomes of a pending decision. */
    public static final String CALLBACK = "callback";

    /** Kind: what the namespaces of a Kubernetes cluster are to gates. */
    public static final String KUBERNETES_CLUSTER = "kubernetes-cluster";

    /** Kind: where orders to roll back are sent, and how. */
    public static final String ENDPOINT = "endpoint";

    /** Kind: an app of GitHub that asks gates, and how it is answered. */
    public static final String GITHUB_APP = "github-app";

    /** Kind: a server of GitLab whose merge requests and deployments gates are asked about, and how it is answered. */
    public static final String GITLAB_SERVER = "gitlab-server";

    /** Kind: that a gate was asked by somebody who is answered by a call, and what has become of it. */
    public static final String GATE_QUESTION = "gate-question";

    public Control {
        requireNonNull(tenant, "tenant");
        requireNonNull(kind, "kind");
        requireNonNull(id, "id");
        requireNonNull(principal, "principal");
        requireNonNull(at, "at");
        if (document == null || !document.isObject()) {
            throw new IllegalArgumentException("document must be an object: " + document);
        }
    }

    /** Returns the record key. */
    public String key() {
        return Keys.of(tenant, kind, id);
    }

    /** Returns the record by which this is deleted. */
    public Control deletedBy(String who, Instant when) {
        return new Control(tenant, kind, id, who, when, true, document);
    }
}
