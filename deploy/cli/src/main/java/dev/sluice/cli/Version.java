package dev.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code sluice --version} prints: the version, and the commit where it is known. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String commit = System.getProperty(SystemProperties.COMMIT, "");
        return new String[] {"Sluice " + version() + (commit.isEmpty() ? "" : " (commit " + commit + ")")};
    }

    private static String version() {
        try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
            var properties = new Properties();
            properties.load(file);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
