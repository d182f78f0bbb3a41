package dev.sluice.shift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * The expected numbers of {@code followsTheVectors} are those of the project's test vectors (made with Python and numpy);
 * the others are explicit sums over all starts of products of scipy 1.17.1's probabilities.
 */
class EvidenceTest {
    private static final double RELATIVE = 1e-8;

    @Test
    void followsTheVectors() {
        long[] outcomes = {
            0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0,
            1, 0, 0, 1
        };
        double[] expected = {
            0.7492251541278543, 1.3421956115562412, 5.240389987874322, 4.478157042969585, 4.1663710425928135,
            4.075395379655019, 10.63719139496479, 8.675997019119361, 7.558027804849106, 6.894789551785577,
            6.488324170041824, 6.2338799692974955, 6.073572309870012, 5.973899594218911, 5.914561157047645,
            5.882721598754388, 12.621709105061134, 10.861308035561652, 9.766831022780483, 9.04323139963645,
            18.570441740782417, 15.618025835917061, 13.695510287589713, 12.366249222545452, 24.510509528291244,
            20.541163620104086, 17.859608790704794, 15.944422862376271, 30.721472838711396, 65.34385197608042,
            157.6577447074072, 433.8327637979788, 275.20106079019445, 187.00115152463513, 135.06521678397678,
            102.61582626916258, 230.82626585288517, 170.6077663070167, 131.39971623993003, 289.96064812558666
        };
        assertStatistics(Alternatives.toShare(0.15, 1, value -> value == 1), outcomes, expected);
    }

    @Test
    void moreHits() {
        Evidence evidence = assertStatistics(
                Alternatives.toShare(0.15, 1, value -> value == 1),
                new long[] {1, 0, 1, 1, 0, 0, 1, 1},
                2.4210574599421597,
                2.383893589552689,
                8.240418940657701,
                25.83523538941946,
                16.676687886017053,
                11.907326132984313,
                33.208035173743816,
                100.14100297387822);
        assertOnset(evidence, 0, 8, 4.678709011365902);
    }

    @Test
    void fewerHits() {
        Evidence evidence = assertStatistics(
                Alternatives.toShare(0.3, -1, value -> value == 1),
                new long[] {0, 0, 1, 0, 0, 0, 0, 0},
                1.228512485038933,
                2.7477533430692938,
                1.6690374217658643,
                3.208206884401066,
                5.1097877656085995,
                7.473760737594373,
                10.430277664033834,
                14.149254403050225);
        assertOnset(evidence, 3, 5, 1.5514045845501245);
    }

    @Test
    void greaterCounts() {
        long[] counts = {3, 5, 8, 7, 9};
        Evidence evidence = assertStatistics(
                Alternatives.toMean(4, 1, 1),
                counts,
                0.341582063921166,
                1.0533864764237035,
                6.2006527696757905,
                14.192273216613216,
                93.73429827222449);
        assertOnset(evidence, 2, 3, 4.634967510354279);
        assertStatistics(
                Alternatives.toMean(4, 1, 2),
                counts,
                0.5047798219561752,
                1.2599111375994752,
                3.908719340796753,
                6.676102054239875,
                18.17832211557022);
    }

    @Test
    void smallerCounts() {
        Evidence evidence = assertStatistics(
                Alternatives.toMean(4, -1, 1),
                new long[] {4, 1, 0, 2, 1},
                0.5787903862488646,
                4.680032645726375,
                43.22296684072492,
                73.62428184148817,
                301.14720839529184);
        assertOnset(evidence, 1, 4, 6.274062660830726);
    }

    @Test
    void aRatioHasExpectationOneUnderTheReference() {
        for (double share : new double[] {0.01, 0.15, 0.5, 0.9}) {
            for (int sign : new int[] {1, -1}) {
                Alternatives alternatives = Alternatives.toShare(share, sign, value -> value == 1);
                for (int node = 0; node < 5; node++) {
                    double expectation = share * alternatives.of(1).of(node)
                            + (1 - share) * alternatives.of(0).of(node);
                    assertThat(expectation).isCloseTo(1, within(1e-14));
                }
            }
        }
    }

    @Test
    void knowsNothingAtFirst() {
        assertThat(Evidence.NONE.statistic()).isZero();
        assertThat(Evidence.NONE.likeliest()).isEqualTo(NodeState.EMPTY);
        assertThat(new Evidence(List.of(NodeState.EMPTY)).statistic()).isZero();
    }

    private static Evidence assertStatistics(Alternatives alternatives, long[] values, double... expected) {
        Evidence evidence = Evidence.NONE;
        for (int i = 0; i < values.length; i++) {
            LikelihoodRatios ratios = alternatives.of(values[i]);
            evidence = evidence.plus(ratios, ratios, ShiftFixture.day(i));
            assertThat(evidence.statistic()).as("M after value %d", i).isCloseTo(expected[i], relative(expected[i]));
        }
        return evidence;
    }

    private static void assertOnset(Evidence evidence, int start, int length, double logRatio) {
        NodeState likeliest = evidence.likeliest();
        assertThat(likeliest.since()).isEqualTo(ShiftFixture.day(start));
        assertThat(likeliest.length()).isEqualTo(length);
        assertThat(likeliest.logRatio()).isCloseTo(logRatio, relative(logRatio));
    }

    private static Offset<Double> relative(double expected) {
        return within(RELATIVE * expected);
    }
}
