package dev.sluice.embedded;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A version of ClickHouse. Its release is the year and the month; what follows are repairs, which read and write the same
 * data.
 *
 * @param year the last two digits of the year, such as 26
 * @param month the month, from 1 to 12
 * @param text all of the version, such as {@code 26.7.2.1}
 */
public record ClickHouseVersion(int year, int month, String text) {
    private static final Pattern VERSION = Pattern.compile("\\b(\\d{2})\\.(\\d{1,2})(?:\\.\\d{1,9})*");
    private static final Comparator<ClickHouseVersion> BY_RELEASE =
            Comparator.comparingInt(ClickHouseVersion::year).thenComparingInt(ClickHouseVersion::month);

    /** The first version in a text such as {@code ClickHouse server version 26.7.2.1 (official build).} */
    public static Optional<ClickHouseVersion> in(String text) {
        var matcher = VERSION.matcher(text);
        return matcher.find()
                ? Optional.of(new ClickHouseVersion(
                        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), matcher.group()))
                : Optional.empty();
    }

    /** Whether the release is an older one. */
    public boolean isOlderThan(ClickHouseVersion other) {
        return BY_RELEASE.compare(this, other) < 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
