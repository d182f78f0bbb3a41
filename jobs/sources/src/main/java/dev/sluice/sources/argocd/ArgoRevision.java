package dev.sluice.sources.argocd;

import dev.sluice.sources.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an application is made of: of each of its sources a commit of a repository, or the version of a chart.
 *
 * @param revisions one for each source, in their order
 * @param repositories the repositories of the sources, as far as known
 */
record ArgoRevision(List<String> revisions, List<String> repositories) {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/]*/*(.*)");
    private static final Pattern SCP = Pattern.compile("[^/:]+:/*(.*)");
    /** So much of a commit tells it from others where it is one of several. */
    private static final int SHORT = 12;

    ArgoRevision {
        revisions = List.copyOf(revisions);
        repositories = List.copyOf(repositories);
    }

    /**
     * Reads the revision of a place that names it: of one source in {@code revision} and {@code source}, of several in
     * {@code revisions} and {@code sources}.
     *
     * @param place where it stands
     * @param spec the application's own sources, where the place names none
     */
    static ArgoRevision of(Place place, Place spec) {
        List<String> several = texts(place.at("revisions"));
        String one = place.at("revision").optionalText();
        List<String> revisions = !several.isEmpty() || one == null ? several : List.of(one);
        List<String> repositories = repositories(place);
        return new ArgoRevision(revisions, repositories.isEmpty() ? repositories(spec) : repositories);
    }

    /** Returns whether another one is of the same commits and charts. */
    boolean isSame(ArgoRevision other) {
        return !revisions.isEmpty() && revisions.equals(other.revisions);
    }

    /** Returns the first commit, if there is one. */
    @Nullable
    String commit() {
        int at = indexOfCommit();
        return at < 0 ? null : revisions.get(at);
    }

    /** Returns the repository of the first commit, if known. */
    @Nullable
    String repository() {
        int at = indexOfCommit();
        return at < 0 || at >= repositories.size() ? null : repositories.get(at);
    }

    /** Returns what tells it where its commit alone does not: a chart's version, or all revisions of several sources. */
    @Nullable
    String version() {
        if (revisions.isEmpty() || (revisions.size() == 1 && isCommit(revisions.get(0)))) {
            return null;
        }
        return revisions.stream()
                .map(revision -> isCommit(revision) ? revision.substring(0, SHORT) : revision)
                .collect(Collectors.joining("+"));
    }

    private int indexOfCommit() {
        for (int i = 0; i < revisions.size(); i++) {
            if (isCommit(revisions.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    private static List<String> texts(Place list) {
        List<String> texts = list.optionalTexts();
        return texts == null ? List.of() : texts;
    }

    private static List<String> repositories(Place place) {
        var repositories = new ArrayList<String>();
        Place sources = place.at("sources");
        if (sources.node().isEmpty()) {
            String url = place.at("source").at("repoURL").optionalText();
            return url == null ? List.of() : List.of(repository(url));
        }
        sources.elements()
                .forEach(source ->
                        repositories.add(repository(source.at("repoURL").text())));
        return repositories;
    }

    /** As the forge calls it: {@code owner/name} of {@code https://host/owner/name.git} or {@code git@host:owner/name}. */
    static String repository(String url) {
        var matcher = URL.matcher(url);
        if (!matcher.matches()) {
            matcher = SCP.matcher(url);
        }
        String path = matcher.matches() ? matcher.group(1) : url;
        path = path.replaceAll("/+$", "");
        path = path.toLowerCase(Locale.ROOT).endsWith(".git") ? path.substring(0, path.length() - 4) : path;
        return path.isBlank() ? url : path;
    }
}
