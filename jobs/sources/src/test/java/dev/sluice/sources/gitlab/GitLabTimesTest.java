package dev.sluice.sources.gitlab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitLabTimesTest {
    private static Place place(String text) {
        return new Place(TextNode.valueOf(text), "/at");
    }

    @ParameterizedTest
    @CsvSource({
        "2016-08-12 15:23:28 UTC,       2016-08-12T15:23:28Z",
        "2021-04-28 21:50:00 +0200,     2021-04-28T19:50:00Z",
        "2021-04-28 21:50:00 -0330,     2021-04-29T01:20:00Z",
        "2013-12-03T17:23:34Z,          2013-12-03T17:23:34Z",
        "2021-02-23T02:41:37.886Z,      2021-02-23T02:41:37.886Z",
        "2011-12-12T14:27:31+02:00,     2011-12-12T12:27:31Z"
    })
    void readsEachFormThatGitLabWrites(String text, Instant time) {
        assertThat(GitLabTimes.time(place(text))).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2016-08-12 15:23:28",
                "2016-08-12 15:23:28 CET",
                "2016-02-30 15:23:28 UTC",
                "2016-08-12 25:23:28 UTC",
                "2016-08-12",
                "1456963200",
                "1969-12-31 23:59:59 UTC",
                "soon, UTC"
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> GitLabTimes.time(place(text)))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.outcome().pointer()).isEqualTo("/at"));
    }

    @Test
    void nothingIsNoTime() {
        var nothing = new Place(MissingNode.getInstance(), "/at");

        assertThat(GitLabTimes.optionalTime(nothing)).isNull();
        assertThatThrownBy(() -> GitLabTimes.time(nothing)).isInstanceOf(Rejection.class);
    }
}
