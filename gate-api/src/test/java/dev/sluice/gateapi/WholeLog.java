package dev.sluice.gateapi;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that Sluice logs and prints while this is open, also what is logged for the search of faults only. */
final class WholeLog implements AutoCloseable {
    private static final String PACKAGE = "dev.sluice";
    private static final String PROPERTY = "org.slf4j.simpleLogger.log." + PACKAGE;
    private static final int TRACE = 0;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final Map<Object, Integer> levels = new HashMap<>();

    WholeLog() throws ReflectiveOperationException {
        System.setProperty(PROPERTY, "trace");
        for (Map.Entry<?, ?> logger : loggers().entrySet()) {
            if (logger.getKey().toString().startsWith(PACKAGE)) {
                levels.put(logger.getValue(), (Integer) level(logger.getValue()).get(logger.getValue()));
                level(logger.getValue()).set(logger.getValue(), TRACE);
            }
        }
        var both = new PrintStream(written, true, StandardCharsets.UTF_8);
        System.setErr(both);
        System.setOut(both);
    }

    /** The simple logger reads its level when it is made. */
    private static Map<?, ?> loggers() throws ReflectiveOperationException {
        Object factory = LoggerFactory.getILoggerFactory();
        Field loggers = factory.getClass().getDeclaredField("loggerMap");
        loggers.setAccessible(true);
        return (Map<?, ?>) loggers.get(factory);
    }

    private static Field level(Object logger) throws ReflectiveOperationException {
        Field level = logger.getClass().getDeclaredField("currentLogLevel");
        level.setAccessible(true);
        return level;
    }

    /** Returns what it is by now. */
    String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    /** Returns a logger of Sluice's, to try it. */
    static Logger logger() {
        return LoggerFactory.getLogger(PACKAGE + ".Try");
    }

    @Override
    public void close() throws ReflectiveOperationException {
        System.setErr(err);
        System.setOut(out);
        System.clearProperty(PROPERTY);
        for (Map.Entry<Object, Integer> one : levels.entrySet()) {
            level(one.getKey()).set(one.getKey(), one.getValue());
        }
    }
}
