package dev.sluice.cli;

/** The terminal that results are shown on. */
interface Terminal {
    /** Returns how large it is now. */
    Size size();

    /**
     * How large a terminal is.
     *
     * @param columns characters in a line
     * @param rows lines
     */
    record Size(int columns, int rows) {
        public Size {
            if (columns < 1 || rows < 1) {
                throw new IllegalArgumentException("a terminal of %d columns and %d rows".formatted(columns, rows));
            }
        }
    }
}
