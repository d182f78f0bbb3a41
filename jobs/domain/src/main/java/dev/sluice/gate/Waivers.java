package dev.sluice.gate;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What lifts policies for a time. Whoever asks what holds asks here: a decision, and who wants to know what one would be
 * judged by.
 *
 * @param exemptions of single rules, whether they hold now or not
 * @param overrides of gates, whether they hold now or not
 */
public record Waivers(List<Exemption> exemptions, List<GateOverride> overrides) {
    /** Nothing is lifted. */
    public static final Waivers NONE = new Waivers(List.of(), List.of());

    public Waivers {
        exemptions = List.copyOf(exemptions);
        overrides = List.copyOf(overrides);
    }

    /** Returns the exemptions of a rule that hold now in an environment, of whichever service, the longest first. */
    public List<Exemption> exemptionsOf(Policy policy, Rule rule, String environment, Instant now) {
        return exemptions.stream()
                .filter(exemption -> exemption.touches(policy, rule, environment) && exemption.holds(now))
                .sorted(Comparator.comparing(Exemption::expires).reversed().thenComparing(Exemption::id))
                .toList();
    }

    /** Returns the exemption of a rule that holds now for what is asked: of several the longest. */
    public Optional<Exemption> exemptionOf(Policy policy, Rule rule, EvaluationInput input, Instant now) {
        return exemptionsOf(policy, rule, input.environment(), now).stream()
                .filter(exemption -> exemption.concerns(input.service()))
                .findFirst();
    }

    /** Returns those of them that hold now for what is asked, whatever the policies are. */
    public Waivers concerning(EvaluationInput input, Instant now) {
        return new Waivers(
                exemptions.stream()
                        .filter(exemption -> exemption.concerns(input.service())
                                && exemption.holdsIn(input.environment())
                                && exemption.holds(now))
                        .toList(),
                overrides.stream()
                        .filter(override -> override.matches(input) && override.holds(now))
                        .toList());
    }

    /** Returns the override that holds now for what is asked: of several the longest. */
    public Optional<GateOverride> overrideOf(EvaluationInput input, Instant now) {
        return overrides.stream()
                .filter(override -> override.matches(input) && override.holds(now))
                .max(Comparator.comparing(GateOverride::expires)
                        .thenComparing(Comparator.comparing(GateOverride::id).reversed()));
    }
}
