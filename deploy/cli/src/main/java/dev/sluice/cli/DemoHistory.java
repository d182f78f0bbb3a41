package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A made-up history of a dozen services: commits, pull requests, deployments that succeed and fail, rollbacks, repeated
 * deployments, incidents, drift; told with duplicates, late events, and a little out of order.
 *
 * <p>What happened at a moment depends on the seed alone, not on when the demo is played: played again a day later, it
 * repeats the same events and adds those of a day.
 */
final class DemoHistory {
    /** The service with which all is well. */
    static final String HEALTHY = "lantern-search";
    /** The service whose deployments often fail. */
    static final String TROUBLED = "copper-billing";

    static final String ENVIRONMENT = "production";

    private static final LocalDate BEGINNING = LocalDate.of(2025, 1, 1);
    private static final Duration SHOWN = Duration.ofDays(90);
    private static final Duration WORKDAY_STARTS = Duration.ofHours(7);
    private static final int WORKDAY_MINUTES = 10 * 60;
    private static final double WEEKEND_SHARE = 0.1;
    private static final double LATE_SHARE = 0.02;
    private static final double DUPLICATE_SHARE = 0.03;
    private static final int DISORDER = 40;
    private static final Duration DRIFT_CHECKED_EVERY = Duration.ofDays(1);
    private static final double DRIFT_BEGINS = 0.02;
    private static final double DRIFT_GOES_ON = 0.6;
    private static final double OUTAGE_SHARE = 0.01;
    private static final Events EVENTS = new Events("sluice-demo");

    private static final List<Profile> PROFILES = List.of(
            new Profile(HEALTHY, 3.0, 0.02, 0.02, 8),
            new Profile("amber-checkout", 2.4, 0.05, 0.03, 14),
            new Profile("river-catalog", 2.0, 0.06, 0.03, 20),
            new Profile("granite-auth", 0.6, 0.04, 0.02, 60),
            new Profile(TROUBLED, 1.8, 0.48, 0.10, 30),
            new Profile("meadow-mail", 1.2, 0.08, 0.05, 26),
            new Profile("harbor-shipping", 1.0, 0.10, 0.06, 40),
            new Profile("quartz-ledger", 0.4, 0.05, 0.02, 110),
            new Profile("willow-reviews", 1.5, 0.09, 0.04, 18),
            new Profile("falcon-pricing", 2.2, 0.12, 0.08, 12),
            new Profile("cedar-reports", 0.3, 0.10, 0.03, 160),
            new Profile("comet-notify", 1.4, 0.07, 0.05, 22));

    private final long seed;
    private final Instant now;

    /**
     * Creates the history as it stands at a moment.
     *
     * @param seed decides what happened
     * @param now the moment; what lies later is not told
     */
    DemoHistory(long seed, Instant now) {
        this.seed = seed;
        this.now = now;
    }

    static List<String> services() {
        return PROFILES.stream().map(Profile::service).toList();
    }

    /** Returns the events of the last 90 days in the order in which they are told. */
    List<ObjectNode> events() {
        var told = new ArrayList<Told>();
        var order = new Random(seed);
        for (Profile profile : PROFILES) {
            for (Happened happened : new Life(profile).happenings()) {
                if (happened.at().isAfter(now) || happened.at().isBefore(now.minus(SHOWN))) {
                    continue;
                }
                boolean late = order.nextDouble() < LATE_SHARE;
                told.add(new Told(late ? now : happened.at(), happened.event()));
                if (order.nextDouble() < DUPLICATE_SHARE) {
                    told.add(new Told(happened.at(), happened.event()));
                }
            }
        }
        told.sort(Comparator.comparing(Told::at));
        return disordered(told, order);
    }

    private static List<ObjectNode> disordered(List<Told> told, Random order) {
        record Placed(double place, ObjectNode event) {}
        var placed = new ArrayList<Placed>();
        for (int i = 0; i < told.size(); i++) {
            placed.add(new Placed(
                    i + order.nextDouble() * DISORDER, told.get(i).event().get()));
        }
        placed.sort(Comparator.comparingDouble(Placed::place));
        return placed.stream().map(Placed::event).toList();
    }

    /**
     * How a service is worked on.
     *
     * @param service its name
     * @param perDay changes deployed on a working day, on average
     * @param failing share of attempts that fail
     * @param bad share of successful deployments that are rolled back
     * @param leadHours typical hours from writing a commit to deploying it
     */
    private record Profile(String service, double perDay, double failing, double bad, int leadHours) {}

    private record Happened(Instant at, Supplier<ObjectNode> event) {}

    private record Told(Instant at, Supplier<ObjectNode> event) {}

    /** The version of a service and the commit that it was built from. */
    private record Release(String version, String sha) {}

    /** The life of one service from the beginning to now. */
    private final class Life {
        private final Profile profile;
        private final Random random;
        /** What happens beside deliveries; it must not change them. */
        private final Random aside;

        private final List<Happened> happenings = new ArrayList<>();
        private int commits;
        private int attempts;
        private int versions;
        private int incidents;
        private int pulls;
        private boolean drifted;
        private String head = "";
        private Release running = new Release("", "");

        Life(Profile profile) {
            this.profile = profile;
            this.random = new Random(seed * 31 + profile.service().hashCode());
            this.aside = new Random(seed * 37 + profile.service().hashCode());
        }

