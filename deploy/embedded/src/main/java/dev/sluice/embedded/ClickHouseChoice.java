package dev.sluice.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Which engine runs on a directory: what is named, else the kind that wrote the directory, else a library that is there,
 * else a {@code clickhouse} of the {@code PATH}, else the library that npm fetches.
 */
public final class ClickHouseChoice {
    /** Environment variable that names a {@code clickhouse} executable. */
    public static final String BINARY_VARIABLE = "SLUICE_CLICKHOUSE_BINARY";

    private static final String PATH_VARIABLE = "PATH";

    private final Map<String, String> environment;
    private final Libraries libraries;

    /** A choice by environment variables. */
    public ClickHouseChoice(Map<String, String> environment) {
        this(environment, new NpmLibraries());
    }

    ClickHouseChoice(Map<String, String> environment, Libraries libraries) {
        this.environment = Map.copyOf(environment);
        this.libraries = libraries;
    }

    /**
     * Starts the engine for a directory. A binary that was merely found on the {@code PATH} and does not start where
     * there is no data gives way to the library.
     *
     * @param directory where the server runs; need not exist
     * @param progress receives what is passed over, and one line after another while npm runs
     * @param start starts a server with an engine; called a second time where the first gives way
     * @return what {@code start} returned
     * @throws ClickHouseBinaryException if a binary is named, or wrote the directory, and cannot be used
     * @throws ClickHouseLibraryException if a library is, or nothing else is left, and there is none
     * @throws ClickHouseStartException if the engine does not start
     */
    public <T> T start(Path directory, Consumer<String> progress, Function<ClickHouseEngine, T> start) {
        Choice choice = choose(directory, progress);
        try {
            return start.apply(choice.engine());
        } catch (ClickHouseStartException e) {
            boolean givesWay = choice.merelyFound()
                    && !Thread.currentThread().isInterrupted()
                    && EngineRecord.of(new ClickHouseFiles(directory)).isEmpty();
            if (!givesWay) {
                throw e;
            }
            progress.accept("the clickhouse on the PATH is not used: " + e.getMessage());
            try {
                return start.apply(new ClickHouseEngine.Library(libraries.locate(progress)));
            } catch (ClickHouseLibraryException | ClickHouseStartException second) {
                second.addSuppressed(e);
                throw second;
            }
        }
    }

    /** The engine for a directory, as {@link #start} would begin with it. */
    ClickHouseEngine engineFor(Path directory, Consumer<String> progress) {
        return choose(directory, progress).engine();
    }

    private Choice choose(Path directory, Consumer<String> progress) {
        String named = text(BINARY_VARIABLE);
        if (!named.isEmpty()) {
            return Choice.of(ClickHouseBinary.require(find(named)
                    .orElseThrow(() -> new ClickHouseBinaryException(
                            "%s names %s: there is no such executable".formatted(BINARY_VARIABLE, named)))));
        }
        if (!text(ClickHouseLibrary.LIBRARY_VARIABLE).isEmpty()) {
            return Choice.of(new ClickHouseEngine.Library(libraries.locate(progress)));
        }
        Optional<EngineRecord> written = EngineRecord.of(new ClickHouseFiles(directory));
        if (written.isPresent()) {
            return Choice.of(
                    switch (written.get().kind()) {
                        case LIBRARY -> new ClickHouseEngine.Library(libraries.locate(progress));
                        case BINARY ->
                            ClickHouseBinary.require(find(ClickHouseBinary.NAME)
                                    .orElseThrow(() -> new ClickHouseBinaryException(
                                            "the data in %s was written by a clickhouse binary (%s), and there is none on the PATH: name it by %s, or choose another directory"
                                                    .formatted(
                                                            directory,
                                                            written.get().versionText(),
                                                            BINARY_VARIABLE))));
                    });
        }
        Optional<Path> there = libraries.find();
        if (there.isPresent()) {
            return Choice.of(new ClickHouseEngine.Library(there.get()));
        }
        Optional<Path> onPath = find(ClickHouseBinary.NAME);
        if (onPath.isPresent()) {
            try {
                return new Choice(ClickHouseBinary.require(onPath.get()), true);
            } catch (ClickHouseBinaryException e) {
                progress.accept("the clickhouse on the PATH is not used: " + e.getMessage());
            }
        }
        return Choice.of(new ClickHouseEngine.Library(libraries.locate(progress)));
    }

    private Optional<Path> find(String name) {
        return ClickHouseBinary.find(name, text(PATH_VARIABLE));
    }

    private String text(String variable) {
        return environment.getOrDefault(variable, "").strip();
    }

    /**
     * What was chosen.
     *
     * @param merelyFound whether nobody asked for it: neither a name nor data
     */
    private record Choice(ClickHouseEngine engine, boolean merelyFound) {
        static Choice of(ClickHouseEngine engine) {
            return new Choice(engine, false);
        }
    }

    /** Where libraries come from. */
    interface Libraries {
        /** A library that is there already. */
        Optional<Path> find();

        /** The library, after an installation if need be. */
        Path locate(Consumer<String> progress);
    }

    private static final class NpmLibraries implements Libraries {
        @Override
        public Optional<Path> find() {
            return ClickHouseLibrary.findInstalled();
        }

        @Override
        public Path locate(Consumer<String> progress) {
            return ClickHouseLibrary.locate(progress);
        }
    }
}
