package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.gate.Evidence.ExternalAnswer;
import java.time.Instant;
import java.util.Optional;

/**
 * That another service, which is asked for each decision, does not object.
 *
 * @param endpoint name of whom is asked
 * @param path what is asked, e.g. {@code deploy/allow}: of Open Policy Agent the path of the document
 * @param whenMissing the answer where there is none: DENY or PENDING
 */
public record ExternalRequirement(String endpoint, String path, Outcome whenMissing) implements Requirement {
    public ExternalRequirement {
        if (endpoint.isBlank() || path.isBlank()) {
            throw new IllegalArgumentException("endpoint and path must not be empty");
        }
        if (whenMissing != Outcome.DENY && whenMissing != Outcome.PENDING) {
            throw new IllegalArgumentException("whenMissing must be DENY or PENDING");
        }
    }

    @Override
    public String kind() {
        return "external";
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        Optional<ExternalAnswer> found = input.evidence().external().stream()
                .filter(answer ->
                        answer.endpoint().equals(endpoint) && answer.path().equals(path))
                .findFirst();
        String who = endpoint + " " + path;
        if (found.isEmpty()) {
            return Finding.missing(whenMissing, who + " was not asked");
        }
        ExternalAnswer answer = found.get();
        var read = new ConditionResult.Reading[] {
            reading("external.meaning", answer.meaning()), reading("external.reason", answer.reason())
        };
        String said = who + (answer.reason().isEmpty() ? "" : ": " + answer.reason());
        return switch (answer.meaning()) {
            case ALLOWED -> Finding.met(said, read);
            case REFUSED -> Finding.unmet(said, read);
            case UNDEFINED, UNREACHABLE -> Finding.missing(whenMissing, said, read);
            case UNREADABLE -> Finding.impossible(ReasonCode.RULE_ERROR, said, read);
        };
    }
}
