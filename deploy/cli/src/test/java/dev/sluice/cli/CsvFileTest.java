package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFileTest {
    @TempDir
    private Path directory;

    @Test
    void readsFieldsByTheNameOfTheirColumn() throws IOException {
        CsvFile file = read("sha,parents\nabc,p1 p2\ndef,\n");

        assertThat(file.rows()).hasSize(2);
        assertThat(file.rows().get(0).text("sha")).isEqualTo("abc");
        assertThat(file.rows().get(0).words("parents")).containsExactly("p1", "p2");
        assertThat(file.rows().get(1).words("parents")).isEmpty();
    }

    @Test
    void readsQuotedFieldsWithCommasQuotesAndLineBreaks() throws IOException {
        CsvFile file = read("sha,title\r\nabc,\"a, \"\"b\"\"\r\nc\"\r\ndef,\"\"");

        assertThat(file.rows().get(0).optional("title")).isEqualTo("a, \"b\"\r\nc");
        assertThat(file.rows().get(1).optional("title")).isEmpty();
    }

    @Test
    void readsAnEmptyLastFieldAtTheEndOfTheFile() throws IOException {
        assertThat(read("sha,parents\nabc,").rows().get(0).optional("parents")).isEmpty();
    }

    @Test
    void leavesOutAByteOrderMarkAndEmptyLines() throws IOException {
        assertThat(read("\uFEFFsha\n\nabc\n\n").rows())
                .singleElement()
                .satisfies(row -> assertThat(row.text("sha")).isEqualTo("abc"));
    }

    @Test
    void missingColumn_isNamed() {
        assertThatThrownBy(() -> read("commit,parents\n"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("no column sha")
                .hasMessageContaining("commit, parents");
    }

    @Test
    void rowOfAnotherLength_isNamed() {
        assertThatThrownBy(() -> read("sha,parents\nabc,x\ndef\n")).hasMessageContaining("row 3: 1 fields");
    }

    @Test
    void openQuote_isRefused() {
        assertThatThrownBy(() -> read("sha\n\"abc")).hasMessageContaining("row 2: a quote is not closed");
    }

    @Test
    void textAfterAQuote_isRefused() {
        assertThatThrownBy(() -> read("sha\n\"abc\"d\n")).hasMessageContaining("text after a closing quote");
    }

    @Test
    void emptyFile_isRefused() {
        assertThatThrownBy(() -> read("")).hasMessageContaining("is empty");
    }

    @Test
    void wrongTime_isNamedWithItsRow() throws IOException {
        Path commits = write("commits.csv", "sha,author_time,commit_time,parents\na,yesterday,2026-01-01T00:00:00Z,\n");
        Path releases = write("tags.csv", "tag,tag_time,sha\n");

        assertThatThrownBy(() -> CsvHistory.read(commits, releases, "shop"))
                .hasMessageContaining("row 2: author_time is not a time such as 2026-03-01T12:00:00Z: yesterday");
    }

    private CsvFile read(String text) throws IOException {
        return CsvFile.read(write("table.csv", text), List.of("sha"));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
