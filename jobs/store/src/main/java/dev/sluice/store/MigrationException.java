package dev.sluice.store;

/** The database and the migrations of this build do not fit together; names the file and both checksums. */
public final class MigrationException extends RuntimeException {
    MigrationException(String message) {
        super(message);
    }
}
