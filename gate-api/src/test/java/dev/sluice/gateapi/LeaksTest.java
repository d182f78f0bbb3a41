package dev.sluice.gateapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The search for secrets finds them. */
class LeaksTest {
    private static final String SECRET = "s3cret/of+some=length";

    static Stream<String> texts() {
        return Stream.concat(
                Stream.of(
                        "token: " + SECRET + ".",
                        HexFormat.of().formatHex(SECRET.getBytes(UTF_8)),
                        HexFormat.of().withUpperCase().formatHex(SECRET.getBytes(UTF_8)),
                        "?token=" + URLEncoder.encode(SECRET, UTF_8)),
                Stream.of("", "a", "ab", "user:", "longer name:")
                        .map(before -> (before + SECRET + "\n").getBytes(UTF_8))
                        .flatMap(bytes -> Stream.of(
                                "Basic " + Base64.getEncoder().encodeToString(bytes),
                                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void findsASecret_howeverItIsWritten(String text) {
        var leaks = new Leaks();
        leaks.secret("one", SECRET);

        leaks.look("there", text);

        assertThat(leaks.found()).isNotEmpty().allMatch(found -> found.startsWith("one in there: "));
    }

    @Test
    void findsNothingElse() {
        var leaks = new Leaks();
        leaks.secret("one", SECRET);

        leaks.look("there", SECRET.substring(0, 12) + " " + SECRET.substring(12));

        assertThat(leaks.found()).isEmpty();
    }
}
