package dev.sluice.gateapi.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The other name of a row goes where the row goes. */
class TableTest {
    private final Table<String> table = new Table<>(row -> Optional.of(row).filter(name -> !name.isEmpty()));

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
}
