package dev.sluice.gateapi.receive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.MappingDocument;
import dev.sluice.sources.Place;
import dev.sluice.sources.registry.Webhooks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is configured of a connection beside its id and tenant: an entry of the file of connections, or the same as JSON.
 *
 * @param sender what kind of system sends
 * @param mapping how its names become Sluice's
 * @param secrets where its secrets are
 */
record ConnectionDocument(Webhooks.Sender sender, ConnectionMapping mapping, SecretReferences secrets) {
    static final String SECRET_NEEDED =
            "a connection needs secret_env or secret_file: without a secret anybody could send";
    private static final String SOURCE = "source";

    /** What a source must be, for the message. */
    static final String SOURCE_EXPECTED = "a known source (" + String.join(", ", Webhooks.names()) + ")";

    /**
     * Reads a document of the API.
     *
     * @param document where it stands
     * @param problems where to report everything that is wrong
     * @return nothing if there is a problem
     */
    static Optional<ConnectionDocument> read(JsonNode document, MappingDocument.Problems problems) {
        if (!document.isObject()) {
            problems.add("", "a connection must be an object");
            return Optional.empty();
        }
        var place = new Place(document, "");
        boolean known = rejectUnknownFields(place, problems);
        Webhooks.Sender sender = sender(place.at(SOURCE), problems);
        ObjectNode fields = document.<ObjectNode>deepCopy().retain(MappingDocument.fields());
        Optional<ConnectionMapping> mapping =
                MappingDocument.read(new Place(fields, ""), sender == null ? null : sender.options(), problems);
        Optional<SecretReferences> secrets = SecretReferences.read(place, SECRET_NEEDED, problems);
        if (!known || sender == null) {
            return Optional.empty();
        }
        return mapping.flatMap(names -> secrets.map(where -> new ConnectionDocument(sender, names, where)));
    }

    private static boolean rejectUnknownFields(Place document, MappingDocument.Problems problems) {
        var known = new ArrayList<>(List.of(SOURCE));
        known.addAll(SecretReferences.FIELDS);
        known.addAll(MappingDocument.fields());
        var unknown = new ArrayList<String>();
        document.node().fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(known);
        unknown.forEach(name -> problems.add(
                document.at(name).pointer(), "unknown field " + name + "; known are " + String.join(", ", known)));
        return unknown.isEmpty();
    }

    private static Webhooks.@Nullable Sender sender(Place source, MappingDocument.Problems problems) {
        Optional<Webhooks.Sender> sender = Webhooks.find(source.node().asText());
        if (source.isAbsent()) {
            problems.add(source.pointer(), "field " + SOURCE + " is missing");
        } else if (sender.isEmpty()) {
            problems.add(source.pointer(), SOURCE + " must be " + SOURCE_EXPECTED);
        }
        return sender.orElse(null);
    }

    /** Returns this as JSON; equal ones give equal text. */
    ObjectNode json() {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put(SOURCE, sender.source());
        secrets.write(document);
        document.setAll(MappingDocument.write(mapping));
        return document;
    }

    /**
     * Returns the connection that this sets up.
     *
     * @param id its id
     * @param tenant whose it is
     * @param values the secrets themselves
     * @param headers what its deliveries carry beside their own
     */
    Connection connection(String id, String tenant, List<byte[]> values, Map<String, String> headers) {
        return new Connection(id, sender.of(mapping), tenant, values, headers);
    }
}
