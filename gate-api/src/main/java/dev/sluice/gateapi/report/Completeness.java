package dev.sluice.gateapi.report;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.views.Views;

/**
 * Refuses to report from views that have not been read to their ends: there a row may be absent that was shown before
 * the start, or an older one may stand in its place.
 */
final class Completeness {
    private Completeness() {}

    /**
     * Returns normally if the views are whole.
     *
     * @throws ApiException with 503 otherwise
     */
    static void require(Views views) {
        if (!views.missing().isEmpty()) {
            throw new ApiException(
                    ErrorType.UNAVAILABLE, "what is known is still being read; see /readyz for what is missing");
        }
    }
}
