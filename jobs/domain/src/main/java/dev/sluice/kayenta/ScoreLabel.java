package dev.sluice.kayenta;

/** What a canary's score was found to be. */
public enum ScoreLabel {
    /** It reaches the threshold for a pass. */
    PASS("Pass"),
    /** It reaches the marginal threshold only. */
    MARGINAL("Marginal"),
    /** It reaches neither. */
    FAIL("Fail");

    private final String word;

    ScoreLabel(String word) {
        this.word = word;
    }

    /** Returns the label as Kayenta spells it. */
    public String word() {
        return word;
    }
}
