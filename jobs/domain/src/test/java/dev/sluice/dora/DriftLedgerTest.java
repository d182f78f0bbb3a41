package dev.sluice.dora;

import static dev.sluice.delivery.CheckFixture.RESOURCE;
import static dev.sluice.delivery.CheckFixture.checked;
import static dev.sluice.delivery.DeliveryFixture.ENVIRONMENT;
import static dev.sluice.delivery.DeliveryFixture.SERVICE;
import static dev.sluice.delivery.DeliveryFixture.TENANT;
import static dev.sluice.delivery.DeliveryFixture.observed;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.delivery.CheckFixture.Check;
import dev.sluice.delivery.CountingTable;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.dora.DeliveryMetrics.ConfigurationDrift;
import dev.sluice.simulation.MemoryDriftTables;
import dev.sluice.simulation.MemoryTable;
import dev.sluice.simulation.Pipeline.MemoryLedgerTables;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriftLedgerTest {
    /** Wednesday, in the middle of a quarter. */
    private static final LocalDate TODAY = LocalDate.of(2025, 5, 14);

    private static final Instant NOW = on(TODAY, 18);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** One series from its checks to what its readers have, in UTC unless another zone is told. */
    private static final class World {
        private final MemoryLedgerTables tables = new MemoryLedgerTables();
        private final Map<String, DriftEpisodeFact> episodes = new TreeMap<>();
        private final Map<String, PeriodRow> periods = new TreeMap<>();
        private final DeliveryLedger ledger;
        private @Nullable DoraRow dora;
        private @Nullable CurrentRow current;

        World(ZoneId zone) {
            ledger = new DeliveryLedger(
                    new ServiceEnvironment(TENANT, SERVICE, ENVIRONMENT, zone, ServiceEnvironment.LINK_WINDOW), tables);
        }

        World() {
            this(ZoneOffset.UTC);
        }

        void check(Check... checks) {
            Stream.of(checks).map(Check::build).forEach(ledger::check);
        }

        LedgerRows emit(Instant now) {
            LedgerRows rows = ledger.emit(now);
            rows.driftEpisodes().forEach(fact -> episodes.put(fact.openedAt() + " " + fact.resource(), fact));
            rows.periods().forEach(row -> periods.put(row.label(), row));
            dora = rows.dora() == null ? dora : rows.dora();
            current = rows.current() == null ? current : rows.current();
            return rows;
        }

        DoraRow dora() {
            return requireNonNull(dora);
        }

        CurrentRow current() {
            return requireNonNull(current);
        }

        ConfigurationDrift window(int days) {
            return dora().windows().stream()
                    .filter(window -> window.days() == days)
                    .findFirst()
                    .orElseThrow()
                    .metrics()
                    .configurationDrift();
        }

        PeriodRow period(String label) {
            return requireNonNull(periods.get(label), label);
        }

        ConfigurationDrift drift(String label) {
            return period(label).metrics().configurationDrift();
        }

        List<DriftEpisodeFact> living() {
            return episodes.values().stream().filter(fact -> !fact.deleted()).toList();
        }

        List<PeriodRow> livingPeriods() {
            return periods.values().stream().filter(row -> !row.deleted()).toList();
        }
    }

    private final World world = new World();

    private static Instant on(LocalDate day, int hour) {
        return day.atTime(hour, 0).toInstant(ZoneOffset.UTC);
    }

    /** Hours before {@link #NOW}. */
    private static Instant ago(int hours) {
        return NOW.minus(Duration.ofHours(hours));
    }

    private static long hours(double hours) {
        return Math.round(hours * 3_600_000);
    }

    private ConfigurationDrift week() {
        world.emit(NOW);
        return world.window(7);
    }

    // ---- observed time

    @Test
    void checkTellsOfItsIntervalAndNoLonger() {
        world.check(checked("c1", ago(50)).drifted().interval(HOUR.multipliedBy(3)));

        assertThat(week().observedMs()).isEqualTo(hours(3));
        assertThat(week().driftedMs()).isEqualTo(hours(3));
        assertThat(week().driftedShare()).isEqualTo(1.0);
    }

    @Test
    void nextCheckEndsWhatTheOneBeforeTells_whoeverMakesIt() {
        world.check(
                checked("c1", ago(50)).interval(DAY),
                checked("c2", ago(48)).by("argo").drifted().interval(HOUR));

        assertThat(week().observedMs()).isEqualTo(hours(3));
        assertThat(week().driftedMs()).isEqualTo(hours(1));
    }

    @Test
    void timeBeyondAStatedIntervalIsNotObserved() {
        world.check(
                checked("c1", ago(50)).drifted().interval(HOUR),
                checked("c2", ago(20)).interval(HOUR));

        assertThat(week().observedMs()).isEqualTo(hours(2));
        assertThat(week().driftedMs()).isEqualTo(hours(1));
        assertThat(week().reconcileMedianMs())
                .as("an episode goes on, whoever looks")
                .isEqualTo(30 * 3.6e6);
    }

    @Test
    void withoutAStatedIntervalItIsTheGapBefore_andForTheFirstCheckTheOneAfter() {
        world.check(checked("c1", ago(50)).drifted());
        world.check(checked("c2", ago(46)));
        assertThat(week().observedMs()).as("4 h until c2, 4 h after it").isEqualTo(hours(8));
        assertThat(week().driftedMs()).isEqualTo(hours(4));

        world.check(checked("c3", ago(36)));
        assertThat(week().observedMs()).as("4 h, 4 h, 10 h").isEqualTo(hours(18));

        world.check(checked("c0", ago(51)));
        assertThat(week().observedMs()).as("1 h, 1 h, 4 h, 10 h").isEqualTo(hours(16));
    }

    @Test
    void singleCheckWithoutAnIntervalTellsOfNoTime() {
        world.check(checked("c1", ago(50)).drifted());

        assertThat(week()).isEqualTo(new ConfigurationDrift(0, null, 0, 1, 1, null, 0, null, null, "nothing_observed"));
    }

    @Test
    void noChecksInTheRange_aValueOnlyIfAnEarlierOneTellsOfIt() {
        world.check(checked("c1", on(TODAY.minusDays(8), 0)).drifted().interval(DAY.multipliedBy(3)));
        assertThat(week()).isEqualTo(new ConfigurationDrift(hours(24), 1.0, hours(24), 0, 0, 0.0, 0, null, null, null));

        world.check(
                checked("c1", on(TODAY.minusDays(8), 0)).drifted().interval(DAY).revision(1));
        assertThat(week()).isEqualTo(new ConfigurationDrift(0, null, 0, 0, 0, null, 0, null, null, "no_checks"));
    }

    @Test
    void noCheckTellsOfMoreThanNinetyDays() {
        Instant at = on(LocalDate.of(2024, 10, 1), 0);
        world.check(checked("c1", at).interval(Duration.ofSeconds(Long.MAX_VALUE)));
        world.emit(NOW);

        assertThat(world.drift("2024-Q4").observedMs()).isEqualTo(90 * DAY.toMillis());
        assertThat(world.periods).doesNotContainKey("2025-Q1");
    }

    @Test
    void checksAtOneMomentMeasureTheirGapFromTheMomentBefore() {
        world.check(checked("c1", ago(50)), checked("c2", ago(46)).by("argo"), checked("c3", ago(46)));

        assertThat(week().observedMs()).isEqualTo(hours(8));
    }

    @Test
    void resourcesAreObservedEachForItself() {
        world.check(
                checked("c1", ago(50)).of("a").drifted().interval(HOUR.multipliedBy(6)),
                checked("c2", ago(48)).of("b").interval(HOUR.multipliedBy(6)));

        assertThat(week().observedMs()).isEqualTo(hours(12));
        assertThat(week().driftedShare()).isEqualTo(0.5);
        assertThat(week().episodesPerDay()).as("one in 12 h of observation").isEqualTo(2.0);
    }

    // ---- episodes

    @Test
    void episodeGoesFromTheFirstDriftedCheckToTheFirstCleanOne() {
        world.check(
                checked("c1", ago(50)),
                checked("c2", ago(40)).drifted("f1"),
                checked("c3", ago(30)).drifted("f2"),
                checked("c4", ago(20)),
                checked("c5", ago(10)));
        world.emit(NOW);

        assertThat(world.living())
                .containsExactly(new DriftEpisodeFact(
                        TENANT,
                        SERVICE,
                        ENVIRONMENT,
                        RESOURCE,
                        ago(40),
                        ago(20),
                        hours(20),
                        ago(30),
                        2,
                        List.of("f1", "f2"),
                        List.of("terraform"),
                        false,
                        NOW));
        assertThat(week().episodes()).isEqualTo(1);
        assertThat(week().reconcileN()).isEqualTo(1);
        assertThat(week().reconcileMedianMs()).isEqualTo(20 * 3.6e6);
        assertThat(week().driftedShare()).isEqualTo(0.4);
    }

    @Test
    void twoDetectorsThatSeeTheSameAreOneEpisode_andEitherMayCloseIt() {
        world.check(
                checked("c1", ago(50)).drifted("f1"),
                checked("c2", ago(40)).by("argo").drifted("f1"),
                checked("c3", ago(30)).by("argo"));
        world.emit(NOW);

        assertThat(world.living())
                .extracting(
                        DriftEpisodeFact::closedAt,
                        DriftEpisodeFact::checks,
                        DriftEpisodeFact::fingerprints,
                        DriftEpisodeFact::detectors)
                .containsExactly(tuple(ago(30), 2, List.of("f1"), List.of("terraform", "argo")));
    }

    @Test
    void detectorThatNeverSawAKnownDriftDoesNotCloseIt() {
        world.check(
                checked("c1", ago(50)).drifted("f1"),
                checked("c2", ago(40)).by("argo"),
                checked("c3", ago(30)).by("argo"));
        assertThat(week().reconcileN()).isZero();
        assertThat(week().driftedMs()).as("also what argo's checks tell of").isEqualTo(week().observedMs());
        assertThat(world.current().drifted()).isTrue();

        world.check(checked("c4", ago(20)));
        assertThat(week().reconcileMedianMs()).isEqualTo(30 * 3.6e6);
        assertThat(world.current().drifted()).isFalse();
    }

    @Test
    void anyCleanCheckClosesADriftOfWhichNobodyKnowsWhatItIs() {
        world.check(checked("c1", ago(50)).drifted(), checked("c2", ago(40)).by("argo"));
        assertThat(week().reconcileMedianMs()).isEqualTo(10 * 3.6e6);

        world.check(checked("c3", ago(45)).drifted("f1"));
        assertThat(week().reconcileN()).as("now it is known what it is").isZero();
    }

    @Test
    void atTheMomentAtWhichAnEpisodeOpensNothingClosesIt() {
        world.check(
                checked("c1", ago(50)).drifted(),
                checked("c2", ago(50)),
                checked("c3", ago(50)).drifted(),
                checked("c4", ago(40)));
        world.emit(NOW);

        assertThat(world.living())
                .extracting(DriftEpisodeFact::openedAt, DriftEpisodeFact::closedAt, DriftEpisodeFact::checks)
                .containsExactly(tuple(ago(50), ago(40), 2));
    }

    @Test
    void oneEpisodeMayCloseAndAnotherOpenAtOneMoment() {
        world.check(
                checked("c1", ago(50)).drifted(),
                checked("c2", ago(40)),
                checked("c3", ago(40)).drifted());
        world.emit(NOW);

        assertThat(world.living())
                .extracting(DriftEpisodeFact::openedAt, DriftEpisodeFact::closedAt)
                .containsExactly(tuple(ago(50), ago(40)), tuple(ago(40), null));
    }

    @Test
    void fingerprintsThatAreOthersEachTimeDoNotFillTheState() {
        for (int i = 0; i < 100; i++) {
            world.check(checked("c" + i, ago(120 - i)).drifted("f" + i));
        }
        world.emit(NOW);

        assertThat(world.living().get(0).checks()).isEqualTo(100);
        assertThat(world.living().get(0).fingerprints())
                .hasSize(DriftEpisode.MOST_FINGERPRINTS)
                .startsWith("f0", "f1");
    }

    @Test
    void episodesThatAClosingCheckNoLongerDividesAreOne() {
        world.check(
                checked("c1", ago(50)).drifted(),
                checked("c2", ago(40)),
                checked("c3", ago(30)).drifted(),
                checked("c4", ago(20)));
        world.emit(NOW);
        assertThat(world.living()).hasSize(2);

        world.check(checked("c2", ago(40)).revision(1).deleted());
        List<DriftEpisodeFact> changed = world.emit(NOW).driftEpisodes();

        assertThat(changed)
                .extracting(DriftEpisodeFact::openedAt, DriftEpisodeFact::deleted, DriftEpisodeFact::reconcileMs)
                .containsExactly(tuple(ago(50), false, hours(30)), tuple(ago(30), true, null));
    }

    @Test
    void episodeWhoseFirstCheckMovesIsAnother() {
        world.check(checked("c1", ago(50)).drifted(), checked("c2", ago(20)));
        world.emit(NOW);
        world.check(checked("c1", ago(90)).drifted().revision(1));
        List<DriftEpisodeFact> changed = world.emit(NOW).driftEpisodes();

        assertThat(changed)
                .extracting(DriftEpisodeFact::openedAt, DriftEpisodeFact::deleted, DriftEpisodeFact::checks)
                .containsExactly(tuple(ago(90), false, 1), tuple(ago(50), true, 0));
    }

    @Test
    void episodeThatGoesOnChangesWithEachCheckThatSeesIt() {
        world.check(checked("c1", ago(50)).drifted("f1"), checked("c3", ago(2)).drifted("f1"));
        world.emit(NOW);
        assertThat(world.living().get(0).closedAt()).isNull();
        assertThat(world.living().get(0).lastCheckAt()).isEqualTo(ago(2));

        world.check(checked("c2", ago(30)).drifted("f2"));
        world.emit(NOW);
        assertThat(world.living().get(0).checks()).isEqualTo(3);
        assertThat(world.living().get(0).fingerprints()).containsExactly("f1", "f2");
    }

    // ---- the set of checks

    @Test
    void knownEventAndOverruledWordChangeNothing() {
        world.check(checked("c1", ago(50)).drifted().interval(HOUR).revision(1));
        world.emit(NOW);
        world.check(checked("c1", ago(50)).drifted().interval(HOUR).revision(1));
        world.check(checked("c1", ago(60)).interval(DAY));

        assertThat(world.ledger.isDirty()).isFalse();
        assertThat(week().observedMs()).isEqualTo(hours(1));
    }

    @Test
    void deletedCheckIsGone_alsoWhereItComesLater() {
        world.check(checked("c1", ago(50)).interval(HOUR).deleted().revision(1));
        world.check(checked("c1", ago(50)).interval(HOUR));
        assertThat(world.ledger.isDirty()).isFalse();

        world.check(checked("c1", ago(50)).interval(HOUR).revision(2));
        assertThat(week().checks()).as("a still higher revision brings it back").isEqualTo(1);
    }

    @Test
    void ofOneRevisionTheDeletionWins_elseTheLatest() {
        world.check(
                checked("c1", ago(50)).interval(HOUR),
                checked("c1", ago(40)).drifted().interval(HOUR));
        assertThat(week().driftedMs()).isEqualTo(hours(1));

        world.check(checked("c1", ago(60)).deleted());
        assertThat(week().checks()).isZero();
    }

    @Test
    void correctedCheckMovesToAnotherResource() {
        world.check(
                checked("c1", ago(50)).of("a").interval(HOUR),
                checked("c2", ago(49)).of("a").drifted().interval(HOUR),
                checked("c2", ago(49)).of("b").drifted().interval(HOUR).revision(1));
        world.emit(NOW);

        assertThat(week().observedMs()).isEqualTo(hours(2));
        assertThat(world.living()).extracting(DriftEpisodeFact::resource).containsExactly("b");
        assertThat(world.tables.drift().standings().keys()).containsExactlyInAnyOrder("a", "b");
    }

    @ParameterizedTest(name = "shuffle seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void anyOrderOfArrivalGivesTheSame(long seed) {
        List<DriftChecked> words = Stream.of(
                        checked("c1", ago(150)).drifted("f1"),
                        checked("c2", ago(100)).by("argo"),
                        checked("c3", ago(100)).drifted("f2"),
                        checked("c4", ago(70)).by("argo").drifted().interval(HOUR),
                        checked("c4", ago(20)).by("argo").revision(1),
                        checked("c5", ago(60)),
                        checked("c5", ago(60)).revision(3).deleted(),
                        checked("c5", ago(61)).drifted().revision(2),
                        checked("c6", ago(30)).of("b").drifted(),
                        checked("c6", ago(30)).of("a").revision(1),
                        checked("c7", ago(40)).by("argo").drifted("f1").interval(DAY))
                .map(Check::build)
                .toList();
        words.forEach(world.ledger::check);
        world.emit(NOW);

        var random = new Random(seed);
        var shuffled = new ArrayList<>(words);
        Collections.shuffle(shuffled, random);
        shuffled.addAll(random.nextInt(shuffled.size()), shuffled.subList(0, 4));
        var other = new World();
        for (DriftChecked word : shuffled) {
            other.ledger.check(word);
            if (random.nextInt(3) == 0) {
                other.emit(NOW);
            }
        }
        other.emit(NOW);

        assertThat(other.dora).isEqualTo(world.dora);
        assertThat(other.current).isEqualTo(world.current);
        assertThat(other.living()).isEqualTo(world.living());
        assertThat(other.livingPeriods()).isEqualTo(world.livingPeriods());
    }

    // ---- days, windows and periods

    @Test
    void timeIsCutToTheRange() {
        Instant start = on(TODAY.minusDays(6), 0);
        world.check(
                checked("c1", start.minus(Duration.ofHours(3))).drifted().interval(HOUR.multipliedBy(5)),
                checked("c2", on(TODAY, 23)).interval(HOUR.multipliedBy(5)));
        world.emit(NOW);

        assertThat(world.window(7).observedMs()).as("2 h and 1 h").isEqualTo(hours(3));
        assertThat(world.window(7).driftedMs()).isEqualTo(hours(2));
        assertThat(world.window(7).checks()).isEqualTo(1);
        assertThat(world.window(7).episodes()).isZero();
        assertThat(world.window(30).observedMs()).isEqualTo(hours(6));
        assertThat(world.window(30).episodes()).isEqualTo(1);
    }

    @Test
    void timeIsCutToTheDaysOfTheZone() {
        var kolkata = new World(ZoneId.of("Asia/Kolkata"));
        // 2025-06-01 begins at 18:30 UTC on 2025-05-31
        kolkata.check(
                checked("c1", Instant.parse("2025-05-31T17:00:00Z")).drifted().interval(HOUR.multipliedBy(10)));
        kolkata.check(checked("c2", Instant.parse("2025-05-31T18:45:00Z")).interval(HOUR.multipliedBy(10)));
        kolkata.emit(Instant.parse("2025-06-02T00:00:00Z"));

        assertThat(kolkata.drift("2025-05").observedMs()).isEqualTo(hours(1.5));
        assertThat(kolkata.drift("2025-06").observedMs()).isEqualTo(hours(10.25));
        assertThat(kolkata.drift("2025-06").driftedMs()).isEqualTo(hours(0.25));
        assertThat(kolkata.drift("2025-06").checks()).isEqualTo(1);
        assertThat(kolkata.drift("2025-06").reconcileN()).isEqualTo(1);
        assertThat(kolkata.drift("2025-05").episodes()).isEqualTo(1);
    }

    @Test
    void episodeCountsWhereItOpens_andItsLengthWhereItCloses() {
        world.check(
                checked("c1", on(LocalDate.of(2025, 3, 30), 6)).drifted().interval(HOUR),
                checked("c2", on(LocalDate.of(2025, 4, 2), 6)).interval(HOUR));
        world.emit(NOW);

        assertThat(world.drift("2025-Q1").episodes()).isEqualTo(1);
        assertThat(world.drift("2025-Q1").reconcileN()).isZero();
        assertThat(world.drift("2025-Q2").episodes()).isZero();
        assertThat(world.drift("2025-Q2").reconcileMedianMs()).isEqualTo(72 * 3.6e6);
    }

    @Test
    void onlyThePeriodsAreSentAgainWhoseNumbersChange() {
        Duration fortnight = DAY.multipliedBy(14);
        world.check(
                checked("c1", on(LocalDate.of(2025, 3, 3), 0)).interval(fortnight),
                checked("c3", on(LocalDate.of(2025, 3, 17), 0)).interval(fortnight));
        world.emit(NOW);

        world.check(checked("c2", on(LocalDate.of(2025, 3, 5), 0)).interval(fortnight));
        assertThat(world.emit(NOW).periods())
                .as("one more check, nothing else")
                .extracting(PeriodRow::label)
                .containsExactlyInAnyOrder("2025-W10", "2025-03", "2025-Q1");

        world.check(checked("c2", on(LocalDate.of(2025, 3, 5), 0))
                .drifted()
                .interval(fortnight)
                .revision(1));
        assertThat(world.emit(NOW).periods())
                .as("drifted until c3, which closes the episode")
                .extracting(PeriodRow::label)
                .containsExactlyInAnyOrder("2025-W10", "2025-W11", "2025-W12", "2025-03", "2025-Q1");

        world.check(checked("c2", on(LocalDate.of(2025, 3, 5), 0))
                .interval(fortnight)
                .revision(2));
        world.check(checked("c4", on(LocalDate.of(2025, 3, 24), 0)).interval(fortnight));
        assertThat(world.emit(NOW).periods())
                .extracting(PeriodRow::label)
                .containsExactlyInAnyOrder(
                        "2025-W10",
                        "2025-W11",
                        "2025-W12",
                        "2025-W13",
                        "2025-W14",
                        "2025-03",
                        "2025-04",
                        "2025-Q1",
                        "2025-Q2");
    }

    @Test
    void daysOfWhichOnlyChecksTellAreDaysLikeOthers() {
        LocalDate april = LocalDate.of(2025, 4, 1);
        world.check(checked("c1", on(april, 5)).drifted().interval(DAY.multipliedBy(2)));
        Instant now = on(april, 6);
        world.emit(now);
        assertThat(world.dora().deleted()).isFalse();
        assertThat(world.period("2025-Q2").provisional()).isTrue();
        assertThat(world.ledger.nextChange(now)).contains(on(april.plusDays(1), 0));

        int emissions = 0;
        for (var next = world.ledger.nextChange(now); next.isPresent(); next = world.ledger.nextChange(now)) {
            now = next.get();
            world.emit(now);
            assertThat(++emissions).as("emissions").isLessThan(100);
        }
        // 90 days hold the last of them, 3 April, until 2 July
        assertThat(now).isEqualTo(on(LocalDate.of(2025, 7, 2), 0));
        assertThat(world.window(90)).isEqualTo(DeliveryMetrics.empty().configurationDrift());
        assertThat(world.period("2025-Q2").provisional()).isFalse();
        assertThat(world.period("2025-Q2").deleted()).isFalse();
        assertThat(world.drift("2025-Q2").observedMs()).isEqualTo(hours(48));
    }

    @Test
    void whatRunsAndItsChecksStandSideBySide() {
        world.check(
                checked("c1", ago(50)).of("a").drifted(), checked("c2", ago(20)).of("b"));
        world.emit(NOW);
        assertThat(world.current().drifted()).isTrue();
        assertThat(world.current().lastDriftCheckAt()).isEqualTo(ago(20));
        assertThat(world.current().deleted()).isFalse();
        assertThat(world.current().deploymentId()).isNull();

        world.ledger.observe(
                observed("d1", DeploymentState.SUCCESS, ago(10)).version("v1").build());
        world.check(checked("c3", ago(5)).of("a"));
        world.emit(NOW);
        assertThat(world.current().version()).isEqualTo("v1");
        assertThat(world.current().drifted()).isFalse();
        assertThat(world.current().lastDriftCheckAt()).isEqualTo(ago(5));
    }

    @Test
    void allChecksDeleted_everyRowSaysSoAndNothingButThatIsRemembered() {
        world.check(
                checked("c1", ago(50)).of("a").drifted("f1"),
                checked("c2", ago(20)).of("a").interval(DAY.multipliedBy(20)),
                checked("c3", ago(20)).of("b"));
        world.emit(NOW);
        assertThat(world.current().deleted()).isFalse();
        world.check(
                checked("c3", ago(20)).of("b").revision(1).deleted(),
                checked("c1", ago(50)).of("a").revision(1).deleted(),
                checked("c2", ago(20)).of("a").revision(1).deleted());
        world.emit(NOW);

        assertThat(world.living()).isEmpty();
        assertThat(world.dora().deleted()).isTrue();
        assertThat(world.current().deleted()).isTrue();
        assertThat(world.current().drifted()).isNull();
        assertThat(world.current().lastDriftCheckAt()).isNull();
        assertThat(world.periods.values()).isNotEmpty().allMatch(PeriodRow::deleted);
        assertThat(world.ledger.nextChange(NOW)).isEmpty();
        DriftTables tables = world.tables.drift();
        assertThat(tables.words().keys()).containsExactlyInAnyOrder("c1", "c2", "c3");
        assertThat(tables.days().keys()).isEmpty();
        assertThat(tables.dayIndex().keys()).isEmpty();
        assertThat(tables.resources().keys()).isEmpty();
        assertThat(tables.episodes().keys()).isEmpty();
        assertThat(tables.standings().keys()).isEmpty();
        assertThat(Stream.of(TODAY.minusDays(3), TODAY.minusDays(1), TODAY.plusDays(5))
                        .map(day -> tables.cells().get(day.toEpochDay())))
                .containsOnlyNulls();
    }

    // ---- cost

    @Test
    void checkCostsWhatItTouches_howeverLongTheHistory() {
        assertThat(costs(40)).allSatisfy(cost -> assertThat(cost).isLessThanOrEqualTo(25));
        assertThat(costs(400)).isEqualTo(costs(40));
        assertThat(costs(4000)).isEqualTo(costs(40));
    }

    /** How often days are read and written for a check at the end, an early one, its deletion, and one of an old episode. */
    private static List<Integer> costs(int days) {
        var table = new CountingTable<String, DriftDay>();
        var ledger = new DriftLedger(
                new ServiceEnvironment(TENANT, SERVICE, ENVIRONMENT, ZoneOffset.UTC, ServiceEnvironment.LINK_WINDOW),
                new MemoryDriftTables(
                        new MemoryTable<>(),
                        table,
                        new MemoryTable<>(),
                        new MemoryTable<>(),
                        new MemoryTable<>(),
                        new MemoryTable<>(),
                        new MemoryTable<>()));
        LocalDate first = TODAY.minusDays(days);
        for (int day = 0; day < days; day++) {
            // half of each ten days is an episode, and the last is never closed
            boolean drifted = day % 10 < 5 || day > days - 5;
            Check check = checked("c" + day, on(first.plusDays(day), 6)).interval(DAY);
            ledger.check((drifted ? check.drifted("f") : check).build());
        }
        Instant early = on(first.plusDays(17), 3);
        return List.of(
                cost(ledger, table, checked("last", on(TODAY, 6)).drifted("f")),
                cost(ledger, table, checked("early", early)),
                cost(ledger, table, checked("early", early).revision(1).deleted()),
                cost(ledger, table, checked("joins", on(first.plusDays(11), 3)).drifted("g")));
    }

    private static int cost(DriftLedger ledger, CountingTable<String, DriftDay> days, Check check) {
        days.reset();
        ledger.check(check.build());
        return days.reads() + days.writes();
    }

    // ---- arithmetic

    @Test
    void medianOfSixEpisodesHasAnInterval() {
        for (int i = 0; i < 6; i++) {
            world.check(checked("o" + i, ago(140 - 20 * i)).drifted(), checked("x" + i, ago(140 - 20 * i - 1 - i)));
        }
        ConfigurationDrift drift = week();

        assertThat(drift.reconcileN()).isEqualTo(6);
        assertThat(drift.reconcileMedianMs()).isCloseTo(3.5 * 3.6e6, within(1e-6));
        assertThat(requireNonNull(drift.reconcileMedianInterval()).lower()).isEqualTo(3.6e6);
        assertThat(requireNonNull(drift.reconcileMedianInterval()).upper()).isEqualTo(6 * 3.6e6);
    }
}
