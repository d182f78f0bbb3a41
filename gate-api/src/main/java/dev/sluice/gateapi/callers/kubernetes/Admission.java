package dev.sluice.gateapi.callers.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is answered to a question.
 *
 * @param outcome in one word, for the audit log of the cluster
 * @param allowed whether the object may be admitted
 * @param code the HTTP status that the cluster answers with where it is not
 * @param message why
 * @param warnings what the person who asks the cluster is shown
 * @param decisions ids of the decisions that it rests on
 */
record Admission(
        String outcome, boolean allowed, int code, String message, List<String> warnings, List<String> decisions) {
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;
    private static final int MOST_OF_WARNING = 120;
    private static final int MOST_OF_MESSAGE = 1_000;

    Admission {
        message = line(message, MOST_OF_MESSAGE);
        warnings =
                warnings.stream().map(warning -> line(warning, MOST_OF_WARNING)).toList();
        decisions = List.copyOf(decisions);
    }

    static Admission allowed(String outcome, String message) {
        return new Admission(outcome, true, OK, message, List.of(), List.of());
    }

    static Admission denied(String message) {
        return new Admission("denied", false, FORBIDDEN, message, List.of(), List.of());
    }

    /** A denial since no decision is known; there may be one in a moment. */
    static Admission undecided(String message) {
        return new Admission("undecided", false, FORBIDDEN, message, List.of(), List.of());
    }

    static Admission unavailable(String message) {
        return new Admission("unavailable", false, UNAVAILABLE, message, List.of(), List.of());
    }

    boolean isUndecided() {
        return outcome.equals("undecided");
    }

    /** Returns the answer to a question. */
    ObjectNode json(String uid) {
        ObjectNode review = Json.mapper()
                .createObjectNode()
                .put("apiVersion", AdmissionReview.API_VERSION)
                .put("kind", AdmissionReview.KIND);
        ObjectNode response = review.putObject("response").put("uid", uid).put("allowed", allowed);
        response.putObject("status").put("code", code).put("message", message);
        if (!warnings.isEmpty()) {
            response.set("warnings", Json.mapper().valueToTree(warnings));
        }
        Map<String, String> annotations = new TreeMap<>(Map.of("outcome", outcome, "reason", message));
        if (!decisions.isEmpty()) {
            annotations.put("decisions", String.join(",", decisions));
        }
        response.set("auditAnnotations", Json.mapper().valueToTree(annotations));
        return review;
    }

    /** Names in it are others': it is one line, and not endless. */
    private static String line(String text, int most) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u0080-\\u009f\\u2028\\u2029]", " ");
        return line.length() <= most ? line : line.substring(0, most - 1) + "…";
    }
}
