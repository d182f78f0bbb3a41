package dev.sluice.cli;

/** How a result is printed. */
enum OutputFormat {
    /** For people. */
    TEXT,
    /** For programs: one JSON document and nothing else on standard output. */
    JSON
}
