package dev.sluice.gateapi.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The other name of a row goes where the row goes, and so do its groups. */
class TableTest {
    private final Table<String> table =
            new Table<>(row -> Optional.of(row).filter(name -> !name.isEmpty()), row -> List.of());

    private static Held<String> row(String key, String name, int partition, long offset) {
        return new Held<>(name, key, "t", partition, offset, 0);
    }

    @Test
    void aRowIsFoundByItsName_untilItHasAnother() {
        table.put(row("a", "one", 0, 1));
        assertThat(table.named("one")).map(Held::key).contains("a");

        table.put(row("a", "two", 0, 2));

        assertThat(table.named("one")).isEmpty();
        assertThat(table.named("two")).map(Held::key).contains("a");
        table.put(row("a", "", 0, 3));
        assertThat(table.named("two")).isEmpty();
        assertThat(table.named("")).isEmpty();
    }

    @Test
    void aRowThatIsDeletedForgottenOrLostHasNoName() {
        table.put(row("a", "one", 0, 1));
        table.put(row("b", "two", 0, 2));
        table.put(row("c", "three", 1, 3));

        table.delete("a", 4, 0);
        table.forget("b", 5);
        table.clear(1);

        assertThat(table.named("one")).isEmpty();
        assertThat(table.named("two")).isEmpty();
        assertThat(table.named("three")).isEmpty();
    }

    @Test
    void aNameThatAnotherRowHasTakenStaysWithIt() {
        table.put(row("a", "one", 0, 1));
        table.put(row("b", "one", 0, 2));

        table.delete("a", 3, 0);

        assertThat(table.named("one")).map(Held::key).contains("b");
    }

    /** Rows such as {@code a1}, each of the groups {@code a} and {@code a1}. */
    private static Table<String> grouped() {
        return new Table<>(row -> Optional.empty(), row -> List.of(row.substring(0, 1), row));
    }

    private static Set<Held<String>> filtered(Table<String> table, Predicate<String> of) {
        return table.all().stream().filter(held -> of.test(held.row())).collect(Collectors.toSet());
    }

    private static void change(Table<String> table, Random random, long offset) {
        String key = "k" + random.nextInt(12);
        String row = "abc".charAt(random.nextInt(3)) + Integer.toString(random.nextInt(4));
        switch (random.nextInt(12)) {
            case 0 -> table.delete(key, offset, random.nextInt(2));
            case 1 -> table.forget(key, offset - random.nextInt(20));
            case 2 -> table.clear(random.nextInt(3));
            default ->
                table.put(new Held<>(row, key, "t", random.nextInt(3), offset - random.nextInt(20), random.nextInt(2)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aGroupHasTheRowsThatAFilterFinds_afterEachChange(long seed) {
        Table<String> table = grouped();
        var random = new Random(seed);
        var sizes = new HashSet<Integer>();
        for (int offset = 100; offset < 2_100; offset++) {
            change(table, random, offset);

            for (String kind : List.of("a", "b", "c")) {
                assertThat(new HashSet<>(table.of(kind))).isEqualTo(filtered(table, row -> row.startsWith(kind)));
                for (int id = 0; id < 4; id++) {
                    String both = kind + id;
                    assertThat(new HashSet<>(table.of(both))).isEqualTo(filtered(table, both::equals));
                }
            }
            sizes.add(table.all().size());
        }
        assertThat(sizes).contains(0).hasSizeGreaterThan(5);
    }

    @Test
    void whoeverReadsMeanwhileFindsARowThatIsReplaced() throws Exception {
        Table<String> table = grouped();
        table.put(row("key", "a1", 0, 0));
        var over = new AtomicBoolean();
        CompletableFuture<Integer> missed = CompletableFuture.supplyAsync(() -> {
            int without = 0;
            while (!over.get()) {
                without += table.of("a").isEmpty() ? 1 : 0;
            }
            return without;
        });

        for (int offset = 1; offset < 100_000; offset++) {
            table.put(row("key", "a" + offset % 3, 0, offset));
        }
        over.set(true);

        assertThat(missed.get()).isZero();
        assertThat(table.of("a")).extracting(Held::offset).containsExactly(99_999L);
    }
}
