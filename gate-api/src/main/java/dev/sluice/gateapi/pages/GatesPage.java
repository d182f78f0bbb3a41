package dev.sluice.gateapi.pages;

import static dev.sluice.gateapi.pages.Parts.text;
import static dev.sluice.gateapi.pages.Parts.time;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.policy.PolicyApi;
import dev.sluice.wire.Durations;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Which gates there are, what one of them requires somewhere, and what was decided last. */
final class GatesPage {
    private static final int MOST_SHOWN = 50;
    private static final String IN_MILLIS = "_ms";

    private final PolicyApi policies;
    private final RecentDecisions decisions;

    GatesPage(PolicyApi policies, RecentDecisions decisions) {
        this.policies = policies;
        this.decisions = decisions;
    }

    /**
     * What is looked at.
     *
     * @param gate which gate; null for all
     * @param environment where; null for everywhere
     * @param service of which service; null for each
     */
    private record View(
            @Nullable String gate,
            @Nullable String environment,
            @Nullable String service) {
        boolean shows(JsonNode of) {
            return isOrNull(gate, of.path("gate"))
                    && isOrNull(environment, of.path("environment"))
                    && isOrNull(service, of.path("service"));
        }

        private static boolean isOrNull(@Nullable String wanted, JsonNode value) {
            return wanted == null || value.isNull() || value.asText().equals(wanted);
        }
    }

    /** Handles {@code GET /gates}. */
    void page(Context ctx) {
        Optional<String> decision = filled(ctx, "decision");
        Optional<String> policy = filled(ctx, "policy");
        if (decision.isPresent() && policy.isPresent()) {
            Frame.go(ctx, Parts.decision(encoded(decision.get())) + "?policy=" + encoded(policy.get()));
            return;
        }
        String tenant = Routes.principal(ctx).tenant();
        var view = new View(
                filled(ctx, "gate").orElse(null),
                filled(ctx, "environment").orElse(null),
                filled(ctx, "service").orElse(null));
        List<JsonNode> newest = decisions.newest(tenant);
        Frame.answer(ctx, "Gates", main -> {
            choose(main, tenant, newest, view);
            if (view.gate() != null && view.environment() != null) {
                effective(main, policies.effective(tenant, view.gate(), view.environment()), view);
            }
            overrides(main, policies.overrides(tenant), view);
            List<JsonNode> shown =
                    newest.stream().filter(view::shows).limit(MOST_SHOWN).toList();
            decided(main, shown);
            whatIf(main, tenant, shown);
        });
    }

