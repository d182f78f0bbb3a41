package dev.sluice.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What git itself writes into a message about other commits. */
final class CommitMessage {
    /** {@code git revert}; a revert of a merge goes on with "reversing changes made to". */
    private static final Pattern REVERT = Pattern.compile("\\bThis reverts commit ([0-9a-fA-F]{7,64})\\b");
    /** {@code git cherry-pick -x}. */
    private static final Pattern CHERRY_PICK = Pattern.compile("\\(cherry picked from commit ([0-9a-fA-F]{7,64})\\)");

    private CommitMessage() {}

    /** Returns the ids of the commits that are reverted, in order, each once, as they are written. */
    static List<String> reverts(String message) {
        return List.copyOf(new LinkedHashSet<>(ids(REVERT, message)));
    }

    /**
     * Returns the ids of the commits that were copied, the newest copy last: each further cherry-pick adds a line below
     * the others.
     */
    static List<String> cherryPicks(String message) {
        return ids(CHERRY_PICK, message);
    }

    private static List<String> ids(Pattern pattern, String message) {
        var ids = new ArrayList<String>();
        Matcher matcher = pattern.matcher(message);
        while (matcher.find()) {
            ids.add(matcher.group(1).toLowerCase(Locale.ROOT));
        }
        return ids;
    }
}
