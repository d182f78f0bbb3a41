package dev.sluice.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of a repository as its host spells it, {@code owner/name}, read from the address it was cloned from. */
final class RepositoryName {
    /** {@code https://user:password@host:port/owner/name.git}, any scheme but file. */
    private static final Pattern URL = Pattern.compile("(?!file:)[a-zA-Z][a-zA-Z0-9+.-]*://[^/]+/+(.+)");
    /** {@code git@host:owner/name.git}. */
    private static final Pattern SCP = Pattern.compile("(?:[^/@]+@)?[^/:]{2,}:(?!//)/*(.+)");

    private RepositoryName() {}

    /** Returns the name; empty where the address is a place on this machine, which has no owner. */
    static Optional<String> of(String address) {
        for (Pattern pattern : new Pattern[] {URL, SCP}) {
            Matcher matcher = pattern.matcher(address.strip());
            if (matcher.matches()) {
                String name = matcher.group(1)
                        .replaceFirst("[?#].*$", "")
                        .replaceFirst("/+$", "")
                        .replaceFirst("\\.git$", "");
                return name.isEmpty() ? Optional.empty() : Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** Returns the last part of a name. */
    static String last(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
