package dev.sluice.gateapi.callers.asked;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of a repository is asked about.
 *
 * @param sha the commit; null where that is not known
 * @param ref the branch or tag; null where that is not known
 */
public record Revision(@Nullable String sha, @Nullable String ref) {
    private static final Pattern SHA = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");
    private static final int LONGEST_REF = 255;
    private static final String SHA_FACT = "sha";
    private static final String REF_FACT = "ref";

    /** Reads what a server says: what is no id of a commit and no name of a branch or tag is not known. */
    public static Revision read(JsonNode sha, JsonNode ref) {
        return new Revision(
                Optional.ofNullable(sha.textValue()).flatMap(Revision::sha).orElse(null),
                Optional.ofNullable(ref.textValue())
                        .filter(name -> !name.isBlank() && name.length() <= LONGEST_REF)
                        .orElse(null));
    }

    /** Returns what a question has kept of it, by {@link #facts}. */
    public static Revision of(Map<String, String> facts) {
        return new Revision(known(facts, SHA_FACT), known(facts, REF_FACT));
    }

    private static @Nullable String known(Map<String, String> facts, String name) {
        String fact = facts.getOrDefault(name, "");
        return fact.isEmpty() ? null : fact;
    }

    /** Returns it as a question keeps it: the commit as {@code sha}, the branch or tag as {@code ref}; empty where it is not known. */
    public Map<String, String> facts() {
        return Map.of(SHA_FACT, sha == null ? "" : sha, REF_FACT, ref == null ? "" : ref);
    }

    /** Returns a text if it is the id of a commit. */
    public static Optional<String> sha(String text) {
        return Optional.of(text).filter(SHA.asMatchPredicate());
    }

    /**
     * Returns the version that a gate is asked about.
     *
     * @param of what is the version; null for nothing
     */
    public @Nullable String version(@Nullable VersionOf of) {
        return of == null ? null : of == VersionOf.SHA ? sha : ref;
    }
}
