package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the API answered.
 *
 * @param status HTTP status
 * @param json the document; a missing node where there is none
 */
record Answer(int status, JsonNode json) {
    private static final int FIRST_ERROR = 400;

    boolean isError() {
        return status >= FIRST_ERROR;
    }

    /**
     * Returns the document of a good answer.
     *
     * @param request what was asked, for the sentence that says it failed
     * @throws CommandFailedException if the answer is an error
     */
    JsonNode require(String request) {
        if (isError()) {
            throw new CommandFailedException(request + " failed: " + problem());
        }
        return json;
    }

    /** Returns an RFC 9457 problem as sentences. A detail that only repeats the first of its errors is left out. */
    String problem() {
        var text = new StringBuilder();
        text.append(json.path("title").asText("HTTP status " + status));
        JsonNode errors = json.path("errors");
        String first = errors.path(0).path("detail").asText();
        if (first.isEmpty() || !json.path("detail").asText().endsWith(first)) {
            append(text, json.path("detail"), json.path("pointer"));
        }
        for (JsonNode error : errors) {
            append(text, error.path("detail"), error.path("pointer"));
        }
        for (JsonNode missing : json.path("missing")) {
            text.append("\n  ").append(missing.asText());
        }
        JsonNode instance = json.path("instance");
        if (instance.isTextual()) {
            text.append(" [").append(instance.textValue()).append(']');
        }
        return text.toString();
    }

    private static void append(StringBuilder text, JsonNode detail, JsonNode pointer) {
        if (!detail.isTextual() && !pointer.isTextual()) {
            return;
        }
        text.append(text.indexOf("\n") < 0 && !pointer.isTextual() ? ": " : "\n  ");
        if (pointer.isTextual()) {
            text.append("at ").append(pointer.textValue()).append(": ");
        }
        text.append(detail.asText("is wrong"));
    }
}
