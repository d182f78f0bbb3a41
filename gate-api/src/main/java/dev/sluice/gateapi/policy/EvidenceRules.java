package dev.sluice.gateapi.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gate.ApprovalRequirement;
import dev.sluice.gate.ArtifactRequirement;
import dev.sluice.gate.BudgetRequirement;
import dev.sluice.gate.CanaryRequirement;
import dev.sluice.gate.DriftRequirement;
import dev.sluice.gate.DrillRequirement;
import dev.sluice.gate.ExternalRequirement;
import dev.sluice.gate.FreezeRequirement;
import dev.sluice.gate.GateMetric;
import dev.sluice.gate.IncidentRequirement;
import dev.sluice.gate.Operator;
import dev.sluice.gate.Outcome;
import dev.sluice.gate.ParityRequirement;
import dev.sluice.gate.Requirement;
import dev.sluice.gate.TrendRequirement;
import dev.sluice.gate.ValidationRequirement;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import dev.sluice.wire.Durations;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads what rules require of evidence: each kind is a mapping of that name, whose fields are its settings. What a setting means is said
 * where the requirement is.
 */
final class EvidenceRules {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration QUARTER = Duration.ofDays(90);
    private static final int MOST = 1_000;
    private static final Pattern DOCUMENT = Pattern.compile("[A-Za-z0-9_]{1,60}(/[A-Za-z0-9_]{1,60}){0,9}");

    private static final Map<String, Function<YamlMapping, Requirement>> READERS = Map.ofEntries(
            Map.entry("approvals", EvidenceRules::approvals),
            Map.entry("artifact", EvidenceRules::artifact),
            Map.entry("canary", EvidenceRules::canary),
            Map.entry("drift", EvidenceRules::drift),
            Map.entry("drill", EvidenceRules::drill),
            Map.entry("error_budget", EvidenceRules::errorBudget),
            Map.entry("external", EvidenceRules::external),
            Map.entry("freeze", settings -> new FreezeRequirement()),
            Map.entry("incidents", EvidenceRules::incidents),
            Map.entry("parity", EvidenceRules::parity),
            Map.entry("trend", EvidenceRules::trend),
            Map.entry("validation", EvidenceRules::validation));

    private EvidenceRules() {}

    /** Returns the names of all kinds, in order. */
    static Set<String> kinds() {
        return new TreeSet<>(READERS.keySet());
    }

    /** Returns the kind that a rule is of; nothing if it is of none of these. */
    static Optional<String> kindOf(YamlMapping rule) {
        return kinds().stream().filter(rule::has).findFirst();
    }

    /**
     * Reads what a rule requires.
     *
     * @param kind its kind
     * @param rule the rule
     * @param problems where to report
     */
    static Optional<Requirement> read(String kind, YamlMapping rule, Problems problems) {
        Optional<YamlMapping> settings = rule.mapping(kind);
        Function<YamlMapping, Requirement> reader = READERS.get(kind);
        if (settings.isEmpty() || reader == null) {
            return Optional.empty();
        }
        int before = problems.count();
        Optional<Requirement> requirement;
        try {
            requirement = Optional.of(reader.apply(settings.get()));
        } catch (IllegalArgumentException e) {
            requirement = Optional.empty();
            if (problems.count() == before) {
                rule.problem(kind, kind + ": " + e.getMessage());
            }
        }
        settings.get().rejectUnknownFields();
        return problems.count() > before ? Optional.empty() : requirement;
    }

    private static Requirement approvals(YamlMapping settings) {
        return new ApprovalRequirement(
                settings.optional("least", EvidenceRules::count, "a whole number")
                        .orElse(1),
                texts(settings, "roles"),
                settings.optional("when_missing", outcome(Outcome.DENY, Outcome.PENDING), "deny or pending")
                        .orElse(Outcome.PENDING));
    }

    private static Requirement artifact(YamlMapping settings) {
        return new ArtifactRequirement(
                texts(settings, "signers"),
                settings.optional("location").orElse(null),
                texts(settings, "sources"),
                whenMissing(settings));
    }

    private static Requirement canary(YamlMapping settings) {
        return new CanaryRequirement(
                settings.optional("environment").orElse(null),
                duration(settings, "max_age").orElse(DAY),
                whenMissing(settings),
                settings.optional("when_inconclusive", outcome(Outcome.DENY, Outcome.PENDING), "deny or pending")
                        .orElse(Outcome.DENY));
    }

