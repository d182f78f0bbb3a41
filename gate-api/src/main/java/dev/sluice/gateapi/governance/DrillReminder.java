package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.deliver.Message;
import dev.sluice.gateapi.governance.DrillStanding.Due;
import dev.sluice.gateapi.governance.StatementIndex.KeptSchedule;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody is to be told of a drill.
 *
 * @param kept the schedule
 * @param word that the drill is due, or was missed
 * @param occurrence of which time
 * @param until from when on it is said no longer
 */
record DrillReminder(KeptSchedule kept, Word word, Due occurrence, Instant until) {
    /** What is told. */
    enum Word {
        DUE("due", "dev.sluice.drill.due.v1"),
        MISSED("missed", "dev.sluice.drill.missed.v1");

        private final String label;
        private final String message;

        Word(String label, String message) {
            this.label = label;
            this.message = message;
        }

        String label() {
            return label;
        }
    }

    /** Returns all that is to be told as a schedule stands. */
    static List<DrillReminder> of(KeptSchedule kept, DrillStanding standing, Instant now) {
        var reminders = new ArrayList<DrillReminder>();
        Due current = standing.current();
        if (current != null && !current.recorded()) {
            reminders.add(new DrillReminder(kept, Word.DUE, current, current.ends()));
        }
        Due missed = standing.missed();
        if (missed != null && standing.isMissing()) {
            Instant until = missed.ends().plus(kept.schedule().length());
            if (now.isBefore(until)) {
                reminders.add(new DrillReminder(kept, Word.MISSED, missed, until));
            }
        }
        return reminders;
    }

    /** Returns the id of the message: the same each time that it is said. */
    String id() {
        String hash =
                Sha256.hex(Keys.of(kept.tenant(), kept.name(), occurrence.due().toString()));
        return hash.substring(0, 32) + "-" + word.label();
    }

    Message message() {
        DrillSchedule schedule = kept.schedule();
        Instant at = word == Word.DUE ? occurrence.due() : occurrence.ends();
        var data = Json.mapper()
                .createObjectNode()
                .put("schedule", kept.name())
                .put("service", schedule.service())
                .put("environment", schedule.environment())
                .put("due", occurrence.due().toString())
                .put("ends", occurrence.ends().toString());
        return Message.of(id(), word.message, schedule.service() + "/" + schedule.environment(), at, data);
    }
}
