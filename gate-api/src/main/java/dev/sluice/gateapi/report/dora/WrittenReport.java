package dev.sluice.gateapi.report.dora;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery report in all its forms.
 *
 * @param html the page
 * @param csv the numbers
 * @param json the whole report as data
 * @param text its summary in words
 * @param known whether anything is known of what it is of, in its environment and days
 * @param storedThrough everything that was received before is in it; null where that is not known
 */
public record WrittenReport(
        String html,
        String csv,
        String json,
        String text,
        boolean known,
        @Nullable Instant storedThrough) {}
