package dev.sluice.gateapi.report.dora;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a report leads to other reports. */
final class ReportLinks {
    private final @Nullable String base;

    private ReportLinks(@Nullable String base) {
        this.base = base;
    }

    /** The links of a report that the API answers with. */
    static ReportLinks ofAnswer() {
        return new ReportLinks("");
    }

    /**
     * The links of a report that lies elsewhere.
     *
     * @param api where people reach the API; null if that is not known: then there are none
     */
    static ReportLinks from(@Nullable URI api) {
        return new ReportLinks(api == null ? null : api.toString().replaceFirst("/+$", "") + "/reports/");
    }

    /**
     * Returns where a form of a report is.
     *
     * @param form {@code dora}, {@code dora.csv} or {@code dora.json}
     * @param report has the environment and the days
     * @param kind of what it is
     * @param name its name; empty for all services
     */
    Optional<String> to(String form, DeliveryReport report, String kind, String name) {
        return Optional.ofNullable(base)
                .map(known -> known + form + "?" + (name.isEmpty() ? "" : kind + "=" + encoded(name) + "&")
                        + "environment=" + encoded(report.environment()) + "&from="
                        + report.days().from() + "&to=" + report.days().to());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
