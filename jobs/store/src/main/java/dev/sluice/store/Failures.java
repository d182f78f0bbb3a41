package dev.sluice.store;

import java.net.URI;
import java.util.Set;

/** What ClickHouse's failures mean to callers: what may succeed later is told from what never will. */
final class Failures {
    /** Codes that say that the statement itself is wrong: a defect of Sluice, not of the day. */
    private static final Set<Integer> DEFECTS = Set.of(
            43, // ILLEGAL_TYPE_OF_ARGUMENT
            46, // UNKNOWN_FUNCTION
            47, // UNKNOWN_IDENTIFIER
            62, // SYNTAX_ERROR
            386, // NO_COMMON_TYPE
            456, // UNKNOWN_QUERY_PARAMETER
            457); // BAD_QUERY_PARAMETER
    /** Codes that say that a value does not fit its type: it would be refused again. */
    private static final Set<Integer> BAD_VALUES = Set.of(
            6, // CANNOT_PARSE_TEXT
            25, // CANNOT_PARSE_ESCAPE_SEQUENCE
            26, // CANNOT_PARSE_QUOTED_STRING
            27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
            38, // CANNOT_PARSE_DATE
            41, // CANNOT_PARSE_DATETIME
            53, // TYPE_MISMATCH
            69, // ARGUMENT_OUT_OF_BOUND
            70, // CANNOT_CONVERT_TYPE
            72, // CANNOT_PARSE_NUMBER
            117, // INCORRECT_DATA
            130, // CANNOT_READ_ARRAY_FROM_TEXT
            321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
            349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
            467); // CANNOT_PARSE_BOOL

    private final URI url;

    /** Creates the meanings for the ClickHouse at a URL, which the messages name. */
    Failures(URI url) {
        this.url = url;
    }

    /** Returns what an error that ClickHouse answered a query with means. */
    RuntimeException ofQuery(int code, Exception e) {
        return DEFECTS.contains(code) || BAD_VALUES.contains(code) ? defect(e) : refusedForNow(code, e);
    }

    /** Returns what an error that ClickHouse answered a statement with means. */
    RuntimeException ofWrite(int code, Exception e) {
        if (DEFECTS.contains(code)) {
            return defect(e);
        }
        return BAD_VALUES.contains(code)
                ? new RowsRefusedException(String.valueOf(e.getMessage()), e)
                : refusedForNow(code, e);
    }

    /** Returns what no answer means. */
    StoreUnavailableException away(Throwable e) {
        return new StoreUnavailableException("ClickHouse at " + url + " does not answer: " + e.getMessage(), e);
    }

    /**
     * Returns what an answer means that has no code of ClickHouse: of a proxy, or whatever else listens there. Its text is not kept:
     * such a server may say in it what it was sent, the password too.
     *
     * @param status of HTTP
     */
    StoreUnavailableException elsewhere(int status) {
        return new StoreUnavailableException("what answers at " + url + " with HTTP status " + status
                + " is no ClickHouse, or is one that cannot be reached");
    }

    /** Returns what a statement that cannot be understood means. */
    static IllegalStateException defect(Exception e) {
        return new IllegalStateException("ClickHouse does not understand the statement: " + e.getMessage(), e);
    }

    private StoreUnavailableException refusedForNow(int code, Exception e) {
        return new StoreUnavailableException(
                "ClickHouse at " + url + " answers with error " + code + ": " + e.getMessage(), e);
    }
}