        List<Happened> happenings() {
            LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
            for (LocalDate day = BEGINNING; !day.isAfter(today); day = day.plusDays(1)) {
                boolean weekend = day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY;
                double expected = profile.perDay() * (weekend ? WEEKEND_SHARE : 1);
                int count = (int) (expected + random.nextDouble());
                Instant morning = day.atStartOfDay(ZoneOffset.UTC).toInstant().plus(WORKDAY_STARTS);
                checkDrift(day.atStartOfDay(ZoneOffset.UTC).toInstant());
                if (aside.nextDouble() < OUTAGE_SHARE) {
                    outage(morning);
                }
                for (int i = 0; i < count; i++) {
                    int share = WORKDAY_MINUTES / count;
                    deliver(morning.plus(
                            Duration.ofMinutes((long) share * i + random.nextInt(Math.max(1, share / 3)))));
                }
            }
            return happenings;
        }

        private void deliver(Instant at) {
            write(at);
            versions++;
            var release = new Release("1.%d.0".formatted(versions), head);
            Instant end = at;
            for (int attempt = 0; attempt < 3; attempt++) {
                boolean failed = random.nextDouble() < profile.failing();
                end = attempt(release, end, failed ? "failure" : "success");
                if (!failed) {
                    settle(release, end);
                    return;
                }
                end = end.plus(minutes(5, 30));
            }
        }

        private void settle(Release release, Instant end) {
            Release before = running;
            running = release;
            double fate = random.nextDouble();
            if (fate < profile.bad() && !before.version().isEmpty()) {
                Instant repaired = attempt(before, end.plus(minutes(10, 60)), "success");
                running = before;
                suffer(end.plusSeconds(60 + aside.nextInt(480)), repaired, true, "errors since " + release.version());
            } else if (fate > 0.97) {
                attempt(release, end.plus(minutes(15, 45)), "success");
            }
        }

        /** Writes the commits of a change and merges them. */
        private void write(Instant deployed) {
            Instant authored = deployed.minus(
                    Duration.ofMinutes((long) (profile.leadHours() * 60 * (0.3 + 1.4 * random.nextDouble()))));
            String base = head;
            Instant begun = authored.plus(Duration.ofMinutes(1));
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                authored = authored.plus(Duration.ofMinutes(1 + random.nextInt(8)));
                commit(head.isEmpty() ? List.of() : List.of(head), authored, authored);
            }
            if (!base.isEmpty() && count > 1) {
                commit(List.of(base, head), authored.plusSeconds(60), deployed.minusSeconds(120));
                propose(begun, authored, deployed.minusSeconds(120));
            }
        }

        /** The pull request of a change that was merged just now. */
        private void propose(Instant begun, Instant written, Instant merged) {
            pulls++;
            long waited = Math.max(1, Duration.between(written, merged).toSeconds());
            Instant opened = written.plusSeconds(waited / 10);
            Instant reviewed = opened.plusSeconds((long) (waited * 0.8 * aside.nextDouble()));
            pull("opened", opened, begun);
            if (aside.nextInt(8) != 0) {
                pull("reviewed", reviewed, begun);
            }
            pull("merged", merged, begun);
        }

        private void pull(String state, Instant at, Instant begun) {
            var pull = new PullRequest(pulls, "demo/" + profile.service(), state, at, begun, head);
            happenings.add(new Happened(at, () -> EVENTS.of(pull)));
        }

        private void suffer(Instant begun, Instant over, boolean changeCaused, String title) {
            incidents++;
            String id = profile.service() + "-" + incidents;
            tell(new Incident(id, profile.service(), ENVIRONMENT, "detected", begun, changeCaused, title));
            tell(new Incident(id, profile.service(), ENVIRONMENT, "resolved", over, changeCaused, title));
        }

        private void tell(Incident incident) {
            happenings.add(new Happened(incident.at(), () -> EVENTS.of(incident)));
        }

        private void outage(Instant morning) {
            Instant begun = morning.plusSeconds(aside.nextInt(WORKDAY_MINUTES * 60));
            suffer(begun, begun.plusSeconds(900 + aside.nextInt(7200)), false, "the provider is down");
        }

        private void checkDrift(Instant at) {
            drifted = aside.nextDouble() < (drifted ? DRIFT_GOES_ON : DRIFT_BEGINS);
            var check = new DriftCheck(profile.service(), ENVIRONMENT, "stack", at, drifted, DRIFT_CHECKED_EVERY);
            happenings.add(new Happened(at, () -> EVENTS.of(check)));
        }

        private void commit(List<String> parents, Instant authored, Instant committed) {
            commits++;
            head = sha("commit " + commits);
            var commit = new Commit("demo/" + profile.service(), head, parents, authored, committed);
            happenings.add(new Happened(committed, () -> EVENTS.of(commit)));
        }

        private Instant attempt(Release release, Instant start, String result) {
            attempts++;
            Instant end = start.plus(minutes(2, 12));
            observe(release, "started", start);
            observe(release, result, end);
            return end;
        }

        private void observe(Release release, String state, Instant at) {
            var deployment = new Deployment(
                    "deploy-" + attempts,
                    profile.service(),
                    ENVIRONMENT,
                    state,
                    at,
                    release.version(),
                    "demo/" + profile.service(),
                    release.sha());
            happenings.add(new Happened(at, () -> EVENTS.of(deployment)));
        }

        private Duration minutes(int from, int to) {
            return Duration.ofSeconds(from * 60L + random.nextInt((to - from) * 60));
        }

        private String sha(String name) {
            UUID first = uuid(name + "/1");
            UUID second = uuid(name + "/2");
            return HexFormat.of().toHexDigits(first.getMostSignificantBits())
                    + HexFormat.of().toHexDigits(first.getLeastSignificantBits())
                    + HexFormat.of()
                            .toHexDigits(second.getMostSignificantBits())
                            .substring(0, 8);
        }

        private UUID uuid(String name) {
            return UUID.nameUUIDFromBytes(
                    (seed + "/" + profile.service() + "/" + name).getBytes(StandardCharsets.UTF_8));
        }
    }
}
