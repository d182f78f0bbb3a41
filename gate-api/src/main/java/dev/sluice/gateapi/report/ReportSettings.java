package dev.sluice.gateapi.report;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import dev.sluice.gateapi.report.digest.Digests;
import dev.sluice.gateapi.report.dora.Levels;
import dev.sluice.gateapi.secrets.SecretPlaces;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What delivery reports show, and to whom they are sent.
 *
 * @param levels the levels that are shown
 * @param url where people reach the API; null if that is not known
 * @param digests the reports that are sent on a schedule
 */
public record ReportSettings(Levels levels, @Nullable URI url, Digests digests) {
    /** Neither levels nor digests: what holds where there is no file. */
    public static ReportSettings none() {
        return new ReportSettings(Levels.none(), null, Digests.none());
    }

    /**
     * Reads a file.
     *
     * @param file the file; paths in it are relative to its directory
     * @param content its text
     * @param environment environment variables, for secrets
     * @param problems where to report
     */
    public static ReportSettings read(Path file, String content, Map<String, String> environment, Problems problems) {
        return YamlMapping.read(String.valueOf(file.getFileName()), content, problems)
                .map(root -> {
                    var settings = new ReportSettings(
                            Levels.read(root),
                            root.optional("url", ReportSettings::url, "an http or https URL")
                                    .orElse(null),
                            Digests.read(root, file, SecretPlaces.ofFile(file, environment), problems));
                    root.rejectUnknownFields();
                    return settings;
                })
                .orElseGet(ReportSettings::none);
    }

    private static Optional<URI> url(String text) {
        try {
            var url = new URI(text);
            boolean isWeb = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            return isWeb && url.getHost() != null && url.getQuery() == null && url.getFragment() == null
                    ? Optional.of(url)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
