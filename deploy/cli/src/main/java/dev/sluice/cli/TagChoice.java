package dev.sluice.cli;

import java.util.regex.Pattern;
import org.eclipse.jgit.errors.InvalidPatternException;
import org.eclipse.jgit.fnmatch.FileNameMatcher;
import org.jspecify.annotations.Nullable;

/**
 * Which tags are releases.
 *
 * @param glob what a tag's name must match; null for every name with a digit: moving tags such as {@code stable} have
 *     none
 * @param preReleases whether release candidates, betas and their like are releases too
 */
record TagChoice(@Nullable String glob, boolean preReleases) {
    /** A word that says so, on its own or followed by a number: 1.0-rc1, 2.0.0.ALPHA0, 3.0.0-beta.4, 4.0-M2. */
    private static final Pattern PRE_RELEASE = Pattern.compile(
            "(?<![a-z])(?:alpha|beta|rc|cr|pre|preview|snapshot|nightly|canary|dev|ea|m(?=\\d)|milestone)(?![a-z])",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern DIGIT = Pattern.compile("\\d");

    TagChoice {
        if (glob != null) {
            matcher(glob);
        }
    }

    boolean includes(String tag) {
        return matches(tag) && (preReleases || !isPreRelease(tag));
    }

    /** Returns whether only its being a pre-release keeps a tag out. */
    boolean leavesOutAsPreRelease(String tag) {
        return matches(tag) && !preReleases && isPreRelease(tag);
    }

    static boolean isPreRelease(String tag) {
        return PRE_RELEASE.matcher(tag).find();
    }

    private boolean matches(String tag) {
        if (glob == null) {
            return DIGIT.matcher(tag).find();
        }
        FileNameMatcher matcher = matcher(glob);
        matcher.append(tag);
        return matcher.isMatch();
    }

    private static FileNameMatcher matcher(String glob) {
        try {
            return new FileNameMatcher(glob, null);
        } catch (InvalidPatternException e) {
            throw new IllegalArgumentException("not a pattern of tag names: " + glob, e);
        }
    }
}
