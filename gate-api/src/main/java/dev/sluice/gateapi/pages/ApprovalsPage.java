package dev.sluice.gateapi.pages;

import static dev.sluice.gateapi.pages.Parts.text;
import static dev.sluice.gateapi.pages.Parts.time;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gate.Evidence;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.access.Visitor;
import dev.sluice.gateapi.governance.Approvals;
import dev.sluice.gateapi.governance.Approvals.Seen;
import dev.sluice.gateapi.governance.Approvals.Subject;
import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Form;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.policy.PolicyApi;
import io.javalin.http.Context;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What waits for somebody to approve of it, with all that there is to see of it, and the forms by which they do. */
final class ApprovalsPage {
    private static final String PATH = "/approvals";
    private static final String BASIS = "basis";
    private static final int MOST_SHOWN = 50;
    private static final Map<String, String> LIVES = new LinkedHashMap<>();

    static {
        LIVES.put("1h", "an hour");
        LIVES.put("8h", "8 hours");
        LIVES.put("24h", "a day");
    }

    private final RecentDecisions decisions;
    private final Approvals approvals;
    private final PolicyApi policies;

    ApprovalsPage(RecentDecisions decisions, Approvals approvals, PolicyApi policies) {
        this.decisions = decisions;
        this.approvals = approvals;
        this.policies = policies;
    }

    /** Handles {@code GET /approvals}. */
    void page(Context ctx) {
        Visitor visitor = Routes.visitor(ctx);
        Collection<JsonNode> waiting = waiting(visitor.principal().tenant());
        List<JsonNode> overrides = elements(
                        policies.overrides(visitor.principal().tenant()))
                .filter(override -> override.path("status").asText().equals("requested"))
                .toList();
        Frame.answer(ctx, "Approvals", main -> {
            if (waiting.isEmpty() && overrides.isEmpty()) {
                main.element("p", "Nothing waits for an approval.");
            }
            int number = 0;
            for (JsonNode decision : waiting) {
                number++;
                if (number <= MOST_SHOWN) {
                    one(main, visitor, decision, Integer.toString(number));
                }
            }
            if (number > MOST_SHOWN) {
                main.element("p", "After these wait " + (number - MOST_SHOWN) + " more.");
            }
            overrides.forEach(override -> override(main, visitor, override));
        });
    }

    /** Of what is asked for again and again the newest. */
    private Collection<JsonNode> waiting(String tenant) {
        Map<List<String>, JsonNode> newest = new LinkedHashMap<>();
        decisions.pending(tenant).stream()
                .filter(decision -> rules(decision).anyMatch(ApprovalsPage::waitsForApproval))
                .sorted(Comparator.comparing(decision -> time(decision, "decided_at")))
                .forEach(decision -> newest.put(
                        List.of(
                                text(decision, "gate"),
                                text(decision, "service"),
                                text(decision, "environment"),
                                decision.path("artifact").toString()),
                        decision));
        return newest.values();
    }

