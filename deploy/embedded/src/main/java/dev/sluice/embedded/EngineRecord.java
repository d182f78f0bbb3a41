package dev.sluice.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Which engine wrote a directory, kept in {@code engine.properties} in it. ClickHouse promises to read what older releases
 * wrote, not what newer ones did; and the two kinds of engines lay out their own databases differently.
 *
 * @param kind the kind of the engine that wrote first
 * @param version the version that ran last; null before one has answered
 */
record EngineRecord(ClickHouseEngine.Kind kind, @Nullable ClickHouseVersion version) {
    private static final String KIND = "kind";
    private static final String VERSION = "version";

    /** What a directory keeps to; nothing where no engine has answered and no table is. */
    static Optional<EngineRecord> of(ClickHouseFiles files) {
        if (Files.notExists(files.engine())) {
            // directories from before there was a choice
            return files.hasConfig()
                    ? Optional.of(new EngineRecord(ClickHouseEngine.Kind.LIBRARY, null))
                    : Optional.empty();
        }
        return Optional.of(read(files)).filter(record -> record.version != null || files.hasTables());
    }

    /** Whether another kind was started last, also if it has never answered. */
    static boolean isOfAnotherKind(ClickHouseFiles files, ClickHouseEngine.Kind kind) {
        return Files.exists(files.engine()) && read(files).kind != kind;
    }

    private static EngineRecord read(ClickHouseFiles files) {
        var written = new Properties();
        try {
            written.load(new StringReader(Files.readString(files.engine())));
            var kind = ClickHouseEngine.Kind.valueOf(
                    written.getProperty(KIND, "").strip().toUpperCase(Locale.ROOT));
            return new EngineRecord(
                    kind, ClickHouseVersion.in(written.getProperty(VERSION, "")).orElse(null));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + files.engine(), e);
        } catch (IllegalArgumentException e) {
            throw new ClickHouseStartException(
                    "%s does not say which kind of engine wrote the directory: kind must be library or binary"
                            .formatted(files.engine()),
                    e);
        }
    }

    /**
     * The record of a directory that an engine goes on with, or begins.
     *
     * @throws ClickHouseStartException if an engine wrote it whose data this one may not read
     */
    static EngineRecord require(ClickHouseFiles files, ClickHouseEngine engine) {
        EngineRecord record = of(files).orElseGet(() -> new EngineRecord(engine.kind(), null));
        record.requireReadableBy(files, engine);
        return record;
    }

    private void requireReadableBy(ClickHouseFiles files, ClickHouseEngine engine) {
        if (kind != engine.kind()) {
            throw new ClickHouseStartException(
                    "the data in %s was written by %s (%s), and %s is %s: one does not go on with the other's data. Use what wrote it, or another data directory"
                            .formatted(
                                    files.directory(),
                                    kind.words(),
                                    versionText(),
                                    engine.file(),
                                    engine.kind().words()));
        }
        if (engine instanceof ClickHouseEngine.Binary binary && version != null) {
            requireNotOlder(files.directory(), binary.version(), version);
        }
    }

    private static void requireNotOlder(Path directory, ClickHouseVersion engine, ClickHouseVersion written) {
        if (engine.isOlderThan(written)) {
            throw new ClickHouseStartException(olderMessage(directory, engine.text(), written.text()));
        }
    }

    static String olderMessage(Path directory, String engine, String written) {
        return "the data in %s was written by ClickHouse %s, and this one is %s: an older release may not read it. Use %s or later, or another data directory"
                .formatted(directory, written, engine, written);
    }

    /** The same, now that a version runs. */
    EngineRecord withVersion(ClickHouseVersion newVersion) {
        return new EngineRecord(kind, newVersion);
    }

    void write(ClickHouseFiles files) throws IOException {
        Path next = files.engine().resolveSibling("engine.properties.next");
        Files.writeString(
                next,
                "# Which ClickHouse wrote what is here.\n%s=%s\n%s"
                        .formatted(
                                KIND,
                                kind.name().toLowerCase(Locale.ROOT),
                                version == null ? "" : VERSION + "=" + version.text() + "\n"));
        Files.move(next, files.engine(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    String versionText() {
        return version == null ? "version unknown" : version.text();
    }
}