    private static Requirement drift(YamlMapping settings) {
        return new DriftRequirement(duration(settings, "max_age").orElse(DAY), whenMissing(settings));
    }

    private static Requirement drill(YamlMapping settings) {
        return new DrillRequirement(
                settings.optional("environment").orElse(null),
                duration(settings, "max_age").orElse(QUARTER),
                duration(settings, "max_recovery").orElse(null),
                texts(settings, "sources"),
                whenMissing(settings));
    }

    private static Requirement errorBudget(YamlMapping settings) {
        return new BudgetRequirement(
                settings.required("slo").orElse(""),
                settings.required("objective", PolicyReader::number, "a number above 0 and below 1, such as 0.999")
                        .orElse(Double.NaN),
                duration(settings, "window").orElse(HOUR),
                settings.optional("most_burn", PolicyReader::number, "a number").orElse(1.0),
                settings.optional("minimum_total", EvidenceRules::large, "a whole number above 0")
                        .orElse(1L),
                duration(settings, "max_age").orElse(TEN_MINUTES),
                texts(settings, "sources"),
                whenMissing(settings));
    }

    private static Requirement external(YamlMapping settings) {
        return new ExternalRequirement(
                settings.required("endpoint").orElse(""),
                settings.required(
                                "path",
                                text -> Optional.of(text)
                                        .filter(path -> DOCUMENT.matcher(path).matches()),
                                "the path of a document, such as deploy/allow")
                        .orElse(""),
                settings.optional("when_missing", outcome(Outcome.DENY, Outcome.PENDING), "deny or pending")
                        .orElse(Outcome.DENY));
    }

    private static Requirement trend(YamlMapping settings) {
        Optional<GateMetric> metric =
                settings.required("metric", GateMetric::ofName, "one of " + PolicyReader.metricNames());
        Optional<Operator> operator = settings.required("operator", Operator::ofSymbol, "one of >=, >, <=, <");
        boolean isTime = metric.isPresent() && metric.get().unit() == GateMetric.Unit.SECONDS;
        return new TrendRequirement(
                metric.orElse(GateMetric.CHANGE_FAIL_RATE),
                settings.optional("window", PolicyReader::window, "7d or 30d").orElse(7),
                settings.optional("past", PolicyReader::window, "30d or 90d").orElse(90),
                operator.orElse(Operator.AT_MOST),
                settings.required("times", PolicyReader::number, "a number above 0")
                        .orElse(1.0),
                settings.optional(
                                "plus",
                                isTime ? PolicyReader::seconds : PolicyReader::number,
                                isTime ? Durations.EXPECTED : "a number")
                        .orElse(0.0),
                settings.optional("minimum_n", EvidenceRules::count, "a whole number")
                        .orElse(1),
                whenMissing(settings));
    }

    private static Requirement incidents(YamlMapping settings) {
        return new IncidentRequirement(
                settings.optional("most_open", EvidenceRules::count, "a whole number")
                        .orElse(0),
                severities(settings),
                whenMissing(settings));
    }

    /** An empty list would read as none and mean all. */
    private static Set<String> severities(YamlMapping settings) {
        Optional<List<String>> severities = settings.texts("severities");
        if (severities.isPresent() && severities.get().isEmpty()) {
            settings.problem("severities", "severities must name at least one; leave it out for each");
        }
        return Set.copyOf(severities.orElse(List.of()));
    }

    private static Requirement parity(YamlMapping settings) {
        return new ParityRequirement(
                settings.required("with").orElse(""),
                texts(settings, "services"),
                settings.optional("most_differences", EvidenceRules::count, "a whole number")
                        .orElse(0),
                whenMissing(settings));
    }

    private static Requirement validation(YamlMapping settings) {
        return new ValidationRequirement(
                settings.required("environment").orElse(""),
                texts(settings, "kinds"),
                duration(settings, "soak").orElse(null),
                duration(settings, "max_age").orElse(WEEK),
                texts(settings, "sources"),
                whenMissing(settings));
    }

    private static Set<String> texts(YamlMapping settings, String field) {
        return Set.copyOf(settings.texts(field).orElse(List.of()));
    }

    private static Optional<Duration> duration(YamlMapping settings, String field) {
        return settings.optional(
                field, text -> Durations.parse(text).filter(duration -> !duration.isZero()), Durations.EXPECTED);
    }

