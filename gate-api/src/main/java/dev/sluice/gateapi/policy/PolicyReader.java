package dev.sluice.gateapi.policy;

import dev.sluice.gate.Bound;
import dev.sluice.gate.Condition;
import dev.sluice.gate.ConditionRule;
import dev.sluice.gate.EvidenceRule;
import dev.sluice.gate.GateMetric;
import dev.sluice.gate.Mode;
import dev.sluice.gate.Operator;
import dev.sluice.gate.Outcome;
import dev.sluice.gate.Policy;
import dev.sluice.gate.Requirement;
import dev.sluice.gate.Rule;
import dev.sluice.gate.RuleTerms;
import dev.sluice.gate.Severity;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import dev.sluice.wire.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads policies from YAML, strictly: what is not understood is a problem, never left out. */
public final class PolicyReader {
    /** Each may take as long as {@link dev.sluice.gateapi.cel.CelLimits} allow, and a decision takes them all. */
    private static final int MOST_CONDITIONS = 20;

    private static final int MOST_MESSAGE_CHARACTERS = 500;
    private static final double MOST_WEIGHT = 1_000;
    private static final String ENVIRONMENT_DEFAULTS = "environment_defaults";
    /** Each is read as a policy of its own. */
    private static final int MOST_ENVIRONMENTS = 20;

    private static final List<String> SHIPPED =
            List.of("default.yaml", "pre-deployment-approval.yaml", "staging-validation.yaml", "rollback-drill.yaml");

    /** The windows that are kept for each service. */
    private static final Set<Integer> WINDOWS = Set.of(7, 30, 90);

    private final CelConditions conditions;

    /**
     * Creates a reader.
     *
     * @param conditions makes the conditions of rules in CEL
     */
    public PolicyReader(CelConditions conditions) {
        this.conditions = conditions;
    }

    /** Returns the policies that are in force where none are configured: a gate for each checkpoint of a release. */
    public List<PolicyVersion> shipped() {
        return SHIPPED.stream().map(this::shipped).toList();
    }

