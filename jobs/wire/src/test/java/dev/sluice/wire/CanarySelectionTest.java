package dev.sluice.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.intake.Arm;
import dev.sluice.wire.CanarySelection.Feed;
import dev.sluice.wire.CanarySelection.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanarySelectionTest {
    private static final CanaryConfigs CONFIGS = CanaryConfigs.load();
    private static final String ARMS =
            "\"selectors\": {\"baseline\": \"{version='1'}\", \"canary\": \"{track='canary'}\"}";
    private static final String METRICS = "\"metrics\": [{\"name\": \"errors\", \"kind\": \"ratio\","
            + " \"series\": {\"exposure\": \"requests\", \"events\": \"requests{code=~'5..'}\"}}]";

    @Test
    void aSeriesIsOfOneArmOrOfNone() {
        CanarySelection selection = selection("{" + ARMS + "," + METRICS + "}");
        assertThat(selection.arm(Map.of("version", "1"))).contains(Arm.BASELINE);
        assertThat(selection.arm(Map.of("track", "canary"))).contains(Arm.CANARY);
        assertThat(selection.arm(Map.of("version", "1", "track", "canary"))).isEmpty();
        assertThat(selection.arm(Map.of("version", "2"))).isEmpty();
        assertThat(selection.feeds()).extracting(Feed::role).containsExactly(Role.EVENTS, Role.EXPOSURE);
    }

    @Test
    void podAndReplicaAreLabels() {
        CanarySelection usual = selection("{" + ARMS + "," + METRICS + "}");
        assertThat(usual.pod(Map.of("pod", "a", "instance", "b"))).isEqualTo("a");
        assertThat(usual.pod(Map.of("pod", "", "instance", "b"))).isEqualTo("b");
        assertThat(usual.pod(Map.of("host", "c"))).isEmpty();
        assertThat(usual.replica(Map.of("replica", "r1"))).isEmpty();
        CanarySelection own =
                selection("{\"pod_label\": \"host\", \"replica_label\": \"replica\"," + ARMS + "," + METRICS + "}");
        assertThat(own.pod(Map.of("host", "c", "pod", "a"))).isEqualTo("c");
        assertThat(own.replica(Map.of("replica", "r1"))).isEqualTo("r1");
        assertThat(own.replica(Map.of())).isEmpty();
        assertThat(usual.ownLabels()).isEmpty();
        assertThat(own.ownLabels()).containsExactly("host", "replica");
    }

    @Test
    void aConfigWithoutSeriesSelectsNothing() {
        assertThat(read("{\"metrics\": [{\"name\": \"a\", \"kind\": \"ratio\"}]}")
                        .selection())
                .isNull();
    }

    @Test
    void aPullSaysHowOftenAndHowLate_andForHowLongBefore() {
        assertThat(selection("{\"pull\": {\"source\": \"main\"}," + ARMS + "," + METRICS + "}")
                        .pull())
                .isEqualTo(
                        new CanarySelection.Pull("main", Duration.ofSeconds(10), Duration.ZERO, Duration.ofHours(24)));
        assertThat(selection(
                                "{\"pull\": {\"source\": \"dd\", \"every\": \"5s\", \"delay\": \"90s\", \"history\": \"0s\"},"
                                        + ARMS + "," + METRICS + "}")
                        .pull())
                .isEqualTo(
                        new CanarySelection.Pull("dd", Duration.ofSeconds(5), Duration.ofSeconds(90), Duration.ZERO));
    }

    private static CanarySelection selection(String config) {
        return requireNonNull(read(config).selection());
    }

    private static CanaryConfigs.Result read(String config) {
        return CONFIGS.read(Json.read(config.getBytes(StandardCharsets.UTF_8), JsonNode.class), List.of());
    }
}
