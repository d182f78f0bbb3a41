package dev.sluice.gateapi.callers.asked;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.callers.asked.Reply.State;
import org.junit.jupiter.api.Test;

class ReplyTest {
    private static final String ID = "019ca948-1c00-7a3b-9c5d-2e4f6a8b0c1d";

    @Test
    void saysWhyAndWhereTheDecisionIs() {
        var reply = new Reply(State.ALLOWED, "all rules allow", "production", ID);

        assertThat(reply.markdown("https://sluice.example.org", 1_024)).isEqualTo("""
                Sluice allows this.

                ```text
                production: all rules allow
                ```
                [Decision %1$s](https://sluice.example.org/v1/decisions/%1$s)""".formatted(ID));
        assertThat(reply.markdown(null, 1_024)).endsWith("Decision `" + ID + "`");
        assertThat(reply.line(200)).isEqualTo("production: all rules allow (decision " + ID + ")");
    }

    @Test
    void whatOthersHaveWrittenStaysTextInABlockOfCode() {
        String hostile = "rule `x`\n```\n@acme/everybody [free](https://evil.example) <img src=x>\u001b[31m";

        String markdown = new Reply(State.DENIED, hostile, "production", ID).markdown(null, 1_024);

        assertThat(markdown.lines()).hasSize(6);
        assertThat(markdown.split("```", -1)).hasSize(3);
        assertThat(markdown.lines().toList().get(3)).contains("@acme/everybody [free](https://evil.example)");
        assertThat(markdown).doesNotContain("\u001b");
    }

    @Test
    void isNeverTooLong_andKeepsTheDecision() {
        var reply = new Reply(State.PENDING, "x".repeat(5_000), "production", ID);

        assertThat(reply.markdown("https://sluice.example.org", 1_024))
                .hasSize(1_024)
                .contains("…", ID);
        assertThat(reply.line(255)).hasSize(255);
    }
}