    /** A field of a form that was left empty is sent all the same. */
    private static Optional<String> filled(Context ctx, String name) {
        return Optional.ofNullable(ctx.queryParam(name))
                        .filter(text -> text.isBlank())
                        .isPresent()
                ? Optional.empty()
                : Requests.query(ctx, name);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void choose(Html main, String tenant, List<JsonNode> newest, View view) {
        main.element("form", Attributes.of("action", "/gates").and("role", "search"), form -> {
            Parts.field(form, "gate", "gate", "Gate", orEmpty(view.gate()), false);
            Parts.field(form, "environment", "environment", "Environment", orEmpty(view.environment()), false);
            Parts.field(form, "service", "service", "Service", orEmpty(view.service()), false);
            Frame.submit(form, "Show");
        });
        SortedSet<String> gates = policies.gates(tenant);
        if (!gates.isEmpty()) {
            main.element("p", "Policies speak by name of: " + String.join(", ", gates) + ".");
        }
        if (!newest.isEmpty() && view.gate() == null) {
            main.element("section", section -> {
                section.element("h2", "Asked last");
                section.element(
                        "ul",
                        list -> newest.stream()
                                .map(decision -> List.of(text(decision, "gate"), text(decision, "environment")))
                                .distinct()
                                .forEach(place -> list.element(
                                        "li",
                                        item -> Parts.link(
                                                item,
                                                "/gates?gate=" + encoded(place.get(0)) + "&environment="
                                                        + encoded(place.get(1)),
                                                place.get(0) + " in " + place.get(1)))));
            });
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static void effective(Html main, JsonNode effective, View view) {
        main.element("section", section -> {
            section.element("h2", "What the gate requires");
            if (effective.path("policies").isEmpty()) {
                section.element("p", "No policy speaks of this gate there: it denies everything.");
            }
            effective.path("policies").forEach(policy -> policy(section, policy, view));
        });
    }

    private static void policy(Html section, JsonNode policy, View view) {
        section.element("h3", policy.path("name").asText());
        section.element(
                "p",
                line -> line.text("Version " + text(policy, "version") + ", from: " + text(policy, "source")
                                + ". An answer holds " + Parts.duration(policy.path("expires_after_ms"))
                                + "; data is stale after "
                                + Parts.duration(policy.path("stale_after_ms")) + ", which is "
                                + text(policy, "stale_outcome")
                                + ". ")
                        .element("code", text(policy, "digest")));
        Parts.table(
                section,
                "Rules of " + policy.path("name").asText(),
                List.of("Rule", "Mode", "Severity", "Requires", "Exempted"),
                rows -> policy.path("rules")
                        .forEach(rule -> Parts.row(
                                rows,
                                rule.path("id").asText(),
                                text(rule, "mode"),
                                text(rule, "severity"),
                                requires(rule),
                                exemptions(rule.path("exemptions"), view))));
    }

    private static String requires(JsonNode rule) {
        if (!rule.path("metric").isNull()) {
            String bound = rule.path("bound").asText().equals("value") ? "" : text(rule, "bound") + " bound of ";
            return bound + text(rule, "metric") + " of " + text(rule, "window") + " " + text(rule, "operator") + " "
                    + text(rule, "threshold") + ", n at least " + text(rule, "minimum_n");
        }
        return rule.path("expression").isNull() ? evidence(rule) : text(rule, "expression");
    }

    /** E.g. {@code validation: environment staging, kinds smoke, soak 2h}. */
    private static String evidence(JsonNode rule) {
        var settings = new ArrayList<String>();
        rule.path("settings").properties().forEach(setting -> {
            String name = setting.getKey();
            JsonNode value = setting.getValue();
            if (value.isArray()) {
                var names = new ArrayList<String>();
                value.forEach(one -> names.add(one.asText()));
                settings.add(name + " " + String.join(" ", names));
            } else if (name.endsWith(IN_MILLIS)) {
                settings.add(name.substring(0, name.length() - IN_MILLIS.length()) + " "
                        + Durations.text(Duration.ofMillis(value.asLong())));
            } else {
                settings.add(name + " " + value.asText());
            }
        });
        return text(rule, "requires") + (settings.isEmpty() ? "" : ": " + String.join(", ", settings));
    }

    private static String exemptions(JsonNode exemptions, View view) {
        var lines = new StringBuilder();
        exemptions.forEach(exemption -> {
            if (view.service() == null
                    || exemption.path("service").isNull()
                    || exemption.path("service").asText().equals(view.service())) {
                lines.append(lines.isEmpty() ? "" : "; ")
                        .append(exemption.path("service").isNull() ? "each service" : text(exemption, "service"))
                        .append(" until ")
                        .append(time(exemption, "expires_at"))
                        .append(", ")
                        .append(text(exemption, "ticket"))
                        .append(", by ")
                        .append(text(exemption, "owner"));
            }
        });
        return lines.isEmpty() ? "\u2013" : lines.toString();
    }

    private static void overrides(Html main, JsonNode overrides, View view) {
        var shown = new ArrayList<JsonNode>();
        overrides.forEach(override -> {
            if (view.shows(override) && !override.path("status").asText().equals("expired")) {
                shown.add(override);
            }
        });
        if (shown.isEmpty()) {
            return;
        }
        main.element("section", section -> {
            section.element("h2", "Overrides");
            Parts.table(
                    section,
                    "Overrides that hold, or wait for a second person",
                    List.of("Artifact", "Status", "Gate", "Service", "Environment", "Reason", "Asked by", "Until"),
                    rows -> shown.forEach(override -> Parts.row(
                            rows,
                            Parts.artifact(override.path("artifact")),
                            text(override, "status"),
                            override.path("gate").isNull() ? "each" : text(override, "gate"),
                            text(override, "service"),
                            text(override, "environment"),
                            text(override, "reason"),
                            text(override.path("requested"), "owner"),
                            time(override, "expires_at"))));
        });
    }

    private static void decided(Html main, List<JsonNode> shown) {
        main.element("section", section -> {
            section.element("h2", "Decided last");
            if (shown.isEmpty()) {
                section.element("p", "This replica has read none.");
                return;
            }
            Parts.table(
                    section,
                    "Decisions, the newest first",
                    List.of("Decision", "Gate", "Service", "Environment", "Artifact", "Reason", "At"),
                    rows -> shown.forEach(decision -> Parts.row(
                            rows,
                            name -> Parts.link(name, Parts.decision(text(decision, "id")), text(decision, "decision")),
                            text(decision, "gate"),
                            text(decision, "service"),
                            text(decision, "environment"),
                            Parts.artifact(decision.path("artifact")),
                            text(decision, "reason"),
                            time(decision, "decided_at"))));
        });
    }

    private void whatIf(Html main, String tenant, List<JsonNode> shown) {
        Map<String, String> versions = versions(policies, tenant);
        if (shown.isEmpty() || versions.isEmpty()) {
            return;
        }
        Map<String, String> options = new LinkedHashMap<>();
        shown.forEach(decision -> options.put(
                text(decision, "id"),
                text(decision, "decision") + ": " + text(decision, "service") + " in " + text(decision, "environment")
                        + ", " + time(decision, "decided_at")));
        main.element("section", section -> {
            section.element("h2", "What if");
            section.element("p", "What another version of a policy would have said. Nothing is decided by it.");
            section.element("form", Attributes.of("action", "/gates"), form -> {
                Parts.choice(form, "what-decision", "decision", "Decision", options, "");
                Parts.choice(form, "what-policy", "policy", "Policy version", versions, "");
                Frame.submit(form, "Judge again");
            });
        });
    }

    /** Returns the versions of policies that a decision can be judged by, by their digests. */
    static Map<String, String> versions(PolicyApi policies, String tenant) {
        Map<String, String> versions = new LinkedHashMap<>();
        policies.versions(tenant)
                .forEach(version -> versions.put(
                        version.digest(),
                        version.name() + ", version " + version.version() + ", "
                                + version.digest()
                                        .substring(
                                                0, Math.min(15, version.digest().length())) + "\u2026"));
        return versions;
    }
}
