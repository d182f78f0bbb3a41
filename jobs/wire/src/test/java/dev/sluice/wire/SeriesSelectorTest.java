package dev.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesSelectorTest {
    private static final Map<String, String> SERIES = Map.of(
            "__name__",
            "http_requests_total",
            "code",
            "503",
            "version",
            "1.4.2",
            "path",
            "/a \"b\"\n",
            "service.name",
            "shop");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http_requests_total",
                "http_requests_total{}",
                " http_requests_total { code = \"503\" , } ",
                "{code=\"503\"}",
                "{code=~\"5..\"}",
                "{code=~\"4..|5..\", version!=\"1.4.1\"}",
                "{code!~\"2..\",__name__=~\"http_.+\"}",
                "{code='503',zone=\"\"}",
                "{code=\"503\",zone!=\"b\"}",
                "{path=\"/a \\\"b\\\"\\n\"}",
                "{version=~`1\\.4\\..`}",
                "{\"http_requests_total\", \"service.name\"=\"shop\"}",
            })
    void selects(String selector) {
        assertThat(SeriesSelector.parse(selector).matches(SERIES)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http_requests",
                "http_requests_total{code=\"50\"}",
                "{code=~\"5.\"}",
                "{code=~\"03\"}",
                "{code!=\"503\",version=~\".+\"}",
                "{code!~\"5..\",version=~\".+\"}",
                "{code=\"503\",zone=\"b\"}",
                "{version=~`1.4`}",
            })
    void doesNotSelect(String selector) {
        assertThat(SeriesSelector.parse(selector).matches(SERIES)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "^^ | a selector must not select series without any label",
                "{} | a selector must not select series without any label",
                "{zone=\"\"} | a selector must not select series without any label",
                "{zone=~\".*\"} | a selector must not select series without any label",
                "5xx | expected a name of a metric or { at character 1, is 5",
                "a{code} | expected =, !=, =~ or !~ at character 7, is }",
                "a{code=503} | expected a text in quotes at character 8, is 5",
                "a{code=\"503} | expected \" at character 13, the text ends",
                "a{code=\"5\" b=\"c\"} | expected , at character 12, is b",
                "a{code=\"5\" | expected } at character 11, the text ends",
                "a{} b | expected nothing more at character 5, is b",
                "a{code!\"5\"} | expected = at character 8, is \"",
                "a{code=\"\\d\"} | expected one of n, t, r, a backslash or a quote after a backslash at character 10, is d",
                "a{code=~\"5(\"} | no regular expression of RE2 at character 9: missing closing )",
            })
    void saysWhatIsWrongAndWhere(String selector, String message) {
        assertThatThrownBy(() -> SeriesSelector.parse(selector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void theNameCanBeOther() {
        SeriesSelector buckets =
                SeriesSelector.parse("http_duration{code=\"503\"}").withName("http_duration_bucket");
        assertThat(buckets.name()).isEqualTo("http_duration_bucket");
        assertThat(buckets.matches(Map.of("__name__", "http_duration_bucket", "code", "503")))
                .isTrue();
        assertThat(buckets.matches(Map.of("__name__", "http_duration", "code", "503")))
                .isFalse();
        assertThat(SeriesSelector.parse("{code=\"503\"}").name()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http_requests_total{code=~\"5..|4..\", version!=\"1.4.1\"}",
                "{code!~`2\\d.`,path=\"/a \\\"b\\\"\\n\"}",
                "{\"http.requests\", \"service.name\"=\"shop\", le:x=\"1\"}",
            })
    void isTheSameAsItsText(String text) {
        SeriesSelector selector = SeriesSelector.parse(text);
        assertThat(SeriesSelector.parse(selector.toString()).toString()).isEqualTo(selector.toString());
    }

    @Test
    void bothAreSelected() {
        SeriesSelector both = SeriesSelector.parse("a{b=\"1\"}").and(SeriesSelector.parse("{c!=\"2\",d=\"4\"}"));
        assertThat(both).hasToString("{__name__=\"a\",b=\"1\",c!=\"2\",d=\"4\"}");
        assertThat(both.matches(Map.of("__name__", "a", "b", "1", "c", "3", "d", "4")))
                .isTrue();
        assertThat(both.matches(Map.of("__name__", "a", "b", "1", "c", "2", "d", "4")))
                .isFalse();
    }

    @Test
    void anyTextIsReadOrRefused() {
        long seed = 20261129;
        var random = new Random(seed);
        String alphabet = "a1{}=!~\"'`\\,. \n_:(";
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            int length = random.nextInt(14);
            for (int j = 0; j < length; j++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertThat(SeriesSelector.parse(text.toString()).matches(Map.of()))
                        .isFalse();
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as("seed %d: %s", seed, text).isNotBlank();
            }
        }
    }

    @Test
    void labelsOfConditions_andThoseThatMustBeATextAreKnown() {
        SeriesSelector selector = SeriesSelector.parse(
                "m{version='1', code=~'5..', zone!='a', empty='', region!~'x', version='2', 'a.b'='c'}");

        assertThat(selector.labels()).containsExactly("a.b", "code", "empty", "region", "version", "zone");
        assertThat(selector.texts()).isEqualTo(Map.of("version", "1", "a.b", "c"));
        assertThat(SeriesSelector.parse("m").labels()).isEmpty();
        assertThat(SeriesSelector.parse("m").texts()).isEmpty();
    }
}
