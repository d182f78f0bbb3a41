package dev.sluice.standalone.log;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** Writes the message of an event in one line: {@code %text}. */
public final class MessageConverter extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        return Printed.line(String.valueOf(event.getFormattedMessage()));
    }
}
