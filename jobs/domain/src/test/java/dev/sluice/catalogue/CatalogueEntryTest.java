package dev.sluice.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CatalogueKind;
import dev.sluice.delivery.EnvironmentClass;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.ServiceDescribed;
import dev.sluice.simulation.Pipeline.MemoryCatalogueTables;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueEntryTest {
    private static final Instant NOON = Instant.parse("2025-03-01T12:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final LocalDate MARCH = LocalDate.of(2025, 3, 1);
    private static final LocalDate JULY = LocalDate.of(2025, 7, 1);

    private final CatalogueEntry checkout = entry();

    @Test
    void assignmentHolds_untilTheDayOfTheNext() {
        checkout.assign(assigned("a", "payments", MARCH, 0, false));
        checkout.assign(assigned("b", "platform", JULY, 0, false));

        assertThat(spans())
                .containsExactly(
                        "payments 2025-03-01T00:00:00Z 2025-07-01T00:00:00Z", "platform 2025-07-01T00:00:00Z null");
    }

    @Test
    void assignmentThatWasTakenBack_leavesItsTimeToTheOneBefore() {
        checkout.assign(assigned("a", "payments", MARCH, 0, false));
        checkout.assign(assigned("b", "platform", JULY, 0, false));
        checkout.assign(assigned("c", "platform", JULY, 1, true));

        assertThat(spans()).containsExactly("payments 2025-03-01T00:00:00Z null", "deleted 2025-07-01");
    }

    @Test
    void assignmentToNothing_endsTheOneBefore() {
        checkout.assign(assigned("a", "payments", MARCH, 0, false));
        checkout.assign(assigned("b", null, JULY, 0, false));

        assertThat(spans())
                .containsExactly(
                        "payments 2025-03-01T00:00:00Z 2025-07-01T00:00:00Z", "null 2025-07-01T00:00:00Z null");
    }

    @Test
    void dayBegins_inTheZoneOfTheService() {
        checkout.assign(assigned("a", "payments", JULY, 0, false));
        checkout.describe(described("s", BERLIN, null, 0, false));

        assertThat(spans()).containsExactly("payments 2025-06-30T22:00:00Z null");
    }

    @Test
    void settingsGo_whenTheDescriptionIsTakenBack() {
        checkout.isIn("production");
        assertThat(checkout.describe(described("a", BERLIN, Duration.ofHours(6), 0, false)))
                .containsExactly("production");
        assertThat(checkout.settings()).isEqualTo(new ServiceSettings(BERLIN, Duration.ofHours(6)));

        assertThat(checkout.describe(described("b", null, null, 1, true))).containsExactly("production");
        assertThat(checkout.settings()).isEqualTo(ServiceSettings.USUAL);
        assertThat(checkout.settingsFact(NOON))
                .isEqualTo(new ServiceSettingsFact("default", "checkout", "Z", 259_200_000, true, NOON));
    }

    @Test
    void environmentIsTold_onlyWhereSomethingIsSet() {
        assertThat(checkout.isIn("staging")).isFalse();
        checkout.describe(described("a", BERLIN, null, 0, false));
        assertThat(checkout.isIn("production")).isTrue();
        assertThat(checkout.isIn("production")).as("known").isFalse();
        assertThat(checkout.describe(described("b", BERLIN, null, 1, false)))
                .as("as before")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void orderOfTheWordsPlaysNoPart(long seed) {
        List<Object> words = new ArrayList<>(List.of(
                assigned("a", "payments", MARCH, 0, false),
                assigned("b", "platform", MARCH, 0, false),
                assigned("c", "platform", JULY, 2, true),
                assigned("d", "search", JULY, 1, false),
                described("e", BERLIN, null, 0, false),
                described("f", null, Duration.ofHours(1), 0, false)));
        words.forEach(this::take);
        Collections.shuffle(words, new Random(seed));
        var other = entry();
        for (Object word : words) {
            if (word instanceof CatalogueAssigned assigned) {
                other.assign(assigned);
            } else if (word instanceof ServiceDescribed described) {
                other.describe(described);
            }
        }

        assertThat(other.assignments(NOON)).as("seed %d", seed).isEqualTo(checkout.assignments(NOON));
        assertThat(other.settings()).isEqualTo(checkout.settings());
        assertThat(spans()).containsExactly("platform 2025-03-01T00:00:00Z null", "deleted 2025-07-01");
    }

    @Test
    void environmentIsProduction_whileItsClassSaysSoAndBefore() {
        CatalogueEntry blue = environment("blue");
        blue.assign(classified("blue", "a", "PRODUCTION", MARCH, 0, false));
        blue.assign(classified("blue", "b", "TEST", JULY, 0, false));
        EnvironmentClassRow row = Objects.requireNonNull(blue.environmentClasses(NOON));
        Instant end = Instant.parse("2025-07-01T00:00:00Z");

        assertThat(row.classes())
                .containsExactly(
                        new EnvironmentClassRow.Span(
                                EnvironmentClass.PRODUCTION, Instant.parse("2025-03-01T00:00:00Z"), end),
                        new EnvironmentClassRow.Span(EnvironmentClass.TEST, end, null));
        assertThat(row.deleted()).isFalse();
        assertThat(row.isProductionFrom(NOON)).isTrue();
        assertThat(row.isProductionFrom(Instant.EPOCH)).as("it will be").isTrue();
        assertThat(row.isProductionFrom(end.minusMillis(1))).isTrue();
        assertThat(row.isProductionFrom(end)).as("it was").isFalse();
    }

    @Test
    void environmentWhoseClassesWereTakenBack_hasNone() {
        CatalogueEntry blue = environment("blue");
        blue.assign(classified("blue", "a", "PRODUCTION", MARCH, 0, false));
        blue.assign(classified("blue", "b", null, JULY, 0, false));
        assertThat(Objects.requireNonNull(blue.environmentClasses(NOON)).classes())
                .extracting(EnvironmentClassRow.Span::validTo)
                .containsExactly(Instant.parse("2025-07-01T00:00:00Z"));

        blue.assign(classified("blue", "c", "PRODUCTION", MARCH, 1, true));

        assertThat(blue.environmentClasses(NOON))
                .isEqualTo(new EnvironmentClassRow("default", "blue", List.of(), true, NOON));
        assertThat(environment("green").environmentClasses(NOON))
                .as("nothing was ever said")
                .isNull();
        checkout.assign(assigned("a", "PRODUCTION", MARCH, 0, false));
        assertThat(checkout.environmentClasses(NOON)).as("a team").isNull();
    }

    private static CatalogueEntry environment(String name) {
        return new CatalogueEntry(
                "default",
                CatalogueKind.ENVIRONMENT_CLASS,
                name,
                ZoneOffset.UTC,
                Duration.ofDays(3),
                new MemoryCatalogueTables());
    }

    private static CatalogueAssigned classified(
            String name, String id, @Nullable String value, LocalDate from, long revision, boolean deleted) {
        return new CatalogueAssigned(header(id), CatalogueKind.ENVIRONMENT_CLASS, name, value, from, revision, deleted);
    }

    private void take(Object word) {
        if (word instanceof CatalogueAssigned assigned) {
            checkout.assign(assigned);
        } else {
            checkout.describe((ServiceDescribed) word);
        }
    }

    private List<String> spans() {
        return checkout.assignments(NOON).stream()
                .map(fact -> fact.deleted()
                        ? "deleted " + fact.fromDay()
                        : fact.value() + " " + Objects.requireNonNull(fact.validFrom()) + " " + fact.validTo())
                .toList();
    }

    private static CatalogueEntry entry() {
        return new CatalogueEntry(
                "default",
                CatalogueKind.SERVICE_TEAM,
                "checkout",
                ZoneOffset.UTC,
                Duration.ofDays(3),
                new MemoryCatalogueTables());
    }

    private static EventHeader header(String id) {
        return new EventHeader(id, "default", "people", "d-" + id, NOON, NOON);
    }

    private static CatalogueAssigned assigned(
            String id, @Nullable String team, LocalDate from, long revision, boolean deleted) {
        return new CatalogueAssigned(header(id), CatalogueKind.SERVICE_TEAM, "checkout", team, from, revision, deleted);
    }

    private static ServiceDescribed described(
            String id, @Nullable ZoneId zone, @Nullable Duration linkWindow, long revision, boolean deleted) {
        return new ServiceDescribed(header(id), "checkout", zone, linkWindow, revision, deleted);
    }
}
