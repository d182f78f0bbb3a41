package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Random;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "services/checkout/**, services/checkout/src/Pay.java, true",
                "services/checkout/**, services/checkout2/Pay.java, false",
                "services/checkout/**, services/checkout, false",
                "lib/**, lib/a, true",
                "**/*.md, docs/a/README.md, true",
                "**/*.md, README.md, false",
                "*.md, README.md, true",
                "*.md, docs/README.md, false",
                "**.md, docs/README.md, true",
                "a?c, abc, true",
                "a?c, a/c, false",
                "a?c, a\uD83D\uDE00c, true",
                "[a-c]x, bx, true",
                "[!a-c]x, bx, false",
                "[!a-c]x, dx, true",
                "a[!b]c, a/c, false",
                "a[+-9]c, a/c, false",
                "a[+-9]c, a5c, true",
                "[-a], -, true",
                "[a-], -, true",
                "[\\*], \\, true",
                "\\*a, *a, true",
                "\\*a, ba, false",
                "\"{src,lib/**}/[a-z]*.{java,kt}\", lib/x/y/main.kt, true",
                "\"{src,lib/**}/[a-z]*.{java,kt}\", src/x/main.kt, false",
                "\"a{,b}c\", ac, true",
                "a}b, a}b, true",
                "\"a,b\", \"a,b\", true",
            })
    void meansWhatIsDocumented(String glob, String file, boolean matches) {
        assertThat(Glob.of(glob).matches(file)).isEqualTo(matches);
    }

    /** Against the matcher of the file system, by which globs were read before. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void meansWhatTheFileSystemMeansByIt(long seed) {
        var random = new Random(seed);
        int matched = 0;
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            String text = word(random, "aab/**?{,}[!-b]\\.", 12);
            if (text.contains("-\\") || text.contains("-[")) {
                continue; // the file system does not take the end of such a range as it stands
            }
            PathMatcher expected;
            try {
                expected = FileSystems.getDefault().getPathMatcher("glob:" + text);
            } catch (PatternSyntaxException e) {
                assertThatThrownBy(() -> Glob.of(text))
                        .as(text)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("paths must hold globs: \"" + text + "\"");
                refused++;
                continue;
            }
            Glob glob = Glob.of(text);
            for (int j = 0; j < 20; j++) {
                // as a path has it: no segment is empty
                String file = Path.of(word(random, "aab/b-.", 8)).toString();
                boolean matches = expected.matches(Path.of(file));
                assertThat(glob.matches(file))
                        .as("%s of %s, seed %d", text, file, seed)
                        .isEqualTo(matches);
                matched += matches ? 1 : 0;
            }
        }
        assertThat(matched).as("matches").isGreaterThan(1_000);
        assertThat(refused).as("refused").isGreaterThan(1_000);
    }

    private static String word(Random random, String characters, int longest) {
        return random.ints(1 + random.nextInt(longest), 0, characters.length())
                .mapToObj(i -> characters.substring(i, i + 1))
                .reduce("", String::concat);
    }

    /** A matcher that tries one way after the other takes longer than anybody waits. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*a*a*a*a*b",
                "**a**a**a**a**a**a**a**a**b",
                "*a*/*a*/*a*/*a*/*b",
                "**/**/**/**/**/**/**/**/b",
                "{*a,a*}{*a,a*}{*a,a*}{*a,a*}{*a,a*}b"
            })
    @Timeout(20)
    void hostileGlobIsAnsweredForALongName(String hostile) {
        Glob glob = Glob.of(hostile);

        assertThat(glob.matches("a".repeat(4_000))).isFalse();
        assertThat(glob.matches("aa/".repeat(1_333))).isFalse();
    }

    @Test
    void longestIsReadToItsEnd() {
        String longest = "a".repeat(100) + "?".repeat(99) + "*";

        assertThat(Glob.of(longest).matches("a".repeat(199))).isTrue();
        assertThat(Glob.of(longest).matches("a".repeat(2_000))).isTrue();
        assertThat(Glob.of(longest).matches("a".repeat(198))).isFalse();
        assertThat(Glob.of(longest).matches("a".repeat(199) + "/")).isFalse();
        assertThatThrownBy(() -> Glob.of(longest + "*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("paths must hold globs of at most 200 characters: one has 201");
    }

    @Test
    void hasAnyNumberOfBraces() {
        assertThat(Glob.of("{a,b}".repeat(40)).matches("ab".repeat(20))).isTrue();
        assertThat(Glob.of("{a,b}".repeat(40)).matches("ab".repeat(20) + "a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a", "{a,{b}}", "[a", "[]", "[!]", "[a/]", "[b-a]", "[a-b-c]", "a\\"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Glob.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("paths must hold globs: \"" + text + "\" ");
    }
}
