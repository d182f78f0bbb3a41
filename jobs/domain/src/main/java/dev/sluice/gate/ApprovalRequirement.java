package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.gate.Evidence.Approval;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * That enough people approve of the artifact. Each counts once, by the newest that they have said. It does not count what its author says,
 * or who asks, or what was said of another artifact, or before what there was to see became another.
 *
 * @param least how many
 * @param roles of which each must have one; empty for anybody who may approve
 * @param whenMissing the answer as long as there are not enough: PENDING or DENY
 */
public record ApprovalRequirement(int least, Set<String> roles, Outcome whenMissing) implements Requirement {
    public ApprovalRequirement {
        roles = Set.copyOf(roles);
        if (least < 1) {
            throw new IllegalArgumentException("least must be positive: " + least);
        }
        if (whenMissing != Outcome.DENY && whenMissing != Outcome.PENDING) {
            throw new IllegalArgumentException("whenMissing must be DENY or PENDING: " + whenMissing);
        }
    }

    @Override
    public String kind() {
        return "approvals";
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        List<Approval> said = input.evidence().approvals().stream()
                .filter(approval -> approval.subject().isAbout(input.artifact()) && now.isBefore(approval.expires()))
                .toList();
        Map<String, Approval> newest = new HashMap<>();
        said.forEach(approval -> newest.merge(
                approval.owner(), approval, (one, other) -> other.at().isBefore(one.at()) ? one : other));
        var rejecting = new TreeSet<String>();
        var approving = new TreeSet<String>();
        int outdated = 0;
        for (Approval approval : newest.values()) {
            if (!approval.approves()) {
                rejecting.add(approval.owner());
            } else if (counts(approval, input)) {
                if (approval.basis().equals(approval.basisNow())) {
                    approving.add(approval.owner());
                } else {
                    outdated++;
                }
            }
        }
        return finding(approving, rejecting, outdated);
    }

    private boolean counts(Approval approval, EvaluationInput input) {
        return !approval.author()
                && !approval.owner().equals(input.evidence().asker())
                && (roles.isEmpty() || approval.roles().stream().anyMatch(roles::contains));
    }

    private Finding finding(Set<String> approving, Set<String> rejecting, int outdated) {
        var read = new ConditionResult.Reading[] {
            reading("approvals.by", String.join(", ", approving)),
            reading("approvals.rejected_by", String.join(", ", rejecting)),
            reading("approvals.void", outdated)
        };
        if (!rejecting.isEmpty()) {
            return Finding.unmet("rejected by " + String.join(", ", rejecting), read);
        }
        String who = roles.isEmpty() ? "" : " by " + String.join(" or ", new TreeSet<>(roles));
        String count = approving.size() + " of " + least + (least == 1 ? " approval" : " approvals") + who;
        if (approving.size() >= least) {
            return Finding.met(count + ": " + String.join(", ", approving), read);
        }
        String why = count
                + (outdated == 0 ? "" : "; " + outdated + " more do not count: what there is to see has changed since");
        return whenMissing == Outcome.PENDING
                ? Finding.waiting(why, read)
                : new Finding(Outcome.DENY, ReasonCode.NO_DATA, why, List.of(read));
    }
}
