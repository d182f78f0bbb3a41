package dev.sluice.gateapi.secrets;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.sources.MappingDocument;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the secrets of something are that was set up, such as a connection: in its document {@code secret_env} or {@code secret_file}; while it is being
 * replaced also {@code secret_env_next} or {@code secret_file_next}.
 *
 * @param current where the one in use is
 * @param next where the one is that is taken too; null where there is none
 */
public record SecretReferences(
        SecretReference current, @Nullable SecretReference next) {
    private static final String ENVIRONMENT = "secret_env";
    private static final String FILE = "secret_file";
    /** What the names of the fields for the next secret end with. */
    private static final String NEXT = "_next";

    /** The names of all fields. */
    public static final List<String> FIELDS = List.of(ENVIRONMENT, FILE, ENVIRONMENT + NEXT, FILE + NEXT);

    /**
     * Reads the references.
     *
     * @param document where it stands
     * @param needed what is told where there is none
     * @param problems where to report everything that is wrong
     * @return nothing if there is a problem
     */
    public static Optional<SecretReferences> read(Place document, String needed, MappingDocument.Problems problems) {
        var found = new ArrayList<String>();
        MappingDocument.Problems counted = (pointer, message) -> {
            found.add(message);
            problems.add(pointer, message);
        };
        SecretReference current = reference(document, "", counted);
        if (current == null && found.isEmpty()) {
            counted.add(document.pointer(), needed);
        }
        SecretReference next = reference(document, NEXT, counted);
        return current == null || !found.isEmpty()
                ? Optional.empty()
                : Optional.of(new SecretReferences(current, next));
    }

    private static @Nullable SecretReference reference(
            Place document, String suffix, MappingDocument.Problems problems) {
        String variable = text(document.at(ENVIRONMENT + suffix), ENVIRONMENT + suffix, problems);
        String file = text(document.at(FILE + suffix), FILE + suffix, problems);
        if (variable != null && file != null) {
            problems.add(
                    document.at(FILE + suffix).pointer(),
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

    /** Writes them into the document. */
    public void write(ObjectNode document) {
        write(document, current, "");
        if (next != null) {
            write(document, next, NEXT);
        }
    }

    private static void write(ObjectNode document, SecretReference reference, String suffix) {
        document.put(field(reference, suffix), reference.name());
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
    public Optional<List<byte[]>> resolve(SecretPlaces places, MappingDocument.Problems problems) {
        Optional<byte[]> first = resolve(current, "", places, problems);
        if (next == null) {
            return first.map(List::of);
        }
        Optional<byte[]> second = resolve(next, NEXT, places, problems);
        return first.flatMap(one -> second.map(two -> List.of(one, two)));
    }

    /** Returns which versions of the secrets are there now, see {@link SecretPlaces#version}. */
    public List<Optional<SecretVersion>> versions(SecretPlaces places) {
        return Stream.concat(Stream.of(current), Stream.ofNullable(next))
                .map(places::version)
                .toList();
    }

    private static Optional<byte[]> resolve(
            SecretReference reference, String suffix, SecretPlaces places, MappingDocument.Problems problems) {
        return places.read(reference, message -> problems.add("/" + field(reference, suffix), message));
    }
}
