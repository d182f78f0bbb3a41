package dev.sluice.gateapi.callers.kayenta;

import static dev.sluice.gateapi.callers.kayenta.Documents.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.kayenta.Direction;
import dev.sluice.kayenta.EffectSize;
import dev.sluice.kayenta.MetricConfig;
import dev.sluice.kayenta.MetricConfig.Flag;
import dev.sluice.kayenta.NanStrategy;
import dev.sluice.kayenta.NetflixAcaJudge;
import dev.sluice.kayenta.Outliers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KayentaConfigTest {
    @Test
    void whatIsNotSaidHasKayentasDefaults() {
        KayentaConfig read = config("{'metrics': [{'name': 'a', 'groups': null, 'unknown': 1}]}");

        assertThat(read.judge()).isEqualTo(NetflixAcaJudge.NAME);
        assertThat(read.groupWeights()).isEmpty();
        assertThat(read.metrics()).singleElement().satisfies(metric -> {
            assertThat(metric.scopeName()).isEqualTo("default");
            assertThat(metric.rules())
                    .isEqualTo(new MetricConfig(
                            "a",
                            List.of(),
                            Direction.EITHER,
                            NanStrategy.REMOVE,
                            Outliers.KEPT,
                            EffectSize.of(EffectSize.Measure.MEAN_RATIO),
                            Set.of()));
        });
    }

    @Test
    void allThatIsSaidCounts() {
        KayentaConfig read = config("""
                {'judge': {'name': 'Sluice-v1', 'judgeConfigurations': {'alpha': 0.05}},
                 'classifier': {'groupWeights': {'g': 60, 'h': 40.5}},
                 'metrics': [{'name': 'a', 'groups': ['g', 'h'], 'scopeName': 's', 'analysisConfigurations': {'canary': {
                   'direction': 'increase', 'nanStrategy': 'replace', 'critical': true, 'muted': true, 'mustHaveData': true,
                   'effectSize': {'measure': 'cles', 'allowedIncrease': 0.6, 'criticalDecrease': 0.2},
                   'outliers': {'strategy': 'remove', 'outlierFactor': 2}}}},
                   {'name': 'off', 'disabled': true}]}""");

        assertThat(read.judge()).isEqualTo("Sluice-v1");
        assertThat(read.judgeConfigurations().path("alpha").doubleValue()).isEqualTo(0.05);
        assertThat(read.groupWeights()).isEqualTo(Map.of("g", 60.0, "h", 40.5));
        assertThat(read.metrics()).singleElement().satisfies(metric -> {
            assertThat(metric.scopeName()).isEqualTo("s");
            assertThat(metric.rules())
                    .isEqualTo(new MetricConfig(
                            "a",
                            List.of("g", "h"),
                            Direction.INCREASE,
                            NanStrategy.REPLACE,
                            new Outliers(Outliers.Strategy.REMOVE, 2),
                            new EffectSize(EffectSize.Measure.CLES, 0.6, 0.5, 0.5, 0.2),
                            Set.of(Flag.CRITICAL, Flag.MUTED, Flag.MUST_HAVE_DATA)));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'metrics': [{}]} | metrics[0].name is required",
                "{'metrics': {}} | metrics must be a list",
                "{'metrics': [1]} | metrics[0] must be an object",
                "{'metrics': [{'name': 'a', 'groups': [1]}]} | metrics[0].groups must be a list of texts",
                "{'metrics': [{'name': 'a', 'analysisConfigurations': {'canary': {'critical': 'yes'}}}]} | metrics[0].analysisConfigurations.canary.critical must be true or false",
                "{'metrics': [{'name': 'a', 'analysisConfigurations': {'canary': {'outliers': {'strategy': 'remove', 'outlierFactor': 0}}}}]} | metric a: the factor of outliers must be above 0, it is 0.0",
                "{'metrics': [{'name': 'a', 'analysisConfigurations': {'canary': {'effectSize': {'allowedIncrease': 'NaN'}}}}]} | metric a: allowedIncrease is not a number",
                "{'classifier': {'groupWeights': {'g': 'much'}}} | classifier.groupWeights.g must be a number",
            })
    void whatCannotBeJudgedByIsA400(String document, String message) {
        assertThatThrownBy(() -> config(document))
                .asInstanceOf(InstanceOfAssertFactories.type(ApiException.class))
                .satisfies(problem -> {
                    assertThat(problem.type()).isEqualTo(ErrorType.BAD_REQUEST);
                    assertThat(problem).hasMessage(message);
                });
    }

    @Test
    void twoMetricsOfOneNameCannotBeFetched() {
        assertThatThrownBy(() ->
                        config("{'metrics': [{'name': 'a'}, {'name': 'a'}]}").requireUniqueNames())
                .hasMessage("two metrics of the canary config are named a");
        assertThatThrownBy(() -> config("{}").requireUniqueNames()).hasMessage("the canary config has no metrics");
    }
}
