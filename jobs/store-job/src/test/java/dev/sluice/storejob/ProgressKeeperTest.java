package dev.sluice.storejob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.store.StoredRow;
import dev.sluice.store.Table;
import dev.sluice.storejob.state.StoreLine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressKeeperTest {
    private static final long NOW = 1_700_000_000_000L;

    private final ProgressKeeper keeper = new ProgressKeeper(7, 1, 2);

    @Test
    void nothingHappened_nothingIsDue() {
        assertThat(keeper.isPending()).isFalse();
        assertThat(keeper.due(NOW)).isEmpty();
    }

    @Test
    void progressIsWrittenOnceASecondUntilItCoversEveryRow_andOnlyWhenItMoved() {
        keeper.passed(new StoreLine("t", 0, 4, 2500, StoreLine.NONE, "CURRENT", new byte[0]));
        keeper.due(NOW - 9000);
        keeper.reached(1000);
        assertThat(texts(keeper.due(NOW)))
                .containsExactly(
                        "{\"generation\":7,\"writer\":1,\"writers\":2,\"through\":\"1970-01-01 00:00:01.000\"}");
        keeper.reached(2000);
        keeper.reached(1500);
        assertThat(keeper.due(NOW + 999)).isEmpty();
        assertThat(keeper.dueAt()).isEqualTo(NOW + 1000);
        assertThat(texts(keeper.due(NOW + 1000))).singleElement().asString().contains("00:00:02.000");
        assertThat(keeper.isPending()).isFalse();
        assertThat(keeper.due(NOW + 9000)).isEmpty();
        keeper.reached(3000);
        assertThat(texts(keeper.due(NOW + 9000))).singleElement().asString().contains("00:00:03.000");
    }

    @Test
    void whereProgressCoversEveryRow_itIsWrittenEveryFiveSeconds() {
        keeper.reached(1000);
        assertThat(keeper.due(NOW)).hasSize(1);
        keeper.reached(2000);
        keeper.passed(new StoreLine("t", 0, 4, 2000, StoreLine.NONE, "JOB_PROGRESS", new byte[0]));
        assertThat(keeper.dueAt()).isEqualTo(NOW + 5000);
        assertThat(keeper.due(NOW + 4999)).isEmpty();
        assertThat(keeper.due(NOW + 5000)).hasSize(2);
    }

    @Test
    void offsetsAreWrittenWithRows_andSeldomWithout() {
        keeper.passed(line(4, "CURRENT"));
        keeper.passed(line(3, "CURRENT"));
        assertThat(texts(keeper.due(NOW))).containsExactly("{\"topic\":\"t\",\"partition\":0,\"next_offset\":5}");

        keeper.passed(line(5, ""));
        assertThat(keeper.due(NOW + 2000)).isEmpty();
        assertThat(texts(keeper.due(NOW + 7000)))
                .containsExactly("{\"topic\":\"t\",\"partition\":0,\"next_offset\":6}");

        keeper.passed(line(6, "CURRENT"));
        assertThat(keeper.due(NOW + 8000)).extracting(StoredRow::table).containsExactly(Table.STORE_OFFSETS);
    }

    private static StoreLine line(long offset, String table) {
        return new StoreLine("t", 0, offset, NOW, StoreLine.NONE, table, new byte[0]);
    }

    private static List<String> texts(List<StoredRow> rows) {
        return rows.stream()
                .map(row -> new String(row.json(), StandardCharsets.UTF_8))
                .toList();
    }
}
