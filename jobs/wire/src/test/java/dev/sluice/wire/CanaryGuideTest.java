package dev.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The configs that the guide of canary runs shows can be judged by. */
class CanaryGuideTest {
    private static final Pattern CONFIG = Pattern.compile("(?s)```\n(\\{\n.*?)```");
    private static final CanaryConfigs CONFIGS = CanaryConfigs.load();

    @Test
    void theConfigsOfTheGuideAreConfigs() throws IOException {
        List<CanaryConfigs.Result> read = new ArrayList<>();
        Matcher config = CONFIG.matcher(
                Files.readString(Path.of(System.getProperty("sluice.root"), "docs", "guides", "canary.md")));
        while (config.find()) {
            byte[] json = config.group(1).getBytes(StandardCharsets.UTF_8);
            read.add(CONFIGS.read(Json.read(json, JsonNode.class), List.of()));
        }

        assertThat(read).hasSize(3).allSatisfy(result -> {
            assertThat(result.violations()).isEmpty();
            assertThat(result.selection()).isNotNull();
        });
    }
}
