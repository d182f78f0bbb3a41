package dev.sluice.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One migration file.
 *
 * @param number its place in the order, from 1
 * @param file its name, {@code 0001_what_it_does.sql}
 * @param checksum SHA-256 of the normalised text, in hexadecimal
 * @param statements what to run
 */
record Migration(int number, String file, String checksum, List<String> statements) {
    private static final Pattern FILE = Pattern.compile("(\\d{4})_[a-z0-9_]+\\.sql");

    Migration {
        statements = List.copyOf(statements);
    }

    /**
     * Reads a migration.
     *
     * @throws MigrationException if the name or the text is not that of a migration
     */
    static Migration of(String file, String text) {
        Matcher name = FILE.matcher(file);
        if (!name.matches()) {
            throw new MigrationException("migration " + file + " is not named like 0001_what_it_does.sql");
        }
        try {
            return new Migration(
                    Integer.parseInt(name.group(1)),
                    file,
                    sha256(SqlScript.normalised(text)),
                    SqlScript.statements(text));
        } catch (IllegalArgumentException e) {
            throw new MigrationException("migration " + file + ": " + e.getMessage());
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
