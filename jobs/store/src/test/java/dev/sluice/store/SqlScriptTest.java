package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SqlScriptTest {
    @Test
    void splitsAtSemicolonsOutsideTextsAndComments() {
        String script = """
                -- first; not a statement
                SELECT 'a;b', 'it''s; \\'; fine' /* c; d */ FROM `odd;name`;

                SELECT "x;y" -- end; of line
                FROM t;
                """;

        assertThat(SqlScript.statements(script))
                .containsExactly("SELECT 'a;b', 'it''s; \\'; fine'   FROM `odd;name`", "SELECT \"x;y\" \nFROM t");
    }

    @Test
    void refusesWhatIsNotClosed() {
        assertThatThrownBy(() -> SqlScript.statements("SELECT 'a;")).hasMessageContaining("no closing '");
        assertThatThrownBy(() -> SqlScript.statements("SELECT 1 /* a;")).hasMessageContaining("comment not closed");
        assertThatThrownBy(() -> SqlScript.statements("SELECT 1;\nSELECT 2"))
                .hasMessageContaining("no semicolon after: SELECT 2");
    }

    @Test
    void normalisedText_ignoresLineEndsOnly() {
        assertThat(SqlScript.normalised("a  \r\n b\r\n\r\n")).isEqualTo(SqlScript.normalised("a\n b"));
        assertThat(SqlScript.normalised("a\nb")).isNotEqualTo(SqlScript.normalised("a\n b"));
    }
}
