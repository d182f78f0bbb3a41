package dev.sluice.gateapi.pages;

import static dev.sluice.gateapi.pages.Parts.text;
import static dev.sluice.gateapi.pages.Parts.time;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.decide.DecisionApi;
import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.policy.PolicyApi;
import dev.sluice.wire.Json;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One decision: what it says and why, what it was made of, and what comes out when it is made again. */
final class DecisionPage {
    private final DecisionApi decisions;
    private final PolicyApi policies;

    DecisionPage(DecisionApi decisions, PolicyApi policies) {
        this.decisions = decisions;
        this.policies = policies;
    }

    /**
     * What came out when a decision was judged again.
     *
     * @param replay what the API shows; nothing where it could not be
     * @param problem why it could not
     */
    private record Again(Optional<JsonNode> replay, String problem) {}

    /** Handles {@code GET /decisions/{id}}. */
    void page(Context ctx) {
        String tenant = Routes.principal(ctx).tenant();
        String id = ctx.pathParam("id");
        Optional<String> policy = Requests.query(ctx, "policy");
        CompletableFuture<Void> answered = decisions
                .decision(tenant, id)
                .thenCompose(decision -> again(decisions.replay(tenant, id))
                        .thenCombine(
                                policy.map(digest ->
                                                again(decisions.whatIf(tenant, id, instead(tenant, decision, digest))))
                                        .orElseGet(() ->
                                                CompletableFuture.completedFuture(new Again(Optional.empty(), ""))),
                                (replayed, other) -> {
                                    show(ctx, decision, replayed, other, policy);
                                    return null;
                                }));
        ctx.future(() -> answered);
    }

