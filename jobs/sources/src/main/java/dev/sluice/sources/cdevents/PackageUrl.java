package dev.sluice.sources.cdevents;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a package URL says of an artifact, e.g. {@code pkg:oci/checkout@sha256%3A9f86…?tag=2.4.1}. A text that is no
 * package URL is taken as the version: it still tells one artifact from another.
 *
 * @param version the version, as its users call it
 * @param repository the repository that the artifact was made from, where the type says it
 * @param sha the commit that the artifact was made from, where the version is one
 * @param digest the artifact's digest, e.g. {@code sha256:…}
 * @see <a href="https://github.com/package-url/purl-spec">the specification</a>
 */
record PackageUrl(
        @Nullable String version,
        @Nullable String repository,
        @Nullable String sha,
        @Nullable String digest) {
    /** Says nothing. */
    static final PackageUrl NOTHING = new PackageUrl(null, null, null, null);

    private static final String SCHEME = "pkg:";
    /** Types whose namespace and name are a repository, and whose version may be a commit. */
    private static final Set<String> REPOSITORY_TYPES = Set.of("github", "gitlab", "bitbucket");

    private static final Pattern DIGEST = Pattern.compile("(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})");
    private static final Pattern SHA = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    static PackageUrl parse(String text) {
        if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new PackageUrl(text, null, null, null);
        }
        String rest = before(text.substring(SCHEME.length()), '#');
        int query = rest.indexOf('?');
        String tag = query < 0 ? null : qualifier(rest.substring(query + 1), "tag");
        rest = strip(query < 0 ? rest : rest.substring(0, query));
        int typeEnd = rest.indexOf('/');
        if (typeEnd <= 0) {
            return new PackageUrl(text, null, null, null);
        }
        String type = rest.substring(0, typeEnd).toLowerCase(Locale.ROOT);
        String path = strip(rest.substring(typeEnd + 1));
        int at = path.lastIndexOf('@');
        String stated = at <= 0 ? null : presence(decode(path.substring(at + 1)));
        String name = decode(at <= 0 ? path : path.substring(0, at));
        if (REPOSITORY_TYPES.contains(type)) {
            boolean commit = stated != null && SHA.matcher(stated).matches();
            return new PackageUrl(commit ? tag : stated, presence(name), commit ? stated : null, null);
        }
        if (stated != null && DIGEST.matcher(stated).matches()) {
            return new PackageUrl(tag, null, null, stated);
        }
        return new PackageUrl(stated == null ? tag : stated, null, null, null);
    }

    private static @Nullable String qualifier(String query, String key) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(key + "=")) {
                return presence(decode(pair.substring(key.length() + 1)));
            }
        }
        return null;
    }

    private static String before(String text, char end) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String strip(String path) {
        int start = 0;
        int end = path.length();
        while (start < end && path.charAt(start) == '/') {
            start++;
        }
        while (end > start && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(start, end);
    }

    private static @Nullable String presence(String text) {
        return text.isBlank() ? null : text;
    }

    /** Percent-decoding; a plus sign is itself, and what is wrongly escaped stays as it is. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
