package dev.sluice.store;

/** ClickHouse refused rows because one of them does not fit the table; none was stored. */
final class RowsRefusedException extends RuntimeException {
    RowsRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
