package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.IncidentSeverities;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * That not too many incidents of the service are open. Where severities are named an incident counts that is of one of them,
 * or of which that is not known: its source has named none, or so many that the row does not tell them all.
 *
 * @param mostOpen how many may be open
 * @param severities which incidents are meant, as sources name them, whatever the case; empty for all
 * @param whenMissing the answer where nothing is known of what runs, or of the severities: DENY, PENDING or, if the policy
 *     says so, ALLOW
 */
public record IncidentRequirement(int mostOpen, Set<String> severities, Outcome whenMissing) implements Requirement {
    public IncidentRequirement {
        Requirement.requireNoError(whenMissing);
        if (mostOpen < 0) {
            throw new IllegalArgumentException("mostOpen must not be negative: " + mostOpen);
        }
        severities = severities.stream().map(IncidentSeverities::spelled).collect(Collectors.toUnmodifiableSet());
        if (severities.contains(IncidentSeverities.NONE)) {
            throw new IllegalArgumentException("severities must have names");
        }
    }

    @Override
    public String kind() {
        return "incidents";
    }

    @Override
    public boolean isOfEvidence() {
        return false;
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        CurrentRow current = input.current();
        if (current == null) {
            return Finding.missing(whenMissing, "it is not known what runs, nor which incidents are open");
        }
        int open = current.openIncidents();
        var read = reading("current.open_incidents", open);
        if (open < 0) {
            return Finding.impossible(ReasonCode.NOT_A_NUMBER, "the number of open incidents is " + open, read);
        }
        return severities.isEmpty()
                ? finding(open, incidents(open) + " open", read)
                : ofSeverities(open, current.openIncidentsBySeverity(), read);
    }

    private Finding ofSeverities(
            int open, @Nullable Map<String, Integer> bySeverity, ConditionResult.Reading readOpen) {
        if (bySeverity == null) {
            return Finding.missing(whenMissing, "it is not known of which severities the open incidents are", readOpen);
        }
        var read = new ConditionResult.Reading[] {
            readOpen, reading("current.open_incidents_by_severity", Sentences.shortened(bySeverity.toString()))
        };
        long told = bySeverity.values().stream().mapToLong(Integer::longValue).sum();
        if (told > open || bySeverity.values().stream().anyMatch(count -> count < 0)) {
            return Finding.impossible(
                    ReasonCode.NOT_A_NUMBER,
                    "the numbers of open incidents by severity do not go with " + open + " in all",
                    read);
        }
        int named = severities.stream()
                .mapToInt(severity -> bySeverity.getOrDefault(severity, 0))
                .sum();
        int without = bySeverity.getOrDefault(IncidentSeverities.NONE, 0);
        int untold = open - (int) told;
        String said = incidents(named) + " open of severity " + String.join(" or ", new TreeSet<>(severities));
        if (without > 0) {
            said += ", and " + without + " without a severity";
        }
        if (untold > 0) {
            said += ", and " + untold + " of severities that are not told";
        }
        return finding(named + without + untold, said, read);
    }

    private Finding finding(int counted, String said, ConditionResult.Reading... read) {
        return counted <= mostOpen
                ? Finding.met(said, read)
                : Finding.unmet(said + "; at most " + mostOpen + (mostOpen == 1 ? " is" : " are") + " accepted", read);
    }

    private static String incidents(int count) {
        return count == 0 ? "no incident is" : count == 1 ? "1 incident is" : count + " incidents are";
    }
}
