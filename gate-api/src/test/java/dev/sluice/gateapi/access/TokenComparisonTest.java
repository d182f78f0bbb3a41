package dev.sluice.gateapi.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.views.KnownControls;
import dev.sluice.wire.Control;
import dev.sluice.wire.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.inference.TTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the token of a request is compared with those that are known: by the hash of all of it, in the same time. */
class TokenComparisonTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    /** Of a t-test by which implementations of ciphers are judged: dudect, https://eprint.iacr.org/2016/1123. */
    private static final double LEAK = 4.5;

    private static final int PAIRS = 100;
    private static final int WARM_UP = 20;
    private static final int BATCHES = 300;
    private static final int GUESSES = 10;

    private static IssuedToken issued(String text) {
        return IssuedToken.of(
                text,
                new TokenGrant(
                        "acme",
                        "one",
                        "ann",
                        EnumSet.of(Verb.READ),
                        Reach.ALL,
                        CLOCK.instant().plus(Duration.ofDays(1)),
                        IssuedToken.Origin.API));
    }

    private static TokenAuthenticator knowing(String text) {
        var problems = new Problems();
        FileTokens file = FileTokens.read(
                "tokens.yaml",
                "tokens: [{id: ci, sha256: " + Sha256.hex(text) + ", tenant: acme, scopes: [read]}]",
                problems);
        problems.throwIfAny();
        var control = new Control(
                "acme",
                Control.TOKEN,
                "one",
                "ann",
                CLOCK.instant(),
                false,
                issued(text).json());
        return new TokenAuthenticator(file, new IssuedTokens(KnownControls.of(CLOCK, control), CLOCK), CLOCK);
    }

    /** Returns a token of the same key id, whose secret shares so many characters with another's. */
    private static String sharing(String token, int characters) {
        int secret = token.indexOf('_', TokenText.PREFIX.length()) + 1;
        String other;
        do {
            other = TokenText.next(RANDOM);
        } while (other.charAt(secret + characters) == token.charAt(secret + characters));
        String text =
                token.substring(0, secret + characters) + other.substring(secret + characters, other.lastIndexOf('_'));
        return text + "_" + TokenText.check(text);
    }

    @Test
    void ofATokenOnlyTheHashOfAllOfItIsKept_soThatThereIsNoPrefixToCompare() {
        String token = TokenText.next(RANDOM);
        String secret = token.substring(token.indexOf('_', TokenText.PREFIX.length()) + 1);

        assertThat(Arrays.stream(Token.class.getRecordComponents()).map(RecordComponent::getType))
                .doesNotContain(String.class);
        String kept = issued(token).json().toString();
        assertThat(kept).contains(Sha256.hex(token));
        for (int i = 0; i + 6 <= secret.length(); i++) {
            assertThat(kept).doesNotContain(secret.substring(i, i + 6));
        }
    }

    /** By the calls in the compiled classes: hashes are compared by what takes the same time wherever they differ. */
    @ParameterizedTest
    @ValueSource(classes = {TokenAuthenticator.class, IssuedTokens.class})
    void hashesAreComparedInConstantTime(Class<?> type) throws IOException {
        try (InputStream compiled = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            String calls = new String(Objects.requireNonNull(compiled).readAllBytes(), ISO_8859_1);
            boolean isConstant =
                    calls.contains(MessageDigest.class.getName().replace('.', '/')) && calls.contains("isEqual");

            assertThat(isConstant).isTrue();
            assertThat(calls.contains("java/util/Arrays")).isFalse();
        }
    }

    @Test
    void whatSharesAllButTheLastCharacterIsRefused_asWhatSharesNone() throws RefusedException {
        String token = TokenText.next(RANDOM);
        TokenAuthenticator known = knowing(token);

        assertThat(known.authenticate(token).principal().owner()).isEqualTo("ci");
        for (int characters : new int[] {0, 1, 20, 42}) {
            String other = sharing(token, characters);
            assertThat(TokenText.keyId(other)).isEqualTo(TokenText.keyId(token));
            assertThat(catchThrowable(() -> known.authenticate(other)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage(catchThrowable(() -> known.authenticate(TokenText.next(RANDOM)))
                            .getMessage());
        }
    }

    /**
     * A measurement: the same guesses are tried at two replicas, of whose tokens they have 42 of 43 characters right and none. Other
     * things differ, too, such as where in memory they are, so that there are many pairs of replicas.
     */
    @Test
    @Tag("soak")
    void howMuchOfATokenIsRight_cannotBeToldFromTheTimeThatItTakesToRefuseIt() {
        long seed = RANDOM.nextLong();
        double ofProduct = tStatistic(false, new Random(seed));
        double ofNaive = tStatistic(true, new Random(seed));

        System.out.printf(
                "seed %d: t of 42 right characters against none: %.2f; with a comparison that stops early: %.2f%n",
                seed, ofProduct, ofNaive);
        assertThat(ofNaive).as("such a one would be seen").isGreaterThan(LEAK);
        assertThat(Math.abs(ofProduct)).isLessThan(LEAK);
    }

    /** A replica, and the token that it knows. */
    private record Replica(TokenAuthenticator known, String token) {
        static Replica of(String token) {
            return new Replica(knowing(token), token);
        }

        /** Returns how many characters a comparison had looked at that stops at the first difference, where there is one. */
        int refuse(String guess, boolean isNaive) {
            try {
                known.authenticate(guess);
                throw new AssertionError("let in");
            } catch (RefusedException e) {
                int same = 0;
                while (isNaive && token.charAt(same) == guess.charAt(same)) {
                    same++;
                }
                return same;
            }
        }
    }

    /** Returns Student's t of the differences between two times, each by what a tenth of the batches stays below. */
    private static double tStatistic(boolean isNaive, Random random) {
        double[] differences = new double[PAIRS];
        long compared = 0;
        for (int pair = -WARM_UP; pair < PAIRS; pair++) {
            String token = TokenText.next(RANDOM);
            List<String> guesses =
                    Stream.generate(() -> sharing(token, 42)).limit(GUESSES).toList();
            int near = random.nextInt(2);
            Replica[] replicas = new Replica[2];
            for (int i = 0; i < 2; i++) {
                replicas[i] = Replica.of(i == near ? token : sharing(token, 0));
            }
            double[][] times = new double[2][BATCHES];
            for (int batch = 0; batch < BATCHES; batch++) {
                int first = random.nextInt(2);
                for (int which : new int[] {first, 1 - first}) {
                    long started = System.nanoTime();
                    for (int i = 0; i < GUESSES; i++) {
                        compared += replicas[which].refuse(guesses.get(i), isNaive);
                    }
                    times[which][batch] = System.nanoTime() - started;
                }
            }
            if (pair >= 0) {
                differences[pair] = StatUtils.percentile(times[near], 10) - StatUtils.percentile(times[1 - near], 10);
            }
        }
        assertThat(compared > 0).isEqualTo(isNaive);
        return new TTest().t(0, differences);
    }
}
