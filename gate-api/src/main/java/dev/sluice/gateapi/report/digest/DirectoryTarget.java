package dev.sluice.gateapi.report.digest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.gateapi.report.dora.WrittenReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;

/**
 * Files in a directory, a page, a CSV and a JSON for each digest. A file is there whole or not at all; the page comes last.
 *
 * @param directory the directory; it is created where it is missing
 */
record DirectoryTarget(Path directory) implements Target {
    @Override
    public void deliver(String name, WrittenReport report, Instant now) throws UndeliveredException {
        try {
            Files.createDirectories(directory);
            write(name + ".csv", report.csv().getBytes(UTF_8));
            write(name + ".json", report.json().getBytes(UTF_8));
            write(name + ".html", report.html().getBytes(UTF_8));
        } catch (IOException e) {
            throw UndeliveredException.forNow("cannot write into " + directory, e);
        }
    }

    private void write(String name, byte[] content) throws IOException {
        Path whole = directory.resolve(name);
        Path part = directory.resolve("." + name + ".part");
        Files.write(part, content);
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
