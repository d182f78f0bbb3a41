package dev.sluice.standalone.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** Writes the trace of an exception, each line indented ({@code %trace}): no message of one can be taken for another event. */
public final class TraceConverter extends ThrowableProxyConverter {
    @Override
    public String convert(ILoggingEvent event) {
        return Printed.indented(super.convert(event));
    }
}
