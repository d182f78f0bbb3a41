package dev.sluice.gateapi.callers.argo;

import static dev.sluice.gateapi.callers.RunFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.CanaryState;
import dev.sluice.wire.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How states of a run are spelled for Argo Rollouts. */
class ArgoVerdictTest {
    @ParameterizedTest
    @CsvSource({
        "PENDING, Running, ",
        "RUNNING, Running, ",
        "SUCCESSFUL, Successful, Successful",
        "FAILED, Failed, Failed",
        "INCONCLUSIVE, Inconclusive, ",
        "ERROR, Error, ",
    })
    void eachStateHasItsVerdict(CanaryState state, String verdict, String decided) throws Exception {
        String more = decided == null ? "" : "\"decided\":\"" + decided + "\",";

        assertThat(Json.mapper().readTree(Json.bytes(ArgoVerdict.of(run(state)))))
                .isEqualTo(Json.mapper()
                        .readTree("{\"verdict\":\"" + verdict + "\"," + more
                                + "\"reason\":\"because\",\"run\":\"r1\",\"link\":\"/v1/canaries/r1\"}"));
    }

    @Test
    void whereThereIsNoRunItIsAnError() throws Exception {
        assertThat(Json.mapper().readTree(Json.bytes(ArgoVerdict.error("there is none"))))
                .isEqualTo(Json.mapper()
                        .readTree("{\"verdict\":\"Error\",\"reason\":\"there is none\",\"run\":null,\"link\":null}"));
    }
}
