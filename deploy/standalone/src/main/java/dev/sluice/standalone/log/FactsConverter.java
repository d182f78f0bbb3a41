package dev.sluice.standalone.log;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.event.KeyValuePair;

/** Writes the facts of an event in one line, each value between quotation marks ({@code %facts}): no value can be taken for another fact. */
public final class FactsConverter extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        List<KeyValuePair> facts = event.getKeyValuePairs();
        return facts == null
                ? ""
                : facts.stream()
                        .map(fact -> Printed.line(fact.key) + "=" + Printed.quoted(String.valueOf(fact.value)))
                        .collect(Collectors.joining(" "));
    }
}