    private static CompletableFuture<Again> again(CompletableFuture<JsonNode> replay) {
        return replay.thenApply(done -> new Again(Optional.of(done), "")).exceptionally(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof ApiException problem) {
                return new Again(Optional.empty(), problem.line());
            }
            throw new CompletionException(cause);
        });
    }

    /** The policies of the decision, of which one is another version. */
    private JsonNode instead(String tenant, JsonNode decision, String digest) {
        String name = policies.versions(tenant).stream()
                .filter(version -> version.digest().equals(digest))
                .map(PolicyApi.Version::name)
                .findFirst()
                .orElse("");
        ObjectNode body = Json.mapper().createObjectNode();
        ArrayNode all = body.putArray("policies");
        decision.path("policies").forEach(policy -> {
            if (!policy.path("name").asText().equals(name)) {
                all.addObject().put("digest", policy.path("digest").asText());
            }
        });
        all.addObject().put("digest", digest);
        return body;
    }

    private void show(Context ctx, JsonNode decision, Again replayed, Again other, Optional<String> policy) {
        Frame.answer(ctx, "Decision: " + text(decision, "decision"), main -> {
            main.element("p", text(decision, "reason"));
            facts(main, decision);
            rules(main, "What each rule answered", decision.path("rules"));
            policies(main, decision.path("policies"));
            inputs(main, decision);
            replay(main, replayed);
            whatIf(main, Routes.principal(ctx).tenant(), decision, other, policy);
        });
    }

    private static void facts(Html main, JsonNode decision) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Gate", text(decision, "gate"));
        facts.put("Service", text(decision, "service"));
        facts.put("Environment", text(decision, "environment"));
        facts.put("Artifact", Parts.artifact(decision.path("artifact")));
        facts.put("Allowed now", decision.path("allowed").asBoolean() ? "yes" : "no");
        facts.put("Code", text(decision, "code"));
        facts.put("Score", text(decision, "score"));
        facts.put("Decided", time(decision, "decided_at"));
        facts.put("Expires", time(decision, "expires_at"));
        facts.put("Asked by", text(decision, "owner") + " (" + text(decision, "principal") + ")");
        JsonNode freshness = decision.path("freshness");
        facts.put(
                "Age of the data",
                Parts.duration(freshness.path("age_ms")) + ", at most " + Parts.duration(freshness.path("limit_ms"))
                        + (freshness.path("stale").asBoolean() ? ": stale" : ""));
        JsonNode override = decision.path("override");
        if (override.isObject()) {
            facts.put(
                    "Opened by an override",
                    text(override, "reason") + "; asked by " + text(override, "requester") + ", approved by "
                            + text(override, "approver") + ", until " + time(override, "expires_at"));
        }
        Parts.facts(main, "The decision " + text(decision, "id"), facts);
        if (decision.path("decision").asText().equals("pending")) {
            main.element("p", "It is pending: load the page again to see what has become of it.");
        } else {
            main.element(
                    "p",
                    line -> Parts.link(
                            line, Parts.decision(text(decision, "id")) + "/jws", "Signed, as a JSON Web Signature"));
        }
    }

    private static void rules(Html main, String title, JsonNode rules) {
        main.element("section", section -> {
            section.element("h2", title);
            Parts.table(
                    section,
                    title,
                    List.of("Rule", "Policy", "Mode", "Answer", "Why", "Seen", "Exempted"),
                    rows -> rules.forEach(rule -> Parts.row(
                            rows,
                            text(rule, "rule"),
                            rule.path("policy").isNull() ? "the gate itself" : text(rule, "policy"),
                            text(rule, "mode"),
                            text(rule, "outcome"),
                            text(rule, "reason"),
                            seen(rule),
                            exemption(rule.path("exemption")))));
        });
    }

    private static String seen(JsonNode rule) {
        if (!rule.path("metric").isNull()) {
            return text(rule, "metric") + " of " + text(rule, "window") + ": " + text(rule, "value") + ", wanted "
                    + text(rule, "operator") + " " + text(rule, "threshold") + ", n " + text(rule, "n");
        }
        var read = new ArrayList<String>();
        rule.path("read").forEach(one -> read.add(text(one, "name") + " = " + text(one, "value")));
        String seen = String.join("; ", read);
        return rule.path("expression").isNull()
                ? seen
                : text(rule, "expression") + (seen.isEmpty() ? "" : " | " + seen);
    }

    private static String exemption(JsonNode exemption) {
        return exemption.isObject()
                ? text(exemption, "ticket") + ", by " + text(exemption, "owner") + ", until "
                        + time(exemption, "expires_at")
                : "";
    }

    private static void policies(Html main, JsonNode policies) {
        main.element("section", section -> {
            section.element("h2", "Judged by");
            Parts.table(
                    section,
                    "Policies that were in force",
                    List.of("Policy", "Version", "Digest"),
                    rows -> policies.forEach(policy ->
                            Parts.row(rows, text(policy, "name"), text(policy, "version"), text(policy, "digest"))));
        });
    }

    private static void inputs(Html main, JsonNode decision) {
        main.element("section", section -> {
            section.element("h2", "Made of");
            Parts.table(
                    section,
                    "Records that were judged, with their positions in the log",
                    List.of("Topic", "Partition", "Offset", "Key", "Day", "Computed"),
                    rows -> decision.path("inputs")
                            .forEach(input -> Parts.row(
                                    rows,
                                    text(input, "topic"),
                                    text(input, "partition"),
                                    text(input, "offset"),
                                    // parts of a key are divided by a character that nobody can see
                                    text(input, "key").replaceAll("\\p{Cntrl}", " / "),
                                    text(input, "as_of_day"),
                                    time(input, "computed_at"))));
        });
    }

    private static void replay(Html main, Again replayed) {
        main.element("section", section -> {
            section.element("h2", "Judged again");
            if (replayed.replay().isEmpty()) {
                section.element("p", "It cannot be judged again: " + replayed.problem() + ".");
                return;
            }
            JsonNode replay = replayed.replay().get();
            section.element(
                    "p",
                    replay.path("same").asBoolean()
                            ? "The same comes out, of what was known then and by the policies of then."
                            : "Something else comes out than was recorded:");
            if (!replay.path("same").asBoolean()) {
                differences(section, replay);
            }
        });
    }

    private static void differences(Html section, JsonNode replay) {
        Parts.table(
                section,
                "Outcomes",
                List.of("", "Decision", "Code", "Reason"),
                rows -> List.of("recorded", "replayed")
                        .forEach(which -> Parts.row(
                                rows,
                                which.equals("recorded") ? "Recorded" : "Otherwise",
                                text(replay.path(which), "decision"),
                                text(replay.path(which), "code"),
                                text(replay.path(which), "reason"))));
        if (!replay.path("differences").isEmpty()) {
            Parts.table(
                    section,
                    "Rules that answer otherwise",
                    List.of("Rule", "Policy", "Recorded", "Otherwise", "Why"),
                    rows -> replay.path("differences")
                            .forEach(difference -> Parts.row(
                                    rows,
                                    text(difference, "rule"),
                                    text(difference, "policy"),
                                    text(difference.path("recorded"), "outcome"),
                                    text(difference.path("replayed"), "outcome"),
                                    text(difference.path("replayed"), "reason"))));
        }
    }

    private void whatIf(Html main, String tenant, JsonNode decision, Again other, Optional<String> policy) {
        Map<String, String> versions = GatesPage.versions(policies, tenant);
        main.element("section", section -> {
            section.element("h2", "What if");
            if (!versions.isEmpty()) {
                section.element("form", Attributes.of("action", Parts.decision(text(decision, "id"))), form -> {
                    Parts.choice(form, "policy", "policy", "Policy version", versions, policy.orElse(""));
                    Frame.submit(form, "Judge by it");
                });
            }
            other.replay().ifPresent(replay -> {
                section.element(
                        "p",
                        replay.path("outcome_same").asBoolean()
                                ? "The outcome would have been the same: " + text(replay.path("replayed"), "decision")
                                        + "."
                                : "The outcome would have been another one: "
                                        + text(replay.path("replayed"), "decision") + " instead of "
                                        + text(replay.path("recorded"), "decision") + ".");
                differences(section, replay);
            });
            if (!other.problem().isEmpty()) {
                section.element("p", "It cannot be judged so: " + other.problem() + ".");
            }
        });
    }
}
