package dev.sluice.simulation;

import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes checks for drift from a seed: a few resources in each place, one or two detectors that state their interval or do
 * not, tell what differs or do not, or do not see it; gaps, checks at the same moment and at midnight, corrections that
 * say otherwise, move a check in time or to another resource, contradict each other, and deletions.
 */
final class CheckGenerator {
    private static final List<String> RESOURCES = List.of("stack a", "stack b", "workspace/c");
    private static final long CHANCE = 0x5851_F42D_4C95_7F2DL;

    private final Random random;
    private final String tenant;
    private final HistoryGenerator.Scale scale;
    private final List<DriftChecked> checks = new ArrayList<>();

    private CheckGenerator(long seed, String tenant, HistoryGenerator.Scale scale) {
        this.random = new Random(seed ^ CHANCE);
        this.tenant = tenant;
        this.scale = scale;
    }

    /**
     * Returns the checks of a seed.
     *
     * @param scale how many
     * @param places where something is checked
     * @param from the first of them is made after it
     * @param to and the last before it
     */
    static List<DriftChecked> of(
            long seed,
            String tenant,
            HistoryGenerator.Scale scale,
            Collection<BatchOracle.Place> places,
            Instant from,
            Instant to) {
        var generator = new CheckGenerator(seed, tenant, scale);
        for (BatchOracle.Place place : places) {
            int resources = 1 + generator.random.nextInt(RESOURCES.size());
            for (int r = 0; r < resources; r++) {
                generator.checks(place, RESOURCES.get(r), from, to);
            }
        }
        return generator.checks;
    }

    /** How a detector goes about it. */
    private record Detector(String name, @Nullable Duration interval, boolean tellsWhat, int seesOneIn) {}

    private Detector detector(String name) {
        return new Detector(
                name,
                random.nextBoolean() ? Duration.ofMinutes(10L + random.nextInt(3 * 24 * 60)) : null,
                random.nextInt(3) != 0,
                1 + random.nextInt(3));
    }

    private void checks(BatchOracle.Place place, String resource, Instant from, Instant to) {
        List<Detector> detectors = random.nextBoolean()
                ? List.of(detector("terraform"))
                : List.of(detector("terraform"), detector("argo"));
        Instant at = from.plus(Duration.ofHours(random.nextInt(24 * 60)));
        int drift = 0;
        boolean drifted = false;
        for (int left = scale.of(10 + random.nextInt(60)); left > 0; left--) {
            at = next(at);
            if (!at.isBefore(to)) {
                return;
            }
            if (random.nextInt(3) == 0) {
                drifted = !drifted;
                drift++;
            }
            Detector detector = detectors.get(random.nextInt(detectors.size()));
            boolean seen = drifted && random.nextInt(detector.seesOneIn()) == 0;
            told(new Said(
                    place,
                    detector,
                    Integer.toString(checks.size() * 7919 % 100_000),
                    resource,
                    at,
                    seen,
                    seen && detector.tellsWhat() && random.nextInt(8) != 0 ? "drift-" + drift : null));
        }
    }

    private Instant next(Instant at) {
        return switch (random.nextInt(12)) {
            case 0 -> at;
            case 1 -> at.plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS);
            case 2 -> at.plus(Duration.ofDays(random.nextInt(20)));
            default -> at.plusSeconds(60 + random.nextInt(3 * 86_400));
        };
    }

    /** What a detector says. */
    private record Said(
            BatchOracle.Place place,
            Detector detector,
            String nativeId,
            String resource,
            Instant at,
            boolean drifted,
            @Nullable String fingerprint) {
        Said otherwise() {
            return new Said(place, detector, nativeId, resource, at, !drifted, fingerprint);
        }

        Said at(Instant other) {
            return new Said(place, detector, nativeId, resource, other, drifted, fingerprint);
        }

        Said of(String other) {
            return new Said(place, detector, nativeId, other, at, drifted, fingerprint);
        }
    }

    private void told(Said said) {
        say(said, 0, false);
        switch (random.nextInt(20)) {
            case 0 -> say(said.otherwise(), 1, false);
            case 1 -> say(said.at(said.at().plus(Duration.ofHours(random.nextInt(200) - 100))), 1, false);
            case 2 -> say(said.of(RESOURCES.get(random.nextInt(RESOURCES.size()))), 1, false);
            case 3 -> say(said, random.nextInt(3), true);
            case 4 -> {
                say(said, 1, true);
                say(said.otherwise(), 2, false);
            }
            case 5 -> say(said.at(said.at().plusSeconds(random.nextInt(7200) - 3600)), 0, false);
            default -> {
                // most checks are told of once
            }
        }
    }

    private void say(Said said, long revision, boolean deleted) {
        String source = said.detector().name();
        String id = EventIds.of(
                tenant, source, said.nativeId(), said.resource(), said.at().toString(), revision + " " + deleted);
        checks.add(new DriftChecked(
                new EventHeader(id, tenant, source, "generated", said.at(), said.at()),
                DriftChecked.checkId(source, said.nativeId()),
                said.place().service(),
                said.place().environment(),
                said.resource(),
                said.drifted(),
                said.fingerprint(),
                said.detector().interval(),
                revision,
                deleted));
    }
}