    private static Stream<JsonNode> rules(JsonNode decision) {
        return elements(decision.path("rules"));
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static boolean waitsForApproval(JsonNode rule) {
        return rule.path("requires").asText().equals("approvals")
                && !rule.path("outcome").asText().equals("allow");
    }

    private static @Nullable String nullable(JsonNode of, String field) {
        return of.path(field).textValue();
    }

    private void one(Html main, Visitor visitor, JsonNode decision, String number) {
        var subject = new Subject(
                text(decision, "gate"),
                text(decision, "service"),
                text(decision, "environment"),
                nullable(decision.path("artifact"), "version"),
                nullable(decision.path("artifact"), "digest"));
        String title =
                subject.service() + " " + Parts.artifact(decision.path("artifact")) + " to " + subject.environment();
        Seen seen = approvals.seen(visitor.principal().tenant(), subject);
        main.element("article", Attributes.of("aria-label", title), article -> {
            article.element("h2", title);
            article.element(
                    "p",
                    line -> line.text("Gate " + subject.gate() + ", asked by " + text(decision, "owner")
                                    + ", waits until " + time(decision, "expires_at") + ". ")
                            .element(
                                    "a",
                                    "href",
                                    Parts.decision(text(decision, "id")),
                                    link -> link.text("The decision " + text(decision, "id"))));
            article.element(
                    "ul",
                    list -> rules(decision)
                            .filter(rule -> !rule.path("outcome").asText().equals("allow"))
                            .forEach(rule -> list.element(
                                    "li",
                                    text(rule, "policy") + ", " + text(rule, "rule") + " (" + text(rule, "mode") + "): "
                                            + text(rule, "reason"))));
            evidence(article, title, seen.evidence());
            if (visitor.principal().verbs().contains(Verb.APPROVE)
                    && visitor.principal().reach().includes(subject.service(), subject.environment())) {
                forms(article, visitor, subject, seen.basis(), number);
            } else {
                article.element("p", "Your token is not for approving of it.");
            }
        });
    }

    private static void evidence(Html article, String title, Evidence evidence) {
        boolean none = evidence.freezes().isEmpty()
                && evidence.canaries().isEmpty()
                && evidence.validations().isEmpty()
                && evidence.artifacts().isEmpty()
                && evidence.approvals().isEmpty();
        if (none) {
            article.element("p", "Nothing is known of it: no freeze, canary run, validation, artifact or approval.");
            return;
        }
        Parts.table(
                article,
                "What there is to see of " + title,
                List.of("What", "How it stands", "Said by", "At"),
                rows -> {
                    evidence.freezes()
                            .forEach(freeze -> Parts.row(
                                    rows,
                                    "Freeze " + freeze.name(),
                                    "in force: " + freeze.reason(),
                                    "",
                                    freeze.until() == null ? "" : "until " + time(freeze.until())));
                    evidence.canaries()
                            .forEach(run -> Parts.row(
                                    rows,
                                    name -> Parts.link(name, "/canaries/" + run.id(), "Canary " + run.id()),
                                    word(run.state()) + ": " + run.reason(),
                                    run.environment(),
                                    time(run.at())));
                    evidence.validations()
                            .forEach(validation -> Parts.row(
                                    rows,
                                    "Validation " + validation.kind() + " in " + validation.environment(),
                                    word(validation.result()),
                                    validation.source(),
                                    time(validation.at())));
                    evidence.artifacts()
                            .forEach(fact -> Parts.row(
                                    rows,
                                    "Artifact " + fact.digest(),
                                    fact.location() + ", signed by "
                                            + (fact.signers().isEmpty()
                                                    ? "nobody"
                                                    : String.join(
                                                            ", ",
                                                            fact.signers().stream()
                                                                    .sorted()
                                                                    .toList())),
                                    fact.source(),
                                    time(fact.at())));
                    evidence.approvals()
                            .forEach(approval -> Parts.row(
                                    rows,
                                    approval.approves() ? "Approval" : "Rejection",
                                    approval.basis().equals(approval.basisNow())
                                            ? "of what there is to see now"
                                            : "of what there was to see then, or for another gate: it does not count here",
                                    approval.owner(),
                                    time(approval.at())));
                });
    }

    private static String word(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static void forms(Html article, Visitor visitor, Subject subject, String basis, String number) {
        Frame.form(article, visitor, PATH, form -> {
            Frame.hidden(form, "gate", subject.gate());
            Frame.hidden(form, "service", subject.service());
            Frame.hidden(form, "environment", subject.environment());
            hidden(form, "version", subject.version());
            hidden(form, "digest", subject.digest());
            Frame.hidden(form, BASIS, basis);
            Parts.field(form, "comment-" + number, "comment", "Comment", "", false);
            Parts.choice(form, "life-" + number, "expires_in", "Holds for", LIVES, "8h");
            decide(form, "approve", "Approve");
            decide(form, "reject", "Reject");
        });
    }

    private static void hidden(Html form, String name, @Nullable String value) {
        if (value != null) {
            Frame.hidden(form, name, value);
        }
    }

    private static void decide(Html form, String decision, String text) {
        form.element(
                "button",
                Attributes.of("type", "submit").and("name", "decision").and("value", decision),
                button -> button.text(text));
    }

    private static void override(Html main, Visitor visitor, JsonNode override) {
        String title = "Override for " + text(override, "service") + " " + Parts.artifact(override.path("artifact"))
                + " to " + text(override, "environment");
        main.element("article", Attributes.of("aria-label", title), article -> {
            article.element("h2", title);
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("Gate", override.path("gate").isNull() ? "each" : text(override, "gate"));
            facts.put("Why", text(override, "reason"));
            facts.put("Ticket", text(override, "ticket"));
            facts.put("Asked by", text(override.path("requested"), "owner"));
            facts.put("Opens the gate until", time(override, "expires_at"));
            Parts.facts(article, title + " " + text(override, "id"), facts);
            if (visitor.principal().verbs().contains(Verb.APPROVE)) {
                Frame.form(
                        article,
                        visitor,
                        PATH + "/overrides/" + text(override, "id"),
                        form -> Frame.submit(form, "Approve the override"));
            }
        });
    }

    /** Handles {@code POST /approvals/overrides/{id}}. */
    void approveOverride(Context ctx) {
        Frame.goThen(ctx, PATH, policies.approveOverride(Routes.principal(ctx), ctx.pathParam("id")));
    }

    /** Handles {@code POST /approvals}. */
    void approve(Context ctx) {
        Form form = Routes.form(ctx);
        if (form.text(BASIS).isEmpty()) {
            throw new ApiException(ErrorType.BAD_REQUEST, "the form does not say what you have seen");
        }
        ObjectNode body = form.json("gate", "service", "environment", "decision", "comment", "expires_in", BASIS);
        body.set("artifact", form.json("version", "digest"));
        Frame.goThen(ctx, PATH, approvals.approve(Routes.principal(ctx), Members.of(body)));
    }
}
