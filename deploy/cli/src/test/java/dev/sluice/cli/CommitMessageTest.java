package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitMessageTest {
    private static final String ONE = "1111111111111111111111111111111111111111";
    private static final String OTHER = "2222222222222222222222222222222222222222";

    @Test
    void revertsAreWhatGitSaysInSoManyWords() {
        assertThat(CommitMessage.reverts("Revert \"x\"\n\nThis reverts commit " + ONE + "."))
                .containsExactly(ONE);
        assertThat(CommitMessage.reverts("This reverts commit " + ONE + ", reversing\nchanges made to " + OTHER + "."))
                .containsExactly(ONE);
        assertThat(CommitMessage.reverts("This reverts commit " + OTHER + ".\nThis reverts commit " + ONE
                        + ".\nThis reverts commit " + OTHER + "."))
                .containsExactly(OTHER, ONE);
        assertThat(CommitMessage.reverts("This reverts commit ABCDEF12.")).containsExactly("abcdef12");
    }

    @Test
    void talkOfReverts_isNone() {
        assertThat(CommitMessage.reverts("Revert \"the thing\"")).isEmpty();
        assertThat(CommitMessage.reverts("This reverts commit abc.")).isEmpty();
        assertThat(CommitMessage.reverts("This reverts commits " + ONE)).isEmpty();
        assertThat(CommitMessage.reverts("")).isEmpty();
    }

    @Test
    void cherryPicksAreInTheOrderOfTheCopies() {
        assertThat(CommitMessage.cherryPicks(
                        "Fix\n\n(cherry picked from commit " + ONE + ")\n(cherry picked from commit " + OTHER + ")"))
                .containsExactly(ONE, OTHER);
        assertThat(CommitMessage.cherryPicks("cherry picked from commit " + ONE))
                .isEmpty();
    }
}
