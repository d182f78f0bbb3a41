package dev.sluice.gateapi.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalogue.EnvironmentClassRow;
import dev.sluice.delivery.EnvironmentClass;
import dev.sluice.dora.DoraRow;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Progress;
import dev.sluice.wire.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ViewsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final TopicPartition FIRST = new TopicPartition(Topic.DORA.topicName(), 0);
    private static final TopicPartition SECOND = new TopicPartition(Topic.DORA.topicName(), 1);

    private final Views views = new Views(Clock.fixed(NOW, ZoneOffset.UTC));

    @BeforeEach
    void follow() {
        views.follow(List.of(FIRST, SECOND));
    }

    private static Held<DoraRow> row(int partition) {
        var row = new DoraRow(
                "default", "checkout", "production", "UTC", LocalDate.of(2026, 3, 1), List.of(), false, NOW);
        return new Held<>(row, "default/checkout/production", Topic.DORA.topicName(), partition, 1, 1);
    }

    private void heartbeats(Instant at) {
        views.heartbeat(FIRST, at);
        views.heartbeat(SECOND, at);
    }

    private void progress(String job, int partition, Instant at) {
        var progress = new Progress(job, partition, at, 1);
        views.progressTable().put(new Held<>(progress, progress.key(), Topic.PROGRESS.topicName(), 0, 1, 1));
    }

    @Test
    void twoHoursWithoutAnEventAreNotOld_whileHeartbeatsComeThrough() {
        Instant before = NOW.minus(Duration.ofHours(2));
        views.caughtUp(FIRST, NOW);
        views.heartbeat(FIRST, before);
        progress("dora", 0, before);
        assertThat(views.age(Optional.of(row(0)), NOW)).contains(Duration.ofHours(2));

        views.heartbeat(FIRST, NOW.minusSeconds(1));
        progress("dora", 0, NOW.minusSeconds(1));
        assertThat(views.age(Optional.of(row(0)), NOW)).contains(Duration.ofSeconds(1));
    }

    @Test
    void ageIsNotKnown_withoutProgressOrBeforeTheEndWasRead() {
        assertThat(views.age(Optional.of(row(0)), NOW)).isEmpty();
        heartbeats(NOW);
        views.caughtUp(FIRST, NOW);
        assertThat(views.age(Optional.of(row(0)), NOW)).isEmpty();
        progress("ingest", 0, NOW);
        assertThat(views.age(Optional.of(row(0)), NOW)).isEmpty();
        progress("dora", 0, NOW);
        assertThat(views.age(Optional.of(row(0)), NOW)).contains(Duration.ZERO);
        assertThat(views.age(Optional.of(row(1)), NOW)).isEmpty();
    }

    @Test
    void ageIsNotKnown_beforeAHeartbeatOfThePartitionWasRead() {
        views.caughtUp(FIRST, NOW);
        views.caughtUp(SECOND, NOW);
        progress("dora", 0, NOW);
        assertThat(views.age(Optional.of(row(0)), NOW)).isEmpty();

        views.heartbeat(FIRST, NOW);

        assertThat(views.age(Optional.of(row(0)), NOW)).contains(Duration.ZERO);
        assertThat(views.age(Optional.of(row(1)), NOW)).isEmpty();
        assertThat(views.age(Optional.empty(), NOW)).isEmpty();
        views.lost(FIRST);
        views.caughtUp(FIRST, NOW);
        assertThat(views.age(Optional.of(row(0)), NOW)).isEmpty();
    }

    @Test
    void aStuckPartitionAgesItsOwnRows_howeverFarTheProgressIs() {
        views.caughtUp(FIRST, NOW);
        views.caughtUp(SECOND, NOW);
        progress("dora", 0, NOW);
        views.heartbeat(FIRST, NOW);
        views.heartbeat(SECOND, NOW.minusSeconds(90));

        assertThat(views.age(Optional.of(row(0)), NOW)).contains(Duration.ZERO);
        assertThat(views.age(Optional.of(row(1)), NOW)).contains(Duration.ofSeconds(90));
        assertThat(views.age(Optional.empty(), NOW)).contains(Duration.ofSeconds(90));
    }

    @Test
    void ageIsSinceTheLeastOfProgressAndReading() {
        heartbeats(NOW);
        views.caughtUp(FIRST, NOW.minusSeconds(3));
        views.caughtUp(SECOND, NOW.minusSeconds(9));
        progress("dora", 0, NOW.minusSeconds(1));
        progress("dora", 1, NOW.minusSeconds(5));

        assertThat(views.age(Optional.of(row(0)), NOW)).contains(Duration.ofSeconds(5));
        assertThat(views.age(Optional.of(row(1)), NOW)).contains(Duration.ofSeconds(9));
        assertThat(views.age(Optional.empty(), NOW)).contains(Duration.ofSeconds(9));
        assertThat(views.ageSeconds()).isEqualTo(9.0);
    }

    /** Nobody writes heartbeats there where no canaries are judged. */
    @Test
    void ageDoesNotDependOnVerdicts() {
        views.follow(List.of(FIRST, new TopicPartition(Topic.VERDICTS.topicName(), 0)));
        views.caughtUp(FIRST, NOW);
        views.heartbeat(FIRST, NOW);
        progress("dora", 0, NOW);

        assertThat(views.age(Optional.of(row(0)), NOW)).contains(Duration.ZERO);
        assertThat(views.age(Optional.empty(), NOW)).contains(Duration.ZERO);
        assertThat(views.missing()).containsExactly("sluice.verdicts.v1-0");
    }

    @Test
    void ageIsNeverNegative() {
        heartbeats(NOW.plusSeconds(3));
        views.caughtUp(FIRST, NOW.plusSeconds(1));
        progress("dora", 0, NOW.plusSeconds(2));

        assertThat(views.age(Optional.of(row(0)), NOW)).contains(Duration.ZERO);
    }

    @Test
    void isReadyWhenEachPartitionWasReadToItsEnd() {
        assertThat(views.missing()).containsExactly("sluice.dora.v1-0", "sluice.dora.v1-1");
        views.caughtUp(FIRST, NOW);
        assertThat(views.missing()).containsExactly("sluice.dora.v1-1");
        views.caughtUp(SECOND, NOW);
        assertThat(views.missing()).isEmpty();
        views.lost(SECOND);
        assertThat(views.missing()).containsExactly("sluice.dora.v1-1");
    }

    @Test
    void keepsTheNewestGenerationOfEachKey() {
        var table = new Table<String>();
        table.put(held("new", 10, 2));
        table.put(held("of an older attempt", 11, 1));
        assertThat(table.get("k")).map(Held::row).contains("new");

        table.put(held("newer", 12, 2));
        table.put(held("read again", 10, 2));
        assertThat(table.get("k")).map(Held::row).contains("newer");

        table.delete("k", 13, 1);
        assertThat(table.get("k")).isPresent();
        table.delete("k", 14, 2);
        table.put(held("of an older attempt", 15, 1));
        assertThat(table.get("k")).isEmpty();
        table.put(held("back", 16, 2));
        assertThat(table.get("k")).map(Held::row).contains("back");

        table.forget("k", 12);
        assertThat(table.get("k")).as("came after the tombstone").isPresent();
        table.forget("k", 17);
        assertThat(table.all()).isEmpty();
    }

    @Test
    void isNothing_whileItIsReadAnew() {
        views.doraTable().put(row(0));
        views.caughtUp(FIRST, NOW);
        views.caughtUp(SECOND, NOW);
        heartbeats(NOW);
        assertThat(views.missing()).isEmpty();

        views.follow(List.of(FIRST, SECOND));

        assertThat(views.missing()).containsExactlyInAnyOrder("sluice.dora.v1-0", "sluice.dora.v1-1");
        assertThat(views.doraTable().all()).isEmpty();
    }

    @Test
    void losesOnlyTheRowsOfAnEmptiedPartition() {
        var table = new Table<String>();
        table.put(held("k", 1, 1));
        table.put(new Held<>("other", "other", "t", 1, 1, 1));

        table.clear(0);

        assertThat(table.all()).extracting(Held::row).containsExactly("other");
    }

    private static Held<String> held(String row, long offset, long generation) {
        return new Held<>(row, "k", "t", 0, offset, generation);
    }

    // ---- classes of environments

    private static final TopicPartition CURRENT = new TopicPartition(Topic.CURRENT.topicName(), 0);

    private void assigned(String environment, EnvironmentClass environmentClass, @Nullable Instant until) {
        var row = new EnvironmentClassRow(
                "default",
                environment,
                List.of(new EnvironmentClassRow.Span(environmentClass, Instant.EPOCH, until)),
                false,
                NOW);
        views.environmentTable()
                .put(new Held<>(
                        row, Keys.environmentClass("default", environment), Topic.CURRENT.topicName(), 0, 1, 1));
    }

    @Test
    void productionIsWhatTheCatalogueSays_ofTheTenantAndForItsTime() {
        views.follow(List.of(CURRENT));
        views.caughtUp(CURRENT, NOW);
        assigned("blue", EnvironmentClass.PRODUCTION, null);
        assigned("red", EnvironmentClass.PRODUCTION, NOW);
        assigned("green", EnvironmentClass.TEST, null);

        assertThat(views.mayBeProduction("default", "blue")).isTrue();
        assertThat(views.mayBeProduction("other", "blue")).isFalse();
        assertThat(views.mayBeProduction("default", "red")).as("until now").isFalse();
        assertThat(views.mayBeProduction("default", "green")).isFalse();
        assertThat(views.mayBeProduction("default", "unheard-of")).isFalse();
    }

    @Test
    void whateverMayBeProduction_whileTheCatalogueWasNotReadForAMinute() {
        views.follow(List.of(CURRENT));
        assertThat(views.mayBeProduction("default", "green")).as("not read yet").isTrue();

        views.caughtUp(CURRENT, NOW.minus(Duration.ofMinutes(1)));
        assertThat(views.mayBeProduction("default", "green")).isFalse();

        views.caughtUp(CURRENT, NOW.minus(Duration.ofMinutes(1)).minusMillis(1));
        assertThat(views.mayBeProduction("default", "green"))
                .as("read too long ago")
                .isTrue();
    }

    @Test
    void classesOfAPartitionThatIsReadAnewHoldNoMore() {
        views.follow(List.of(CURRENT));
        views.caughtUp(CURRENT, NOW);
        assigned("blue", EnvironmentClass.PRODUCTION, null);

        views.lost(CURRENT);
        views.caughtUp(CURRENT, NOW);

        assertThat(views.mayBeProduction("default", "blue")).isFalse();
    }

    private void setUp(String tenant, String kind, String id) {
        var control =
                new Control(tenant, kind, id, "ann", NOW, false, Json.mapper().createObjectNode());
        views.controlTable().put(new Held<>(control, control.key(), Topic.CONTROL.topicName(), 0, 1, 1));
    }

    @Test
    void whatIsSetUpIsFoundByItsKind_andByItsId_ofAllTenants() {
        setUp("acme", Control.CALLBACK, "one");
        setUp("acme", Control.CONNECTION, "one");
        setUp("acme", Control.CONNECTION, "two");
        setUp("other", Control.CONNECTION, "two");

        assertThat(views.controls(Control.CONNECTION)).hasSize(3);
        assertThat(views.controls(Control.CONNECTION, "two"))
                .extracting(held -> held.row().tenant())
                .containsExactlyInAnyOrder("acme", "other");
        assertThat(views.controls(Control.CALLBACK, "two")).isEmpty();
        assertThat(views.controls(Control.POLICY)).isEmpty();
    }
}