    private PolicyVersion shipped(String file) {
        String text;
        try (InputStream resource = PolicyReader.class.getResourceAsStream("/policies/" + file)) {
            if (resource == null) {
                throw new IllegalStateException("the policy " + file + " is missing from the program");
            }
            text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var problems = new Problems();
        Optional<Policy> policy = read(file, text, problems);
        problems.throwIfAny();
        return new PolicyVersion(policy.orElseThrow(), text);
    }

    /**
     * Reads each {@code *.yaml} and {@code *.yml} of a directory.
     *
     * @param directory the directory
     * @param problems where to report
     */
    public List<PolicyVersion> readAll(Path directory, Problems problems) {
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.filter(PolicyReader::isYaml).sorted().toList();
        } catch (IOException e) {
            problems.add(directory + ": the directory of policies cannot be read");
            return List.of();
        }
        if (files.isEmpty()) {
            problems.add(directory + ": there is no policy (*.yaml): every gate would be closed");
        }
        var policies = new ArrayList<PolicyVersion>();
        Map<String, String> fileByName = new HashMap<>();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            try {
                String text = Files.readString(file);
                read(name, text, problems).ifPresent(policy -> {
                    String earlier = fileByName.putIfAbsent(policy.name(), name);
                    if (earlier != null) {
                        problems.add(name + ": policy " + policy.name() + " is also in " + earlier);
                    }
                    policies.add(new PolicyVersion(policy, text));
                });
            } catch (IOException e) {
                problems.add(name + ": the file cannot be read as UTF-8 text");
            }
        }
        return policies;
    }

    private static boolean isYaml(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /**
     * Reads one policy.
     *
     * @param file the file's name, for messages
     * @param content its text
     * @param problems where to report
     */
    public Optional<Policy> read(String file, String content, Problems problems) {
        return YamlMapping.read(file, content, problems).flatMap(root -> policy(root, problems));
    }

    private Optional<Policy> policy(YamlMapping root, Problems problems) {
        int before = problems.count();
        Map<String, YamlMapping> defaults =
                root.namedMappings(ENVIRONMENT_DEFAULTS).orElse(Map.of());
        if (defaults.size() > MOST_ENVIRONMENTS) {
            root.problem(ENVIRONMENT_DEFAULTS, "at most " + MOST_ENVIRONMENTS + " environments may have defaults");
        }
        defaults.values().forEach(PolicyReader::check);
        Optional<Policy> usual = content(root, "rules", problems);
        if (usual.isEmpty() || problems.count() > before) {
            return Optional.empty();
        }
        var byEnvironment = new HashMap<String, Policy>();
        defaults.forEach((environment, values) -> {
            if (!usual.get().speaksOf(environment)) {
                root.problem(ENVIRONMENT_DEFAULTS, "the policy does not speak of environment " + environment);
            }
            content(root.withDefaults(values), ENVIRONMENT_DEFAULTS, problems)
                    .ifPresent(policy -> byEnvironment.put(environment, policy));
        });
        if (problems.count() > before) {
            return Optional.empty();
        }
        Policy policy = usual.get().withEnvironments(byEnvironment);
        return Optional.of(policy.withDigest(PolicyDigest.of(policy)));
    }

    /** What no rule needs is read all the same: a mistake in it is told. */
    private static void check(YamlMapping defaults) {
        expiry(defaults);
        staleAfter(defaults);
        staleOutcome(defaults);
        pendingFor(defaults);
        mode(defaults);
        severity(defaults);
        minimumN(defaults);
        whenMissing(defaults);
        defaults.rejectUnknownFields();
    }

    /**
     * Reads a policy, without its digest.
     *
     * @param root the policy
     * @param enforcing the field that is at fault where no rule is enforced
     */
    private Optional<Policy> content(YamlMapping root, String enforcing, Problems problems) {
        int before = problems.count();
        Optional<String> name = root.required("name");
        Optional<String> version = root.required("version");
        Optional<List<String>> gates = root.texts("gates");
        if (gates.isEmpty() || gates.get().isEmpty()) {
            root.problem("gates", "gates must name at least one gate, or \"*\" for each");
        }
        @Nullable List<String> environments = root.texts("environments").orElse(null);
        if (environments != null && environments.isEmpty()) {
            root.problem("environments", "environments must name at least one; leave it out for each");
        }
        Duration expiry = expiry(root).orElse(Policy.DEFAULT_EXPIRY);
        Duration staleAfter = staleAfter(root).orElse(Policy.DEFAULT_STALE_AFTER);
        Outcome staleOutcome = staleOutcome(root).orElse(Outcome.DENY);
        @Nullable
        Double passScore = root.mapping("score")
                .flatMap(score -> {
                    Optional<Double> pass =
                            score.required("pass", PolicyReader::percent, "a number above 0 and at most 100");
                    score.rejectUnknownFields();
                    return pass;
                })
                .orElse(null);
        @Nullable Duration pendingFor = pendingFor(root).orElse(null);
        List<Rule> rules = rules(root, enforcing, problems);
        requirePendingWithin(expiry, pendingFor, rules, root);
        root.mapping(ENVIRONMENT_DEFAULTS);
        root.rejectUnknownFields();
        if (problems.count() > before) {
            return Optional.empty();
        }
        return Optional.of(new Policy(
                name.orElseThrow(),
                version.orElseThrow(),
                "",
                Set.copyOf(gates.orElseThrow()),
                environments == null ? null : Set.copyOf(environments),
                expiry,
                staleAfter,
                staleOutcome,
                rules,
                passScore,
                pendingFor,
                Map.of()));
    }

    private static Optional<Duration> expiry(YamlMapping mapping) {
        return mapping.optional("expires_after", PolicyReader::positive, Durations.EXPECTED);
    }

    private static Optional<Duration> staleAfter(YamlMapping mapping) {
        return mapping.optional("stale_after", PolicyReader::positive, Durations.EXPECTED);
    }

    private static Optional<Outcome> staleOutcome(YamlMapping mapping) {
        return mapping.optional("stale_outcome", PolicyReader::outcome, "deny, pending or allow");
    }

    private static Optional<Mode> mode(YamlMapping mapping) {
        return mapping.optional("mode", PolicyReader::mode, "enforce, warn or observe");
    }

    private static Optional<Severity> severity(YamlMapping mapping) {
        return mapping.optional("severity", Severity::ofName, "critical, high, medium, low or info");
    }

    private static Optional<Integer> minimumN(YamlMapping mapping) {
        return mapping.optional("minimum_n", PolicyReader::count, "a whole number");
    }

    private static Optional<Outcome> whenMissing(YamlMapping mapping) {
        return mapping.optional("when_missing", PolicyReader::outcome, "deny, pending or allow");
    }

    /** A decision that has expired is no longer pending: to wait for longer has no meaning. */
    private static void requirePendingWithin(
            Duration expiry, @Nullable Duration pendingFor, List<Rule> rules, YamlMapping root) {
        boolean longer = Stream.concat(
                        Stream.ofNullable(pendingFor),
                        rules.stream()
                                .flatMap(rule -> Stream.ofNullable(rule.terms().pendingFor())))
                .anyMatch(time -> time.compareTo(expiry) > 0);
        if (longer) {
            root.problem("pending_for", "pending_for must not be longer than expires_after");
        }
    }

    private static Optional<Duration> pendingFor(YamlMapping mapping) {
        return mapping.optional("pending_for", PolicyReader::positive, Durations.EXPECTED);
    }

    private static RuleTerms terms(YamlMapping entry) {
        return new RuleTerms(
                severity(entry).orElse(RuleTerms.DEFAULT.severity()),
                entry.optional("weight", PolicyReader::weight, "a number above 0 and at most 1000")
                        .orElse(RuleTerms.DEFAULT.weight()),
                pendingFor(entry).orElse(null));
    }

    private List<Rule> rules(YamlMapping root, String enforcing, Problems problems) {
        var rules = new ArrayList<Rule>();
        var ids = new HashSet<String>();
        for (YamlMapping entry : root.mappings("rules").orElse(List.of())) {
            rule(entry, problems).ifPresent(rule -> {
                if (ids.add(rule.id())) {
                    rules.add(rule);
                } else {
                    entry.problem("id", "two rules are called " + rule.id());
                }
            });
        }
        if (rules.stream().noneMatch(rule -> rule.mode() == Mode.ENFORCE)) {
            root.problem(enforcing, "no usable rule is enforced: the policy alone would close its gates");
        }
        if (rules.stream().filter(ConditionRule.class::isInstance).count() > MOST_CONDITIONS) {
            root.problem("rules", "a policy may have at most " + MOST_CONDITIONS + " rules in CEL");
        }
        return rules;
    }

    private Optional<Rule> rule(YamlMapping entry, Problems problems) {
        int before = problems.count();
        Optional<String> id = entry.required("id");
        Mode mode = mode(entry).orElse(Mode.ENFORCE);
        Optional<String> kind = EvidenceRules.kindOf(entry);
        Optional<Rule> rule = kind.isPresent()
                ? evidence(kind.get(), entry, id, mode, problems)
                : entry.has("cel") ? condition(entry, id, mode, problems) : threshold(entry, id, mode, problems);
        entry.rejectUnknownFields();
        return problems.count() > before ? Optional.empty() : rule;
    }

    private static Optional<Rule> evidence(
            String kind, YamlMapping entry, Optional<String> id, Mode mode, Problems problems) {
        int before = problems.count();
        Optional<Requirement> requirement = EvidenceRules.read(kind, entry, problems);
        RuleTerms terms = terms(entry);
        if (problems.count() > before || id.isEmpty()) {
            return Optional.empty();
        }
        return requirement.map(required -> new EvidenceRule(id.get(), mode, required, terms));
    }

    private Optional<Rule> condition(YamlMapping entry, Optional<String> id, Mode mode, Problems problems) {
        int before = problems.count();
        Optional<String> expression = entry.required("cel");
        Optional<String> message = entry.optional(
                "message", PolicyReader::message, "a text of at most " + MOST_MESSAGE_CHARACTERS + " characters");
        RuleTerms terms = terms(entry);
        Optional<Condition> condition =
                expression.flatMap(text -> conditions.compile(text, problem -> entry.problem("cel", problem)));
        if (problems.count() > before || id.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ConditionRule(
                id.get(), mode, expression.orElseThrow(), message.orElse(null), condition.orElseThrow(), terms));
    }

    private static Optional<Rule> threshold(YamlMapping entry, Optional<String> id, Mode mode, Problems problems) {
        int before = problems.count();
        Optional<GateMetric> metric = entry.required("metric", GateMetric::ofName, "one of " + metricNames());
        Optional<Integer> window = entry.required("window", PolicyReader::window, "7d, 30d or 90d");
        Bound bound =
                entry.optional("bound", Bound::ofName, "value, lower or upper").orElse(Bound.VALUE);
        if (bound != Bound.VALUE && metric.isPresent() && !metric.get().hasInterval()) {
            entry.problem("bound", "there is no interval of " + metric.get().wireName());
        }
        Optional<Operator> operator = entry.required("operator", Operator::ofSymbol, "one of >=, >, <=, <");
        Optional<Double> threshold = metric.isPresent() && metric.get().unit() == GateMetric.Unit.SECONDS
                ? entry.required("threshold", PolicyReader::seconds, Durations.EXPECTED)
                : entry.required("threshold", PolicyReader::number, "a number");
        int minimumN = minimumN(entry).orElse(1);
        Outcome whenMissing = whenMissing(entry).orElse(Outcome.DENY);
        RuleTerms terms = terms(entry);
        if (problems.count() > before || id.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ThresholdRule(
                id.get(),
                mode,
                metric.orElseThrow().wireName(),
                window.orElseThrow(),
                bound,
                operator.orElseThrow(),
                threshold.orElseThrow(),
                minimumN,
                whenMissing,
                terms));
    }

    private static Optional<String> message(String text) {
        return Optional.of(text).filter(message -> message.length() <= MOST_MESSAGE_CHARACTERS);
    }

    static String metricNames() {
        return String.join(
                ", ", Stream.of(GateMetric.values()).map(GateMetric::wireName).toList());
    }

    private static Optional<Mode> mode(String text) {
        return Stream.of(Mode.values())
                .filter(mode -> mode.wireName().equals(text))
                .findFirst();
    }

    private static Optional<Outcome> outcome(String text) {
        return Stream.of(Outcome.DENY, Outcome.PENDING, Outcome.ALLOW)
                .filter(outcome -> outcome.wireName().equals(text))
                .findFirst();
    }

    private static Optional<Duration> positive(String text) {
        return Durations.parse(text).filter(duration -> !duration.isZero());
    }

    static Optional<Integer> window(String text) {
        return Durations.parse(text)
                .filter(duration -> text.endsWith("d"))
                .map(duration -> (int) duration.toDays())
                .filter(WINDOWS::contains);
    }

    static Optional<Double> seconds(String text) {
        return Durations.parse(text).map(duration -> duration.toMillis() / 1000.0);
    }

    static Optional<Double> number(String text) {
        try {
            return Optional.of(Double.valueOf(text)).filter(Double::isFinite);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Double> percent(String text) {
        return number(text).filter(value -> value > 0 && value <= 100);
    }

    private static Optional<Double> weight(String text) {
        return number(text).filter(value -> value > 0 && value <= MOST_WEIGHT);
    }

    private static Optional<Integer> count(String text) {
        try {
            return Optional.of(Integer.valueOf(text)).filter(count -> count >= 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