    private static Outcome whenMissing(YamlMapping settings) {
        return settings.optional(
                        "when_missing", outcome(Outcome.DENY, Outcome.PENDING, Outcome.ALLOW), "deny, pending or allow")
                .orElse(Outcome.DENY);
    }

    private static Function<String, Optional<Outcome>> outcome(Outcome first, Outcome... others) {
        Set<Outcome> known = EnumSet.of(first, others);
        return text -> known.stream()
                .filter(outcome -> outcome.wireName().equals(text))
                .findFirst();
    }

    private static Optional<Long> large(String text) {
        try {
            return Optional.of(Long.valueOf(text)).filter(count -> count > 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> count(String text) {
        try {
            return Optional.of(Integer.valueOf(text)).filter(count -> count >= 0 && count <= MOST);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns what is required in one form, whatever the order in which it was written. What has its default is not there: a setting that comes
     * later changes the digest of no policy that does not have it.
     */
    static ObjectNode canonical(Requirement requirement) {
        var form = new CanonicalForm();
        if (requirement instanceof ApprovalRequirement approvals) {
            form.put("least", approvals.least(), 1)
                    .put("roles", approvals.roles())
                    .put("when_missing", approvals.whenMissing(), Outcome.PENDING);
        } else if (requirement instanceof ArtifactRequirement artifact) {
            form.put("signers", artifact.signers())
                    .put("location", artifact.location())
                    .put("sources", artifact.sources())
                    .put("when_missing", artifact.whenMissing(), Outcome.DENY);
        } else if (requirement instanceof CanaryRequirement canary) {
            form.put("environment", canary.environment())
                    .put("max_age", canary.maxAge(), DAY)
                    .put("when_missing", canary.whenMissing(), Outcome.DENY)
                    .put("when_inconclusive", canary.whenInconclusive(), Outcome.DENY);
        } else if (requirement instanceof DriftRequirement drift) {
            form.put("max_age", drift.maxAge(), DAY).put("when_missing", drift.whenMissing(), Outcome.DENY);
        } else if (requirement instanceof DrillRequirement drill) {
            form.put("environment", drill.environment())
                    .put("max_age", drill.maxAge(), QUARTER)
                    .put("max_recovery", drill.maxRecovery(), null)
                    .put("sources", drill.sources())
                    .put("when_missing", drill.whenMissing(), Outcome.DENY);
        } else if (requirement instanceof BudgetRequirement budget) {
            form.put("slo", budget.slo())
                    .put("objective", budget.objective(), null)
                    .put("window", budget.window(), HOUR)
                    .put("most_burn", budget.mostBurn(), 1.0)
                    .put("minimum_total", budget.minimumTotal(), 1)
                    .put("max_age", budget.maxAge(), TEN_MINUTES)
                    .put("sources", budget.sources())
                    .put("when_missing", budget.whenMissing(), Outcome.DENY);
        } else if (requirement instanceof ExternalRequirement external) {
            form.put("endpoint", external.endpoint())
                    .put("path", external.path())
                    .put("when_missing", external.whenMissing(), Outcome.DENY);
        } else if (requirement instanceof TrendRequirement trend) {
            form.put("metric", trend.metric().wireName())
                    .put("window", trend.windowDays(), 7)
                    .put("past", trend.pastDays(), 90)
                    .put("operator", trend.operator().symbol())
                    .put("times", trend.times(), null)
                    .put("plus", trend.plus(), 0.0)
                    .put("minimum_n", trend.minimumN(), 1)
                    .put("when_missing", trend.whenMissing(), Outcome.DENY);
        } else if (requirement instanceof IncidentRequirement incidents) {
            form.put("most_open", incidents.mostOpen(), 0)
                    .put("severities", incidents.severities())
                    .put("when_missing", incidents.whenMissing(), Outcome.DENY);
        } else if (requirement instanceof ParityRequirement parity) {
            form.put("with", parity.with())
                    .put("services", parity.services())
                    .put("most_differences", parity.mostDifferences(), 0)
                    .put("when_missing", parity.whenMissing(), Outcome.DENY);
        } else if (requirement instanceof ValidationRequirement validation) {
            form.put("environment", validation.environment())
                    .put("kinds", validation.kinds())
                    .put("soak", validation.soak(), null)
                    .put("max_age", validation.maxAge(), WEEK)
                    .put("sources", validation.sources())
                    .put("when_missing", validation.whenMissing(), Outcome.DENY);
        } else if (!(requirement instanceof FreezeRequirement)) {
            throw new AssertionError(requirement);
        }
        return form.json();
    }
}
