package dev.sluice.cli.judge;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the rows of a file are, by its header. */
enum SampleKind {
    /** A value of each pod and time. */
    VALUE("metric,time,value"),
    /** Events among so many exposed, since the row before. */
    RATIO("metric,time,count,exposure"),
    /** How many values were at most {@code le}, since the row before. */
    HISTOGRAM("metric,time,le,count");

    private final String header;

    SampleKind(String header) {
        this.header = header;
    }

    /** Returns the header in the order in which it is documented. */
    String header() {
        return header;
    }

    /** Returns the kind of a header, whatever the order of its columns. */
    static Optional<SampleKind> of(List<String> columns) {
        return Arrays.stream(values())
                .filter(kind -> sorted(kind.header.split(",")).equals(sorted(columns.toArray(new String[0]))))
                .findFirst();
    }

    private static List<String> sorted(String[] columns) {
        return Arrays.stream(columns).sorted().toList();
    }
}
