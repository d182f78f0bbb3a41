package dev.sluice.gateapi.receive;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.gateapi.secrets.SecretVersion;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All connections: those of the file, and those that the API has set up, as this replica has read them from the log.
 *
 * <p>An id is the path of a webhook and so one for all tenants; the file goes first. Two tenants can take the same id at
 * the same moment in two replicas only; then it is nobody's until one of them gives it up, in all replicas alike.
 *
 * <p>The secrets of those of the API are kept, and a file is read again when another version of it is there; each delivery
 * asks for its attributes.
 */
public final class AllConnections {
    private static final Logger LOGGER = LoggerFactory.getLogger(AllConnections.class);

    private final Connections file;
    private final Views views;
    private final TenantSecrets secrets;
    /** Those of the API that had deliveries, with their secrets, by id. */
    private final Map<String, Resolved> resolved = new ConcurrentHashMap<>();

    /**
     * Creates them.
     *
     * @param file the connections of the file
     * @param views follows what the API has set up
     * @param secrets from where the API may take secrets
     */
    public AllConnections(Connections file, Views views, TenantSecrets secrets) {
        this.file = file;
        this.views = views;
        this.secrets = secrets;
    }

    /**
     * Returns the connection that a webhook's path names.
     *
     * @throws ApiException 503 if that is not known yet, or its secret is not there
     */
    Optional<Connection> find(String id) {
        Optional<Connection> ofFile = file.find(id).map(Connections.Configured::connection);
        if (ofFile.isPresent()) {
            return ofFile;
        }
        requireRead();
        List<Held<Control>> found = ofApi(id);
        if (found.size() != 1) {
            resolved.remove(id);
            return Optional.empty();
        }
        Held<Control> held = found.get(0);
        SecretPlaces places = secrets.of(held.row().tenant());
        Resolved present = resolved.get(id);
        if (present == null || !present.held().equals(held) || !present.hasCurrentSecrets(places)) {
            present = resolve(held, places);
            resolved.put(id, present);
        }
        return Optional.of(present.connection());
    }

    private Resolved resolve(Held<Control> held, SecretPlaces places) {
        var problems = new ArrayList<String>();
        return ConnectionDocument.read(held.row().document(), (pointer, message) -> problems.add(message))
                .flatMap(document -> resolve(held, document, places, problems))
                .orElseThrow(() -> {
                    LOGGER.atError()
                            .addKeyValue("connection", held.row().id())
                            .addKeyValue("problems", problems)
                            .log("connection cannot be used here");
                    return new ApiException(ErrorType.UNAVAILABLE, "the connection cannot be used now; see the log");
                });
    }

    private static Optional<Resolved> resolve(
            Held<Control> held, ConnectionDocument document, SecretPlaces places, List<String> problems) {
        // before they are read: what is written meanwhile is a later version
        List<Optional<SecretVersion>> versions = document.secrets().versions(places);
        return document.secrets()
                .resolve(places, (pointer, message) -> problems.add(message))
                .map(secrets -> document.connection(
                        held.row().id(),
                        held.row().tenant(),
                        secrets,
                        Map.of(RecordHeaders.CONTROL_OFFSET, Long.toString(held.offset()))))
                .map(connection -> new Resolved(held, document.secrets(), versions, connection));
    }

    /** Returns what the API has set up under an id, of all tenants: as a rule one at most. */
    List<Held<Control>> ofApi(String id) {
        return views.controls(Control.CONNECTION, id).toList();
    }

    /** Returns what the API has set up for a tenant, in no order. */
    List<Control> ofApiFor(String tenant) {
        return views.controls(Control.CONNECTION)
                .map(Held::row)
                .filter(control -> control.tenant().equals(tenant))
                .toList();
    }

    /** Returns the connections of the file. */
    Connections ofFile() {
        return file;
    }

    /**
     * Returns normally if this replica knows all connections.
     *
     * @throws ApiException 503 if it has not read them all yet
     */
    void requireRead() {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "the connections have not been read from the log yet");
        }
    }

    private record Resolved(
            Held<Control> held,
            SecretReferences references,
            List<Optional<SecretVersion>> versions,
            Connection connection) {
        boolean hasCurrentSecrets(SecretPlaces places) {
            return references.versions(places).equals(versions);
        }
    }
}
