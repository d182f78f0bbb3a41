package dev.sluice.gateapi.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.Members;
import dev.sluice.wire.Control;
import java.util.Optional;

/** How documents of one kind are read, shown, and let come and go. */
@FunctionalInterface
public interface SetupForm {
    /**
     * Reads the body of a request.
     *
     * @param tenant whose it is to be
     * @param body the body, which this is told of all that is wrong
     * @param json the same
     * @return the document as it is kept; nothing if something is wrong
     */
    Optional<ObjectNode> read(String tenant, Members body, JsonNode json);

    /** Returns a document that was set up as answers show it: as it is kept, unless somebody may not see all of it. */
    default JsonNode shown(Control control) {
        return control.document();
    }

    /**
     * Lets a document be set up.
     *
     * @param tenant whose it is to be
     * @param name its name
     * @throws ApiException if it may not be
     */
    default void requireFree(String tenant, String name) {}

    /**
     * Lets a document be deleted.
     *
     * @param tenant whose it is
     * @param name its name
     * @throws ApiException if it may not be
     */
    default void requireUnused(String tenant, String name) {}
}
