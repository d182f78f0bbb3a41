package dev.sluice.cli;

import dev.sluice.cli.DevLakeExport.IncidentRow;
import dev.sluice.cli.DevLakeHistory.Sent;
import dev.sluice.cli.DevLakeMetrics.Caused;
import dev.sluice.cli.DevLakeMetrics.Production;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which incidents DevLake gives to other deployments of a service and month than Sluice. */
final class IncidentDifferences {
    /** What is counted. */
    static final String NOUN = "incident";

    private final ServiceMonth range;
    private final DevLakeMetrics devlake;
    private final DevLakeSeries series;

    IncidentDifferences(ServiceMonth range, DevLakeMetrics devlake, DevLakeSeries series) {
        this.range = range;
        this.devlake = devlake;
        this.series = series;
    }

    /**
     * Adds why incidents belong to other deployments here than with DevLake, or to none.
     *
     * @param chosen which incidents are looked at
     */
    void addTo(DevLakeReasons reasons, Predicate<IncidentRow> chosen) {
        var counts = new LinkedHashMap<Difference, Integer>();
        Map<String, DevLakeSeries.Link> own = series.links().stream()
                .collect(Collectors.toMap(link -> link.incident().id(), link -> link, (one, other) -> one));
        var there = new HashSet<String>();
        for (Caused caused : devlake.caused()) {
            Production deployment = caused.deployment();
            there.add(caused.incident().id());
            if (!chosen.test(caused.incident())) {
                continue;
            }
            DevLakeSeries.Link link = own.get(caused.incident().id());
            Sent here = link == null ? null : link.deployment();
            boolean inMonthThere = range.isOwn(deployment.scope()) && range.isIn(deployment.finished());
            boolean inMonthHere = here != null && range.isIn(here.finished());
            if ((inMonthThere || inMonthHere) && (here == null || !here.id().equals(deployment.id()))) {
                counts.merge(difference(caused, link), 1, Integer::sum);
            }
        }
        for (DevLakeSeries.Link link : series.links()) {
            Sent here = link.deployment();
            if (here != null
                    && range.isIn(here.finished())
                    && !there.contains(link.incident().id())
                    && chosen.test(link.incident())) {
                counts.merge(Difference.OTHER_DEPLOYMENT, 1, Integer::sum);
            }
        }
        counts.forEach((difference, count) -> reasons.add(difference.name(), count, NOUN, difference.text));
    }

    private Difference difference(Caused caused, DevLakeSeries.@Nullable Link link) {
        if (range.services().of(caused.incident()) == null) {
            return Difference.NO_SERVICE;
        }
        if (link == null || !range.isOwn(caused.deployment().scope())) {
            return Difference.OTHER_SERVICE;
        }
        if (link.unlinked() == null) {
            return Difference.OTHER_DEPLOYMENT;
        }
        return switch (link.unlinked()) {
            case NO_DEPLOYMENT -> Difference.OTHER_DEPLOYMENT;
            case OUTSIDE_WINDOW -> Difference.OUTSIDE_WINDOW;
            case AFTER_ROLLBACK -> Difference.AFTER_ROLLBACK;
        };
    }

    /** Why an incident belongs to another deployment here than with DevLake. */
    private enum Difference {
        OUTSIDE_WINDOW("UNATTRIBUTED here, more than 72 h after the deployment"),
        AFTER_ROLLBACK("UNATTRIBUTED here, the latest deployment went back or repeated what ran"),
        OTHER_SERVICE("of another service than the deployment that DevLake gives it to"),
        NO_SERVICE("of a scope that no service is given for, not sent"),
        OTHER_DEPLOYMENT("of another deployment here, the latest up to that very moment, with or without a commit");

        private final String text;

        Difference(String text) {
            this.text = text;
        }
    }
}
