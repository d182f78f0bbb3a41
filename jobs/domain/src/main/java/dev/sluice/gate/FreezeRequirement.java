package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.gate.Evidence.Freeze;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** That no freeze is in force. Where none was ever set up there is none: the age of what is known tells whether that can be believed. */
public record FreezeRequirement() implements Requirement {
    @Override
    public String kind() {
        return "freeze";
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        List<Freeze> freezes = input.evidence().freezes().stream()
                .filter(freeze -> freeze.until() == null || now.isBefore(freeze.until()))
                .sorted(Comparator.comparing(Freeze::name))
                .toList();
        if (freezes.isEmpty()) {
            return Finding.met("no freeze is in force", reading("freezes", ""));
        }
        Freeze first = freezes.get(0);
        String until = first.until() == null ? "" : " until " + first.until();
        return Finding.unmet(
                "frozen by " + first.name() + until + ": " + first.reason()
                        + (freezes.size() > 1 ? " (and by " + (freezes.size() - 1) + " more)" : ""),
                reading(
                        "freezes",
                        String.join(", ", freezes.stream().map(Freeze::name).toList())));
    }
}
