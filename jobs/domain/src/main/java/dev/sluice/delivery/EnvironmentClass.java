package dev.sluice.delivery;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What an environment is for. Several environments may be of one class; each keeps its own name. */
public enum EnvironmentClass {
    /** Its users are the service's users. */
    PRODUCTION,
    /** The last stage before them. */
    STAGING,
    /** For tests. */
    TEST,
    /** Anything else. */
    OTHER;

    private static final Pattern WORD = Pattern.compile("\\p{L}+");
    private static final Pattern BESIDE_PRODUCTION = Pattern.compile("(pre|non)(prod|production|live)");
    private static final Set<String> TEST_WORDS =
            Set.of("test", "testing", "qa", "dev", "development", "review", "preview");
    private static final Set<String> STAGING_WORDS = Set.of("pre", "non", "not", "stag", "stage", "staging", "uat");
    private static final Set<String> PRODUCTION_WORDS = Set.of("prod", "production", "live");

    /**
     * Returns the class that the words of an environment's name tell, where nobody has assigned one. What is before or beside
     * production never is production.
     */
    public static EnvironmentClass ofName(String environment) {
        var words = new HashSet<String>();
        WORD.matcher(environment.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .forEach(words::add);
        if (words.stream().anyMatch(TEST_WORDS::contains)) {
            return TEST;
        }
        if (words.stream()
                .anyMatch(word -> STAGING_WORDS.contains(word)
                        || BESIDE_PRODUCTION.matcher(word).matches())) {
            return STAGING;
        }
        return words.stream().anyMatch(PRODUCTION_WORDS::contains) ? PRODUCTION : OTHER;
    }
}
