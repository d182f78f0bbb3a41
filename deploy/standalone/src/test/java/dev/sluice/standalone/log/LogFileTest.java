package dev.sluice.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the log of {@code sluice up}, written as its configuration says. */
class LogFileTest {
    private static final String FORGED = "2026-03-01T12:00:00.000Z ERROR [main] d.s.Sluice - all is lost";

    @TempDir
    static Path directory;

    private static List<String> written(Consumer<Logger> writing) throws Exception {
        try (var log = LogOfSluice.open(directory)) {
            writing.accept(log.logger("dev.sluice.test"));
            return log.lines();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\u000b", "\f", "\0", "\u001b[2J", "\u009b2J"})
    void whateverIsInAnEventItIsOneLine_ofWhichNothingIsAnother(String separator) throws Exception {
        String value = "checkout" + separator + FORGED;

        List<String> lines = written(logger -> {
            logger.atWarn().addKeyValue("service", value).log("{}", value);
            logger.atInfo().addKeyValue(value, "key").log("next");
        });

        assertThat(lines).hasSize(2).allSatisfy(LogOfSluice::assertLine);
        assertThat(lines.get(0)).contains("WARN  [", "checkout", FORGED).doesNotStartWith(FORGED);
        assertThat(lines.get(1)).contains(" next ");
    }

    @Test
    void aValueCannotBeTakenForAnotherFact() throws Exception {
        List<String> lines = written(logger -> logger.atInfo()
                .addKeyValue("reason", "a\" outcome=\"told\\")
                .addKeyValue("outcome", "refused")
                .log("asked"));

        assertThat(lines)
                .singleElement()
                .asString()
                .endsWith("asked reason=\"a\\\" outcome=\\\"told\\\\\" outcome=\"refused\"");
    }

    @Test
    void theTraceOfAnExceptionIsIndented_itsMessageToo() throws Exception {
        List<String> lines = written(logger -> logger.atError()
                .setCause(new IllegalStateException("of\n" + FORGED, new IllegalArgumentException("\u001b\r" + FORGED)))
                .log("failed"));

        assertThat(lines).hasSizeGreaterThan(4).allSatisfy(LogOfSluice::assertLine);
        assertThat(lines)
                .filteredOn(line -> !line.startsWith("    "))
                .singleElement()
                .asString()
                .endsWith(" failed ");
        assertThat(lines).contains("    " + FORGED).anyMatch(line -> line.startsWith("        at dev.sluice."));
    }

    @Test
    void ofALongTextTheBeginningStandsThere() throws Exception {
        List<String> lines = written(logger ->
                logger.atInfo().addKeyValue("path", "/" + "x".repeat(10_000)).log("asked"));

        assertThat(lines).singleElement().asString().endsWith("xxx...\"").hasSizeLessThan(Printed.MAX_LENGTH + 200);
    }

    @Test
    void whatIsNoControlCharacterStandsAsItIs() throws Exception {
        List<String> lines = written(
                logger -> logger.atInfo().addKeyValue("name", "Größe 数 🙂 a/b").log("it's \"here\""));

        assertThat(lines).singleElement().asString().endsWith("it's \"here\" name=\"Größe 数 🙂 a/b\"");
    }
}
