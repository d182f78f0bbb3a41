package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClickHouseChoiceTest {
    private static final Path FETCHED = Path.of("/fetched/libchdb.so");

    @TempDir
    private Path root;

    private Path directory;
    private Path onPath;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> progress = new ArrayList<>();
    private @Nullable Path there;

    @BeforeEach
    void putABinaryOnThePath() throws IOException {
        directory = root.resolve("data/clickhouse");
        onPath = binary("bin", "26.7.2.1");
        environment.put("PATH", "relative:" + root.resolve("absent") + ":" + onPath.getParent());
    }

    @Test
    void binaryOfThePath_whereNoLibraryIsThere() {
        assertThat(choose()).isEqualTo(new ClickHouseEngine.Binary(onPath, version("26.7.2.1")));
        assertThat(progress).isEmpty();
    }

    @Test
    void libraryThatIsThere_beforeTheBinaryOfThePath() {
        there = root.resolve("libchdb.so");

        assertThat(choose()).isEqualTo(new ClickHouseEngine.Library(there));
    }

    @Test
    void namedBinary_beforeEverything() throws IOException {
        there = root.resolve("libchdb.so");
        Path named = binary("named", "25.3.1.1");
        environment.put("SLUICE_CLICKHOUSE_BINARY", named.toString());
        environment.put("SLUICE_CHDB_LIBRARY", "/named/libchdb.so");

        assertThat(choose()).isEqualTo(new ClickHouseEngine.Binary(named, version("25.3.1.1")));
    }

    @Test
    void nameWithoutDirectory_isLookedForOnThePath() {
        there = root.resolve("libchdb.so");
        environment.put("SLUICE_CLICKHOUSE_BINARY", "clickhouse");

        assertThat(choose().file()).isEqualTo(onPath);
    }

    @Test
    void namedLibrary_beforeTheBinaryOfThePath() {
        environment.put("SLUICE_CHDB_LIBRARY", "/named/libchdb.so");

        assertThat(choose()).isEqualTo(new ClickHouseEngine.Library(FETCHED));
    }

    @Test
    void neither_fetchesTheLibrary() {
        environment.remove("PATH");

        assertThat(choose()).isEqualTo(new ClickHouseEngine.Library(FETCHED));
    }

    @Test
    void oldBinaryOfThePath_isPassedOverAndTold() throws IOException {
        binary("bin", "24.8.14.39");

        assertThat(choose()).isEqualTo(new ClickHouseEngine.Library(FETCHED));
        assertThat(progress)
                .containsExactly("the clickhouse on the PATH is not used: " + onPath
                        + " is ClickHouse 24.8.14.39, which is too old: 25.3 or later is needed");
    }

    @Test
    void anotherProgramOfThatName_isPassedOver() throws IOException {
        StandInBinary.script(onPath, "#!/bin/sh\necho 'Unknown option specified: version'\n");

        assertThat(choose()).isEqualTo(new ClickHouseEngine.Library(FETCHED));
        assertThat(progress).hasSize(1).first().asString().contains("does not tell its version");
    }

    @Test
    void namedBinaryThatIsOldOrAbsent_isRefused() throws IOException {
        environment.put("SLUICE_CLICKHOUSE_BINARY", binary("old", "18.16.1").toString());
        assertThatThrownBy(this::choose)
                .isInstanceOf(ClickHouseBinaryException.class)
                .hasMessageContaining("18.16.1, which is too old");

        environment.put(
                "SLUICE_CLICKHOUSE_BINARY", root.resolve("absent/clickhouse").toString());
        assertThatThrownBy(this::choose)
                .isInstanceOf(ClickHouseBinaryException.class)
                .hasMessageContaining("SLUICE_CLICKHOUSE_BINARY names " + root.resolve("absent/clickhouse"));
    }

    @Test
    void directoryOfALibrary_keepsToIt() throws IOException {
        wrote("kind=library\nversion=26.7.2.1\n");

        assertThat(choose()).isEqualTo(new ClickHouseEngine.Library(FETCHED));
    }

    @Test
    void directoryFromBeforeThereWasAChoice_keepsToTheLibrary() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.xml"), "<clickhouse/>");

        assertThat(choose()).isEqualTo(new ClickHouseEngine.Library(FETCHED));
    }

    @Test
    void directoryOfABinary_keepsToIt() throws IOException {
        wrote("kind=binary\nversion=26.7.2.1\n");
        there = root.resolve("libchdb.so");
        assertThat(choose().file()).isEqualTo(onPath);

        environment.remove("PATH");
        assertThatThrownBy(this::choose)
                .isInstanceOf(ClickHouseBinaryException.class)
                .hasMessageContaining("was written by a clickhouse binary (26.7.2.1), and there is none on the PATH")
                .hasMessageContaining("SLUICE_CLICKHOUSE_BINARY");
    }

    /** A start that failed before the first answer decides nothing. */
    @Test
    void kindThatHasNeverAnswered_isNoReasonToKeepToIt() throws IOException {
        there = root.resolve("libchdb.so");
        wrote("kind=binary\n");
        Files.createDirectories(directory.resolve("data/store/0a1/0a1b"));
        Files.createDirectories(directory.resolve("data/metadata"));
        Files.writeString(directory.resolve("data/metadata/system.sql"), "ATTACH DATABASE system ENGINE = Atomic");
        assertThat(choose()).isEqualTo(new ClickHouseEngine.Library(there));

        Files.writeString(directory.resolve("data/store/0a1/0a1b/rows.sql"), "ATTACH TABLE rows");
        assertThat(choose().file()).isEqualTo(onPath);
    }

    @Test
    void binaryOfThePathThatDoesNotStart_givesWayWhereThereIsNoData() {
        assertThat(startOnlyLibraries()).isEqualTo(new ClickHouseEngine.Library(FETCHED));
        assertThat(progress).containsExactly("the clickhouse on the PATH is not used: no way");
    }

    @Test
    void binaryThatWasNamedOrWroteTheData_doesNotGiveWay() throws IOException {
        environment.put("SLUICE_CLICKHOUSE_BINARY", "clickhouse");
        assertThatThrownBy(this::startOnlyLibraries)
                .isInstanceOf(ClickHouseStartException.class)
                .hasMessage("no way");

        environment.remove("SLUICE_CLICKHOUSE_BINARY");
        wrote("kind=binary\nversion=26.7.2.1\n");
        assertThatThrownBy(this::startOnlyLibraries)
                .isInstanceOf(ClickHouseStartException.class)
                .hasMessage("no way");
        assertThat(progress).isEmpty();
    }

    /** Returns the engine that was started last. */
    private ClickHouseEngine startOnlyLibraries() {
        return choice().start(directory, progress::add, engine -> {
            if (engine.kind() == ClickHouseEngine.Kind.BINARY) {
                throw new ClickHouseStartException("no way");
            }
            return engine;
        });
    }

    @Test
    void recordThatSaysNothing_isNamed() throws IOException {
        wrote("kind=other\n");

        assertThatThrownBy(this::choose)
                .isInstanceOf(ClickHouseStartException.class)
                .hasMessageContaining(directory.resolve("engine.properties").toString());
    }

    private ClickHouseEngine choose() {
        return choice().engineFor(directory, progress::add);
    }

    private ClickHouseChoice choice() {
        var libraries = new ClickHouseChoice.Libraries() {
            @Override
            public Optional<Path> find() {
                return Optional.ofNullable(there);
            }

            @Override
            public Path locate(Consumer<String> lines) {
                return FETCHED;
            }
        };
        return new ClickHouseChoice(environment, libraries);
    }

    private Path binary(String name, String version) throws IOException {
        return StandInBinary.script(
                root.resolve(name).resolve("clickhouse"),
                "#!/bin/sh\n[ \"$*\" = 'server --version' ] && echo 'ClickHouse server version %s (official build).'\n"
                        .formatted(version));
    }

    private void wrote(String text) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("engine.properties"), text);
    }

    private static ClickHouseVersion version(String text) {
        return ClickHouseVersion.in(text).orElseThrow();
    }
}
