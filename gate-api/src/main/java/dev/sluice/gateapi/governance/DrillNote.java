package dev.sluice.gateapi.governance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.governance.DrillReminder.Word;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Of which times of a schedule somebody was told last, as it stands in the control log.
 *
 * @param told when the drill was due that each word was of; a word that was never said is absent
 */
record DrillNote(Map<Word, Instant> told) {
    /** Nobody was told of anything. */
    static final DrillNote NONE = new DrillNote(Map.of());

    DrillNote {
        var copy = new EnumMap<Word, Instant>(Word.class);
        copy.putAll(told);
        told = Collections.unmodifiableMap(copy);
    }

    static DrillNote of(JsonNode document) {
        var told = new EnumMap<Word, Instant>(Word.class);
        for (Word word : Word.values()) {
            String due = document.path(word.label()).textValue();
            if (due != null) {
                told.put(word, Instant.parse(due));
            }
        }
        return new DrillNote(told);
    }

    ObjectNode json() {
        ObjectNode document = Json.mapper().createObjectNode();
        told.forEach((word, due) -> document.put(word.label(), due.toString()));
        return document;
    }

    /** Returns this with what was told since. */
    DrillNote with(Map<Word, Instant> since) {
        var all = new EnumMap<Word, Instant>(Word.class);
        all.putAll(told);
        all.putAll(since);
        return new DrillNote(all);
    }

    /** Returns whether somebody was told a reminder. */
    boolean has(DrillReminder reminder) {
        return reminder.occurrence().due().equals(told.get(reminder.word()));
    }
}
