package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterJobTest {
    @TempDir
    private Path root;

    @Test
    void jarIsFoundWhereTheBuildLeavesIt() throws IOException {
        Path target = Files.createDirectories(root.resolve("jobs/dora-job/target"));
        Files.writeString(target.resolve("sluice-dora-job-0.1.0.jar"), "without libraries");
        assertThatThrownBy(() -> ClusterJob.jar(root, "dora"))
                .isInstanceOf(StartException.class)
                .hasMessage(
                        "the jar of the job dora for Flink is not in %s: build it with `deploy/sluice build`", target);

        Path jar = Files.writeString(target.resolve("sluice-dora-job-0.1.0-job.jar"), "with libraries");
        assertThat(ClusterJob.jar(root, "dora")).isEqualTo(jar);
    }

    @Test
    void digests_followJarAndSettings() throws IOException {
        Path one = Files.writeString(root.resolve("one.jar"), "one");
        Path two = Files.writeString(root.resolve("two.jar"), "two");
        ClusterJob job = job(one, Map.of("B", "2", "A", "1"));

        assertThat(job.arguments()).containsExactly("A=1", "B=2");
        assertThat(job.jarDigest()).isNotEqualTo(job(two, Map.of()).jarDigest());
        assertThat(job.settingsDigest())
                .isEqualTo(job(two, Map.of("A", "1", "B", "2")).settingsDigest())
                .isNotEqualTo(job(one, Map.of("A", "1", "B", "3")).settingsDigest());
    }

    private static ClusterJob job(Path jar, Map<String, String> settings) {
        return new ClusterJob("dora", jar, "Main", 1, settings);
    }
}
