package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installation is exercised with a shell script in npm's place, so that no test needs a network. */
class ClickHouseLibraryTest {
    private static final String PLATFORM = "linux-x64";

    @TempDir
    private Path root;

    private Path project;
    private final List<String> progress = new ArrayList<>();

    @BeforeEach
    void writeProject() throws IOException {
        project = Files.createDirectories(root.resolve("deploy/embedded/clickhouse"));
        pin("1.0.0");
        Files.writeString(project.resolve("package-lock.json"), "{}");
    }

    @Test
    void installsOnceAndThenAsksNoMore() throws IOException {
        var library = new ClickHouseLibrary(root, PLATFORM, workingNpm("1.0.0"));

        Path first = library.installed(progress::add);
        int linesOfTheInstallation = progress.size();
        Path second = library.installed(progress::add);

        assertThat(first).isRegularFile().hasFileName("libchdb.so").isEqualTo(second);
        assertThat(progress).contains("added 1 package").hasSize(linesOfTheInstallation);
        assertThat(runsOfNpm()).isEqualTo(1);
    }

    @Test
    void installsOnce_whenSeveralAskAtOnce() throws Exception {
        var library = new ClickHouseLibrary(root, PLATFORM, workingNpm("1.0.0"));
        var threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Path> ask = () -> library.installed(line -> {});
            for (Future<Path> answer : threads.invokeAll(List.of(ask, ask, ask, ask))) {
                assertThat(answer.get()).isRegularFile();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(runsOfNpm()).isEqualTo(1);
    }

    @Test
    void installsAgain_whenAnotherVersionIsPinned() throws IOException {
        new ClickHouseLibrary(root, PLATFORM, workingNpm("1.0.0")).installed(progress::add);
        pin("1.0.1");

        new ClickHouseLibrary(root, PLATFORM, workingNpm("1.0.1")).installed(progress::add);

        assertThat(runsOfNpm()).isEqualTo(2);
    }

    @Test
    void installsAgain_whenAnInstallationWasBrokenOff() throws IOException {
        var library = new ClickHouseLibrary(root, PLATFORM, workingNpm("1.0.0"));
        library.installed(progress::add);
        Files.delete(project.resolve("node_modules/.package-lock.json"));

        library.installed(progress::add);

        assertThat(runsOfNpm()).isEqualTo(2);
    }

    @Test
    void failureOfNpm_isShownWithAWayOut() throws IOException {
        String npm = script("echo 'cannot reach the registry'; exit 7");

        assertThatThrownBy(() -> new ClickHouseLibrary(root, PLATFORM, npm).installed(progress::add))
                .isInstanceOf(ClickHouseLibraryException.class)
                .hasMessageContaining("exit code 7")
                .hasMessageContaining("cannot reach the registry")
                .hasMessageContaining("npm ci --prefix " + project)
                .hasMessageContaining(ClickHouseLibrary.LIBRARY_VARIABLE);
    }

    @Test
    void absentNpm_isNamedWithAWayOut() {
        assertThatThrownBy(() -> new ClickHouseLibrary(
                                root, PLATFORM, root.resolve("no-npm").toString())
                        .installed(progress::add))
                .isInstanceOf(ClickHouseLibraryException.class)
                .hasMessageContaining("install Node.js")
                .hasMessageContaining(ClickHouseLibrary.LIBRARY_VARIABLE);
    }

    @Test
    void packageThatNpmSkipped_isNamed() throws IOException {
        assertThatThrownBy(() -> new ClickHouseLibrary(root, PLATFORM, script("exit 0")).installed(progress::add))
                .isInstanceOf(ClickHouseLibraryException.class)
                .hasMessageContaining("@chdb/lib-linux-x64-gnu")
                .hasMessageContaining("glibc");
    }

    @Test
    void unsupportedPlatform_isNamed() {
        assertThatThrownBy(() -> new ClickHouseLibrary(root, ClickHouseLibrary.platform("Windows 11", "amd64"), "npm")
                        .installed(progress::add))
                .isInstanceOf(ClickHouseLibraryException.class)
                .hasMessageContaining("windows 11-x64")
                .hasMessageContaining("linux-arm64");
    }

    @Test
    void platforms_haveNodesNames() {
        assertThat(ClickHouseLibrary.platform("Linux", "amd64")).isEqualTo("linux-x64");
        assertThat(ClickHouseLibrary.platform("Linux", "aarch64")).isEqualTo("linux-arm64");
        assertThat(ClickHouseLibrary.platform("Mac OS X", "aarch64")).isEqualTo("darwin-arm64");
        assertThat(ClickHouseLibrary.platform("Mac OS X", "x86_64")).isEqualTo("darwin-x64");
    }

    @Test
    void root_isFoundFromBelow() throws IOException {
        Path below = Files.createDirectories(root.resolve("jobs/store/target"));

        assertThat(ClickHouseLibrary.rootAbove(below)).contains(root);
    }

    @Test
    void pinnedPackages_coverEveryPlatform() throws IOException {
        Path clickHouse = Path.of(System.getProperty("sluice.root"), "deploy", "embedded", "clickhouse");
        String packages = Files.readString(clickHouse.resolve("package.json"));
        String lock = Files.readString(clickHouse.resolve("package-lock.json"));

        assertThat(ClickHouseLibrary.packageNames()).hasSize(4).allSatisfy(name -> {
            assertThat(packages).contains("\"" + name + "\"");
            assertThat(lock).contains("\"node_modules/" + name + "\"");
        });
        assertThat(lock).contains("sha512-").doesNotContain("http");
    }

    private void pin(String version) throws IOException {
        Files.writeString(project.resolve("package.json"), """
                {"optionalDependencies": {"@chdb/lib-linux-x64-gnu": "%s"}}
                """.formatted(version));
    }

    private String workingNpm(String version) throws IOException {
        return script("""
                echo run >> runs
                package=node_modules/@chdb/lib-linux-x64-gnu
                mkdir -p $package
                echo '{"version": "%s"}' > $package/package.json
                echo library > $package/libchdb.so
                echo '{}' > node_modules/.package-lock.json
                echo 'added 1 package'
                """.formatted(version));
    }

    private String script(String body) throws IOException {
        Path file = Files.createTempFile(
                root, "npm", ".sh", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return Files.writeString(file, "#!/bin/sh\n" + body).toString();
    }

    private int runsOfNpm() throws IOException {
        return Files.readAllLines(project.resolve("runs")).size();
    }
}
