package dev.sluice.embedded;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** What a {@link ClickHouseServer} runs. */
public sealed interface ClickHouseEngine {
    /** The file that is run or loaded. */
    Path file();

    /** What it is, for the person at the terminal. */
    String description();

    /** Which kind it is: a directory keeps to the kind that wrote it first. */
    Kind kind();

    /** The kinds of engines. */
    enum Kind {
        /** See {@link Library}. */
        LIBRARY("the engine's library"),
        /** See {@link Binary}. */
        BINARY("a clickhouse binary");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /**
     * The engine's shared library, in a JVM of its own.
     *
     * @param file the library's file
     */
    record Library(Path file) implements ClickHouseEngine {
        public Library {
            requireNonNull(file, "file");
        }

        @Override
        public String description() {
            return "embedded engine";
        }

        @Override
        public Kind kind() {
            return Kind.LIBRARY;
        }
    }

    /**
     * A {@code clickhouse} executable, run as {@code clickhouse server}.
     *
     * @param file the executable
     * @param version what it says that it is
     */
    record Binary(Path file, ClickHouseVersion version) implements ClickHouseEngine {
        public Binary {
            requireNonNull(file, "file");
            requireNonNull(version, "version");
        }

        @Override
        public String description() {
            return "binary " + file;
        }

        @Override
        public Kind kind() {
            return Kind.BINARY;
        }
    }
}
