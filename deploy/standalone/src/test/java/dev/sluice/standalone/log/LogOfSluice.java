package dev.sluice.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/** The log as {@code sluice up} configures it, in a directory of its own. */
final class LogOfSluice implements AutoCloseable {
    private static final Pattern EVENT = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (ERROR|WARN |INFO |DEBUG|TRACE) \\[[^]]*] [A-Za-z0-9_.$]+ - .*");
    private static final Pattern UNWANTED = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final LoggerContext context;
    private final Path file;

    private LogOfSluice(LoggerContext context, Path file) {
        this.context = context;
        this.file = file;
    }

    /** Opens one of its own. */
    static LogOfSluice open(Path directory) throws Exception {
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        return configured(context, Files.createTempDirectory(directory, "log"));
    }

    /** Makes the log of the whole process that one, with all that Sluice says, until it is closed. */
    static LogOfSluice ofTheProcess(Path directory) throws Exception {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        LogOfSluice log = configured(context, Files.createTempDirectory(directory, "log"));
        context.getLogger("dev.sluice").setLevel(Level.DEBUG);
        return log;
    }

    private static LogOfSluice configured(LoggerContext context, Path directory) throws JoranException {
        context.reset();
        context.putProperty("sluice.logs", directory.toString());
        configure(context, "/sluice-logback.xml");
        return new LogOfSluice(context, directory.resolve("sluice.log"));
    }

    private static void configure(LoggerContext context, String resource) throws JoranException {
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogOfSluice.class.getResource(resource));
    }

    Logger logger(String name) {
        return context.getLogger(name);
    }

    /** Returns its lines: what stands between line feeds, nothing else ending a line here. */
    List<String> lines() throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        assertThat(text).endsWith("\n");
        return Arrays.asList(text.substring(0, text.length() - 1).split("\n", -1));
    }

    /** A line is an event or part of a trace, and has no control character. */
    static void assertLine(String line) {
        assertThat(UNWANTED.matcher(line).find()).as(line).isFalse();
        assertThat(line.startsWith("    ") || EVENT.matcher(line).matches())
                .as(line)
                .isTrue();
    }

    @Override
    public void close() throws JoranException {
        context.reset();
        if (context == LoggerFactory.getILoggerFactory()) {
            configure(context, "/logback-test.xml");
        } else {
            context.stop();
        }
    }
}
