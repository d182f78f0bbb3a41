package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.dora.CurrentRow;
import java.time.Instant;

/**
 * That not too many incidents of the service are open.
 *
 * @param mostOpen how many may be open
 * @param whenMissing the answer where nothing is known of what runs: DENY, PENDING or, if the policy says so, ALLOW
 */
public record IncidentRequirement(int mostOpen, Outcome whenMissing) implements Requirement {
    public IncidentRequirement {
        Requirement.requireNoError(whenMissing);
        if (mostOpen < 0) {
            throw new IllegalArgumentException("mostOpen must not be negative: " + mostOpen);
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
        String said = (open == 0 ? "no incident is" : open == 1 ? "1 incident is" : open + " incidents are") + " open";
        return open <= mostOpen
                ? Finding.met(said, read)
                : Finding.unmet(said + "; at most " + mostOpen + (mostOpen == 1 ? " is" : " are") + " accepted", read);
    }
}
