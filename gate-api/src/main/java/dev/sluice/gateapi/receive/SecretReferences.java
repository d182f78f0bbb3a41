package dev.sluice.gateapi.receive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.gateapi.secrets.SecretReference;
import dev.sluice.gateapi.secrets.SecretVersion;
import dev.sluice.sources.MappingDocument;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the secrets of a connection are: in its document {@code secret_env} or {@code secret_file}; while it is being
 * replaced also {@code secret_env_next} or {@code secret_file_next}.
 *
 * @param current where the one in use is
 * @param next where the one is that is taken too; null where there is none
 */
record SecretReferences(SecretReference current, @Nullable SecretReference next) {
    private static final String ENVIRONMENT = "secret_env";
    private static final String FILE = "secret_file";
    /** What the names of the fields for the next secret end with. */
    private static final String NEXT = "_next";

    /** The names of all fields. */
    static final List<String> FIELDS = List.of(ENVIRONMENT, FILE, ENVIRONMENT + NEXT, FILE + NEXT);

    /**
     * Reads the references.
     *
     * @param connection where the connection's document stands
     * @param problems where to report everything that is wrong
     * @return nothing if there is a problem
     */
    static Optional<SecretReferences> read(Place connection, MappingDocument.Problems problems) {
        var found = new ArrayList<String>();
        MappingDocument.Problems counted = (pointer, message) -> {
            found.add(message);
            problems.add(pointer, message);
        };
        SecretReference current = read(connection, "", counted);
        if (current == null && found.isEmpty()) {
            counted.add(
                    connection.pointer(),
                    "a connection needs secret_env or secret_file: without a secret anybody could send");
        }
        SecretReference next = read(connection, NEXT, counted);
        return current == null || !found.isEmpty()
                ? Optional.empty()
                : Optional.of(new SecretReferences(current, next));
    }

    private static @Nullable SecretReference read(Place connection, String suffix, MappingDocument.Problems problems) {
        String variable = text(connection.at(ENVIRONMENT + suffix), ENVIRONMENT + suffix, problems);
        String file = text(connection.at(FILE + suffix), FILE + suffix, problems);
        if (variable != null && file != null) {
            problems.add(
                    connection.at(FILE + suffix).pointer(),
                    "give " + ENVIRONMENT + suffix + " or " + FILE + suffix + ", not both");
            return null;
        }
        if (variable != null) {
            return new SecretReference(false, variable);
        }
        return file == null ? null : new SecretReference(true, file);
    }

    private static @Nullable String text(Place place, String field, MappingDocument.Problems problems) {
        if (place.isAbsent()) {
            return null;
        }
        try {
            return place.text();
        } catch (Rejection e) {
            problems.add(place.pointer(), field + " must be a text");
            return null;
        }
    }

    /** Writes them into the connection's document. */
    void write(ObjectNode connection) {
        write(connection, current, "");
        if (next != null) {
            write(connection, next, NEXT);
        }
    }

    private static void write(ObjectNode connection, SecretReference reference, String suffix) {
        connection.put(field(reference, suffix), reference.name());
    }

    private static String field(SecretReference reference, String suffix) {
        return (reference.isFile() ? FILE : ENVIRONMENT) + suffix;
    }

    /**
     * Looks the secrets up: the one in use and, where there is one, the next.
     *
     * @param places from where they may be taken
     * @param problems where to report each that cannot be
     * @return nothing if there is a problem
     */
    Optional<List<byte[]>> resolve(SecretPlaces places, MappingDocument.Problems problems) {
        Optional<byte[]> first = resolve(current, "", places, problems);
        if (next == null) {
            return first.map(List::of);
        }
        Optional<byte[]> second = resolve(next, NEXT, places, problems);
        return first.flatMap(one -> second.map(two -> List.of(one, two)));
    }

    /** Returns which versions of the secrets are there now, see {@link SecretPlaces#version}. */
    List<Optional<SecretVersion>> versions(SecretPlaces places) {
        return Stream.concat(Stream.of(current), Stream.ofNullable(next))
                .map(places::version)
                .toList();
    }

    private static Optional<byte[]> resolve(
            SecretReference reference, String suffix, SecretPlaces places, MappingDocument.Problems problems) {
        return places.read(reference, message -> problems.add("/" + field(reference, suffix), message));
    }
}
