package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceTest {

    @Test
    void pointsIntoTheDocument() {
        Place place =
                Documents.read("{\"a/b\": [{\"c~d\": 1}]}").at("a/b").at(0).at("c~d");

        assertThat(place.pointer()).isEqualTo("/a~1b/0/c~0d");
        assertThat(Documents.read("{\"a/b\": [{\"c~d\": 1}]}").node().at(place.pointer()))
                .isEqualTo(place.node());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                         | MISSING_FIELD",
                "{\"a\": null}              | MISSING_FIELD",
                "{\"a\": \" \"}             | MISSING_FIELD",
                "{\"a\": 1}                 | WRONG_VALUE",
                "{\"a\": [\"x\"]}           | WRONG_VALUE",
                "{\"a\": \"x\\ud83d\"}      | WRONG_VALUE"
            })
    void refusesWhatIsNoText(String json, Reason reason) {
        Place place = Documents.read(json).at("a");

        assertThat(catchThrowableOfType(Rejection.class, place::text).outcome())
                .extracting(Outcome.Malformed::reason, Outcome.Malformed::pointer)
                .containsExactly(reason, "/a");
    }

    @Test
    void refusesWhatIsNoList() {
        Place document = Documents.read("{\"list\": [1], \"number\": 1}");

        assertThat(document.at("list").list().elements()).hasSize(1);
        assertThat(catchThrowableOfType(
                                Rejection.class, () -> document.at("number").list())
                        .outcome()
                        .reason())
                .isEqualTo(Reason.WRONG_VALUE);
        assertThat(catchThrowableOfType(
                                Rejection.class, () -> document.at("none").list())
                        .outcome()
                        .reason())
                .isEqualTo(Reason.MISSING_FIELD);
    }

    @Test
    void refusesTextsThatAreTooLongForAKey() {
        assertThat(Documents.read("\"" + "x".repeat(1024) + "\"").text()).hasSize(1024);
        assertThatThrownBy(() -> Documents.read("\"" + "x".repeat(1025) + "\"").text())
                .isInstanceOf(Rejection.class);
    }

    @Test
    void takesTheBeginningOfALongText() {
        assertThat(Documents.read("\"short\"").beginning()).isEqualTo("short");
        assertThat(Documents.read("\"" + "x".repeat(1025) + "\"").beginning()).isEqualTo("x".repeat(1024));
        assertThat(Documents.read("null").beginning()).isNull();
        assertThat(Documents.read("\"" + " ".repeat(1025) + "x\"").beginning()).isNull();
        assertThatThrownBy(() -> Documents.read("7").beginning()).isInstanceOf(Rejection.class);
        assertThatThrownBy(() ->
                        Documents.read("\"\\ud83d" + "x".repeat(1025) + "\"").beginning())
                .isInstanceOf(Rejection.class);
    }

    @Test
    void readsAListOfTexts() {
        assertThat(Documents.read("[\"a\", \"b\"]").optionalTexts()).containsExactly("a", "b");
        assertThat(Documents.read("[]").optionalTexts()).isEmpty();
        assertThat(Documents.read("null").optionalTexts()).isNull();
        assertThatThrownBy(() -> Documents.read("\"a\"").optionalTexts()).isInstanceOf(Rejection.class);
        assertThat(catchThrowableOfType(
                                Rejection.class,
                                () -> Documents.read("[\"a\", \" \"]").optionalTexts())
                        .outcome()
                        .pointer())
                .isEqualTo("/1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\": [1, {\"b\": \"x\\ud83d\"}]} | /a/1/b",
                "[[], \"\\udc00\"]                  | /1",
            })
    void findsTheTextThatCannotBeWritten(String json, String pointer) {
        Place place = Documents.read(json);

        assertThat(catchThrowableOfType(Rejection.class, place::encodable)
                        .outcome()
                        .pointer())
                .isEqualTo(pointer);
        assertThat(Documents.read("{\"a\": [1, \"\\ud83d\\ude00\", null]}")
                        .encodable()
                        .pointer())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1.5", "1e3", "9223372036854775808", "true", "\"1\"", "[]"})
    void refusesWhatIsNoWholeNumber(String json) {
        assertThatThrownBy(() -> Documents.read(json).number()).isInstanceOf(Rejection.class);
    }
}
