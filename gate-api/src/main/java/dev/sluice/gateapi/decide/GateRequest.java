package dev.sluice.gateapi.decide;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A question to a gate.
 *
 * @param gate the gate's name
 * @param service which service
 * @param environment where it would go
 * @param artifact what would go there; the decision holds for nothing else
 */
record GateRequest(
        String gate,
        String service,
        String environment,
        @Nullable Artifact artifact) {
    /** The field that names the endpoint which is told what becomes of a pending decision. */
    static final String CALLBACK = "callback";

    /** The form of the name of a gate. */
    static final Pattern GATE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /**
     * Reads a question strictly.
     *
     * @throws ApiException with a pointer to each thing that is wrong
     */
    static GateRequest read(String gate, JsonNode body) {
        if (!GATE.matcher(gate).matches()) {
            throw new ApiException(
                    ErrorType.BAD_REQUEST, "the name of a gate is made of letters, digits, dots and dashes");
        }
        var fields = new RequestFields(body);
        String service = fields.required("service");
        String environment = fields.required("environment");
        @Nullable Artifact artifact = fields.artifact();
        var unused = fields.optional(CALLBACK);
        fields.requireValid("service", "environment", "artifact", CALLBACK);
        return new GateRequest(gate, requireNonNull(service), requireNonNull(environment), artifact);
    }

    /**
     * What would be deployed, as far as the caller says.
     *
     * @param version as its users call it
     * @param digest of its content
     * @param commit that it was built from
     */
    record Artifact(
            @Nullable String version,
            @Nullable String digest,
            @Nullable String commit) {}
}
