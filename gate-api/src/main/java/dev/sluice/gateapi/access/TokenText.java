package dev.sluice.gateapi.access;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A token as its holder has it: {@code slc_live_<key id>_<secret>_<check>}. The secret is 32 random bytes, the check a CRC-32 of all
 * before it, so that a scanner of repositories knows a token from what looks like one, and a torn one is refused before anything is
 * looked up. All three are of the digits and letters of ASCII, at a fixed length.
 */
final class TokenText {
    /** What all of them begin with. */
    static final String PREFIX = "slc_live_";

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final int SECRET_BYTES = 32;
    private static final int KEY_ID_LENGTH = 12;
    /** 62^43 is more than 2^256. */
    private static final int SECRET_LENGTH = 43;
    /** 62^6 is more than 2^32. */
    private static final int CHECK_LENGTH = 6;

    private static final Pattern FORM = Pattern.compile("(" + PREFIX + "([0-9A-Za-z]{" + KEY_ID_LENGTH
            + "})_[0-9A-Za-z]{" + SECRET_LENGTH + "})_([0-9A-Za-z]{" + CHECK_LENGTH + "})");

    private TokenText() {}

    /** Returns another token. */
    static String next(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String keyId = digits(new BigInteger(KEY_ID_LENGTH * 5, random), KEY_ID_LENGTH);
        String checked = PREFIX + keyId + "_" + digits(new BigInteger(1, secret), SECRET_LENGTH);
        return checked + "_" + check(checked);
    }

    /** Returns the key id of a token; nothing if the text is none, or its check is wrong. */
    static Optional<String> keyId(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches() && check(matcher.group(1)).equals(matcher.group(3))
                ? Optional.of(matcher.group(2))
                : Optional.empty();
    }

    /** Returns the check that goes with what stands before it. */
    static String check(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return digits(BigInteger.valueOf(crc.getValue()), CHECK_LENGTH);
    }

    private static String digits(BigInteger number, int length) {
        var text = new StringBuilder();
        BigInteger rest = number;
        for (int i = 0; i < length; i++) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            text.append(DIGITS.charAt(parts[1].intValue()));
            rest = parts[0];
        }
        return text.reverse().toString();
    }
}
