package dev.sluice.delivery;

import static dev.sluice.delivery.DeliveryFixture.BEGINNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.References.Answer;
import dev.sluice.delivery.References.Asking;
import dev.sluice.delivery.References.Named;
import dev.sluice.simulation.MemoryTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencesTest {
    private static final Asking FIX = new Asking("fix", false, "shop", "production", at(100), null);

    private final References references = new References("name", new MemoryTable<>(), new MemoryTable<>());

    private static Instant at(int seconds) {
        return BEGINNING.plusSeconds(seconds);
    }

    private static Named production(String id, int openedAt) {
        return new Named(id, false, "shop", "production", at(openedAt));
    }

    @Test
    void findsWhatItNames() {
        references.name(production("1", 10));

        assertThat(idOf(references.ask(FIX))).isEqualTo("1");
    }

    @Test
    void neverGuesses_whereNothingHasTheName() {
        assertThat(idOf(references.ask(FIX))).isNull();
    }

    @Test
    void answersThoseThatAskedBefore() {
        references.ask(FIX);

        assertThat(references.name(production("1", 10)))
                .extracting(ReferencesTest::idOf)
                .containsExactly("1");
    }

    @Test
    void meansTheLatestBeforeTheAsker() {
        references.name(production("1", 10));
        references.name(production("3", 101));
        references.name(production("2", 99));

        assertThat(idOf(references.ask(FIX))).isEqualTo("2");
    }

    @Test
    void doesNotMeanOneOfTheSameMoment() {
        references.name(production("1", 100));

        assertThat(idOf(references.ask(FIX))).isNull();
    }

    @Test
    void doesNotMeanItself() {
        references.name(production("fix", 10));

        assertThat(idOf(references.ask(FIX))).isNull();
    }

    @Test
    void idDecidesBetweenTwoOfTheSameMoment() {
        references.name(production("2", 10));
        references.name(production("3", 10));
        references.name(production("1", 10));

        assertThat(idOf(references.ask(FIX))).isEqualTo("3");
    }

    @Test
    void prefersTheAskersEnvironment() {
        references.name(new Named("staging", false, "shop", "staging", at(99)));
        assertThat(idOf(references.ask(FIX))).isEqualTo("staging");

        assertThat(references.name(production("1", 10)))
                .extracting(ReferencesTest::idOf)
                .containsExactly("1");
    }

    @Test
    void answersAgain_whereTheNameMoves() {
        references.name(production("1", 10));
        references.name(production("2", 20));
        references.ask(FIX);

        assertThat(references.name(production("2", 5)))
                .extracting(ReferencesTest::idOf)
                .containsExactly("1");
        assertThat(references.name(production("2", 5))).as("nothing changed").isEmpty();
    }

    @Test
    void answersAgain_whereTheNameIsTakenBack() {
        references.name(production("1", 10));
        references.name(production("2", 20));
        references.ask(FIX);

        assertThat(references.unname(production("2", 20)))
                .extracting(ReferencesTest::idOf)
                .containsExactly("1");
        assertThat(references.unname(production("1", 10)))
                .extracting(ReferencesTest::idOf)
                .containsExactly((String) null);
        assertThat(references.unname(production("1", 10)))
                .as("it is not known any more")
                .isEmpty();
    }

    @Test
    void forgetsOneThatAsksNoMore() {
        references.name(production("1", 10));
        references.ask(FIX);

        assertThat(references.unask(FIX)).extracting(ReferencesTest::idOf).containsExactly((String) null);
        assertThat(references.unask(FIX)).isEmpty();
        assertThat(references.name(production("2", 20))).isEmpty();
    }

    @Test
    void tellsWhomTheAskerMeansNoMore() {
        references.name(production("1", 10));
        references.ask(FIX);

        Answer answer = references.name(production("2", 20)).get(0);

        assertThat(answer.left()).isEqualTo(production("1", 10));
        assertThat(answer.after()).isEqualTo(production("2", 20));
        assertThat(references.name(production("2", 21)))
                .as("it means the same, which has moved")
                .isEmpty();
    }

    @Test
    void anIncidentMeansADeploymentByItsId_wheneverThatWasOpened() {
        var incident = new Asking("i", true, "shop", "production", at(5), null);
        var byId = new References("1", new MemoryTable<>(), new MemoryTable<>());
        byId.name(production("1", 10));
        references.name(production("1", 10));

        assertThat(idOf(byId.ask(incident))).isEqualTo("1");
        assertThat(idOf(references.ask(incident))).as("by a version").isNull();
    }

    @Test
    void prefersTheAskersServiceInItsEnvironment() {
        references.name(new Named("run-9", false, "cart", "production", at(9)));
        references.name(new Named("run-9", false, "shop", "production", at(9)));
        references.name(new Named("run-9", false, "zoo", "production", at(9)));

        assertThat(references.ask(FIX).after()).isEqualTo(new Named("run-9", false, "shop", "production", at(9)));
    }

    @Test
    void aDeploymentAndAnIncidentOfTheSameIdentityAreTwo() {
        var incident = new Named("17", true, "shop", "production", at(5));
        references.name(production("17", 10));
        references.name(incident);
        references.ask(FIX);
        assertThat(idOf(references.ask(FIX))).isEqualTo("17");

        assertThat(references.unname(incident)).as("it meant the deployment").isEmpty();
        assertThat(references.ask(FIX).after()).isEqualTo(production("17", 10));
    }

    @Test
    void aDeploymentIsMeantBeforeAnIncident_whicheverWasNamedFirst() {
        references.name(new Named("i", true, "shop", "production", at(5)));
        references.name(production("1", 10));

        assertThat(idOf(references.ask(FIX))).isEqualTo("1");
    }

    @Test
    void anIncidentIsMeantByADeploymentOnly_andWhereNoDeploymentIs() {
        var incident = new Named("i", true, "shop", "production", at(500));
        references.name(incident);

        assertThat(idOf(references.ask(FIX))).isEqualTo("i");
        assertThat(idOf(references.ask(new Asking("j", true, "shop", "production", at(600), null))))
                .isNull();
        assertThat(references.name(production("1", 10)))
                .extracting(ReferencesTest::idOf)
                .contains("1");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void lastAnswersDoNotDependOnTheOrder(long seed) {
        Map<String, String> straight = lastAnswers(seed, seed);
        Map<String, String> shuffled = lastAnswers(seed, seed * 31);

        assertThat(shuffled).as("seed %s", seed).isEqualTo(straight);
        assertThat(straight).as("seed %s", seed).hasSize(6);
    }

    private static Map<String, String> lastAnswers(long seed, long orderSeed) {
        var random = new Random(seed);
        var inputs = new ArrayList<Function<References, List<Answer>>>();
        for (int i = 0; i < 8; i++) {
            var named = new Named(
                    "n" + i, false, "shop", random.nextBoolean() ? "production" : "staging", at(random.nextInt(50)));
            inputs.add(references -> references.name(named));
        }
        for (int i = 0; i < 6; i++) {
            var asking = new Asking("a" + i, false, "shop", "production", at(random.nextInt(60)), null);
            inputs.add(references -> List.of(references.ask(asking)));
        }
        Collections.shuffle(inputs, new Random(orderSeed));
        var references = new References("name", new MemoryTable<>(), new MemoryTable<>());
        Map<String, String> latest = new HashMap<>();
        inputs.forEach(input -> input.apply(references)
                .forEach(answer -> latest.put(answer.asking().id(), orNothing(idOf(answer)))));
        return latest;
    }

    private static @Nullable String idOf(Answer answer) {
        Named target = answer.after();
        return target == null ? null : target.id();
    }

    private static String orNothing(@Nullable String target) {
        return target == null ? "nothing" : target;
    }
}
