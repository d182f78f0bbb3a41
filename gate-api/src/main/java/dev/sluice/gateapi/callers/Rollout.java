package dev.sluice.gateapi.callers;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.wire.Sha256;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One rollout of one revision, as its controller names it. The ids of its canary runs follow from that, so that nobody has to
 * hand an id on: of a revision that is rolled out again, after the run before has ended, they differ in their last number.
 *
 * @param controller what kind of controller rolls out, in small letters
 * @param namespace the namespace of what it rolls out
 * @param name its name there
 * @param revision what tells this revision from those before
 */
public record Rollout(String controller, String namespace, String name, String revision) {
    /** The controller of Argo Rollouts. */
    public static final String ARGO = "argo";
    /** Flagger. */
    public static final String FLAGGER = "flagger";

    private static final int NAME_LENGTH = 20;
    /** Of 48 bits: among the thousands of rollouts of a tenant no two are alike by chance. */
    private static final int HASH_LENGTH = 12;

    private static final Pattern ATTEMPT = Pattern.compile("([1-9][0-9]{0,2})-.*");
    /** More than anybody tries one revision; an id has room for it. */
    private static final int MOST_ATTEMPTS = 999;

    /** Returns what the ids of all runs of what is rolled out begin with, and no others, whatever the revision. */
    public String prefix() {
        return controller + "-" + hash(namespace + "/" + name) + "-";
    }

    private String prefixOfRevision() {
        return prefix() + hash(revision) + "-";
    }

    /**
     * Returns the id of the run of an attempt, from 1, to roll the revision out. The name at its end is for people.
     *
     * @throws ApiException 409 if there were too many
     */
    String id(int attempt) {
        if (attempt > MOST_ATTEMPTS) {
            throw new ApiException(ErrorType.CONFLICT, "the revision was rolled out " + MOST_ATTEMPTS + " times");
        }
        String readable = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
        return prefixOfRevision() + attempt + "-" + readable.substring(0, Math.min(readable.length(), NAME_LENGTH));
    }

    /** Returns which attempt a run is; nothing if it is none of this rollout. */
    Optional<Integer> attempt(String id) {
        String prefix = prefixOfRevision();
        return Optional.of(id)
                .filter(given -> given.startsWith(prefix))
                .map(given -> ATTEMPT.matcher(given.substring(prefix.length())))
                .filter(Matcher::matches)
                .map(number -> Integer.valueOf(number.group(1)));
    }

    private static String hash(String text) {
        return Sha256.hex(text).substring(0, HASH_LENGTH);
    }
}
