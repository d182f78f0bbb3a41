package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1,1",
        "0.1,0.1",
        "2.4149,2.41",
        "123456,123000",
        "0.00001234,1.23e-05",
        "12345678,1.23e+07",
        "-9.3,-9.3",
        "null,-"
    })
    void number_hasThreeDigits(String json, String text) throws IOException {
        assertThat(Figures.number(read(json))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"48210,'48,210'", "48210.0,'48,210'", "2.5,2.5", "null,-"})
    void count_hasAllDigits(String json, String text) throws IOException {
        assertThat(Figures.count(read(json))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1.62,null]|[1.62, infinity]",
                "[null,2]|[-infinity, 2]",
                "[0,1.5]|[0, 1.5]",
                "[null,null]|-",
                "[]|-"
            })
    void interval_isOpenWhereNothingIsExcluded(String json, String text) throws IOException {
        assertThat(Figures.interval(read(json))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 s",
        "39.2,40 s",
        "119,119 s",
        "120,2 min",
        "412.5,7 min",
        "7199,120 min",
        "7200,2 h",
        "255600,71 h",
        "null,-"
    })
    void duration_isInItsUnit(String json, String text) throws IOException {
        assertThat(Figures.duration(read(json))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0,3,[----]",
        "-5,3,[----]",
        "1.5,3,[##--]",
        "2.99,3,[###-]",
        "3,3,[####]",
        "7,3,[####]",
        "null,3,[----]",
        "1,null,[----]",
        "1,0,[----]"
    })
    void bar_isFullWhenItIsEnough(String log, String needed, String bar) throws IOException {
        assertThat(Figures.bar(read(log), read(needed), 4)).isEqualTo(bar);
    }

    private static JsonNode read(String json) throws IOException {
        return Documents.mapper().readTree(json);
    }
}
