package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A gate's decision as the API gives it.
 *
 * @param decision the document
 */
record GateAnswer(JsonNode decision) {
    /** Asks a gate. */
    static GateAnswer ask(ApiClient api, Question question) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("service", question.service());
        body.put("environment", question.environment());
        ObjectNode artifact = body.putObject("artifact").put("version", question.version());
        if (question.digest() != null) {
            artifact.put("digest", question.digest());
        }
        if (question.commit() != null) {
            artifact.put("commit", question.commit());
        }
        Answer answer = api.post(
                "/v1/gates/" + ApiClient.encode(question.gate()) + "/evaluate",
                "application/json",
                Documents.bytes(body));
        return new GateAnswer(answer.require("asking the gate " + question.gate()));
    }

    boolean isAllowed() {
        return outcome().equals("allow") && decision.path("allowed").asBoolean();
    }

    boolean isDenied() {
        return outcome().equals("deny");
    }

    /** Returns the exit status; whatever is not a plain go, no-go or not yet is a failure. */
    int exitStatus() {
        if (isAllowed()) {
            return ExitStatus.OK;
        }
        return switch (outcome()) {
            case "deny" -> ExitStatus.NO_GO;
            case "pending" -> ExitStatus.NOT_YET;
            default -> ExitStatus.FAILED;
        };
    }

    void print(Console console) {
        String headline = switch (exitStatus()) {
            case ExitStatus.OK -> console.styled("bold,green", "GO");
            case ExitStatus.NO_GO -> console.styled("bold,red", "NO-GO");
            case ExitStatus.NOT_YET -> console.styled("bold,yellow", "NOT YET");
            default -> console.styled("bold,red", "ERROR");
        };
        JsonNode artifact = decision.path("artifact");
        console.out()
                .printf(
                        "%s  %s %s -> %s  (gate %s)%n",
                        headline,
                        Printable.of(decision.path("service")),
                        Printable.of(artifact.path("version")),
                        Printable.of(decision.path("environment")),
                        Printable.of(decision.path("gate")));
        console.out().println("  " + Printable.of(decision.path("reason")));
        for (JsonNode rule : decision.path("rules")) {
            printRule(console, rule);
        }
        console.out().println("  decision " + Printable.of(decision.path("id")));
    }

    private static void printRule(Console console, JsonNode rule) {
        String outcome = rule.path("outcome").asText();
        String mark = switch (outcome) {
            case "allow" -> console.styled("green", "ok  ");
            case "pending" -> console.styled("yellow", "wait");
            default ->
                rule.path("mode").asText().toLowerCase(Locale.ROOT).equals("enforce")
                        ? console.styled("red", "fail")
                        : console.styled("yellow", "warn");
        };
        String policy = Printable.of(rule.path("policy"));
        console.out()
                .printf(
                        "  %s %s%s (%s): %s%n",
                        mark,
                        policy.isEmpty() ? "" : policy + "/",
                        Printable.of(rule.path("rule")),
                        Printable.of(rule.path("mode")),
                        Printable.of(rule.path("reason")));
    }

    private String outcome() {
        return decision.path("decision").asText().toLowerCase(Locale.ROOT);
    }

    /**
     * What a gate is asked.
     *
     * @param gate the gate's name
     * @param service the service
     * @param environment where it shall go
     * @param version what shall go there
     * @param digest the artifact's digest, if known
     * @param commit its commit, if known
     */
    record Question(
            String gate,
            String service,
            String environment,
            String version,
            @Nullable String digest,
            @Nullable String commit) {}
}
