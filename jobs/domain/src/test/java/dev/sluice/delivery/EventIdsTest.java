package dev.sluice.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventIdsTest {
    // python3: uuid.uuid5(uuid.UUID("6f0e3a52-8a44-5c7e-9d0b-3a1f5b0c7e21"), "6:github2:427:success")
    @Test
    void agreesWithAnotherImplementation() {
        assertThat(EventIds.of("github", "42", "success")).isEqualTo("de083d8c-f216-5354-9387-37eb2bd138ca");
    }

    // python3: uuid.uuid5(…, "4:café2:𐐀"); the length counts UTF-16 units, the name is UTF-8
    @Test
    void agreesWithAnotherImplementation_beyondAscii() {
        assertThat(EventIds.of("caf\u00e9", "\ud801\udc00")).isEqualTo("6f1e4857-4366-59e2-bd86-bd01200be082");
    }

    // python3: uuid.uuid5(…, "")
    @Test
    void identifiesNoPartsAtAll() {
        assertThat(EventIds.of()).isEqualTo("38029e8c-2b6b-5f8a-b8fe-be4fac5e458d");
    }

    @Test
    void isANameBasedUuidOfVersion5() {
        for (int i = 0; i < 200; i++) {
            UUID id = UUID.fromString(EventIds.of("source", Integer.toString(i)));
            assertThat(id.version()).as("version of the id of %s", i).isEqualTo(5);
            assertThat(id.variant()).as("variant of the id of %s", i).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ab,c | a,bc",
                "a,b | ab",
                "a,b | b,a",
                "'a,' | a",
                "1:a | a",
                "a1:b | a,b",
                "a,'' | '',a",
            })
    void keepsPartsApart(String left, String right) {
        assertThat(EventIds.of(left.split(",", -1))).isNotEqualTo(EventIds.of(right.split(",", -1)));
    }
}
