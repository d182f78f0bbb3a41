package dev.sluice.gateapi.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TokenTextTest {
    private static final String TOKEN = TokenText.next(new SecureRandom());

    @Test
    void namesItsKey() {
        assertThat(TOKEN).matches("slc_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}");
        assertThat(TokenText.keyId(TOKEN)).contains(TOKEN.substring(9, 21));
    }

    @Test
    void noTwoAreAlike() {
        var random = new SecureRandom();
        var keys = new HashSet<String>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(keys.add(TokenText.keyId(TokenText.next(random)).orElseThrow()))
                    .isTrue();
        }
    }

    @Test
    void oneCharacterOtherwiseIsNone() {
        for (int i = 0; i < TOKEN.length(); i++) {
            char other = TOKEN.charAt(i) == 'x' ? 'y' : 'x';
            assertThat(TokenText.keyId(TOKEN.substring(0, i) + other + TOKEN.substring(i + 1)))
                    .as("character " + i)
                    .isEmpty();
        }
    }

    @Test
    void aTornOneIsNone_norOneWithMore() {
        for (int length = 0; length < TOKEN.length(); length++) {
            assertThat(TokenText.keyId(TOKEN.substring(0, length))).isEmpty();
        }
        for (String more : new String[] {" ", "\n", "\t", "\0", "a", "%00"}) {
            assertThat(TokenText.keyId(TOKEN + more)).isEmpty();
            assertThat(TokenText.keyId(more + TOKEN)).isEmpty();
        }
        assertThat(TokenText.keyId(TOKEN.toLowerCase(Locale.ROOT))).isEmpty();
        assertThat(TokenText.keyId(TOKEN.toUpperCase(Locale.ROOT))).isEmpty();
    }
}
