package dev.sluice.sources.cdevents;

import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import java.util.regex.Pattern;

/**
 * A CDEvent, of whichever version of the specification, in one shape. It is trusted over the CloudEvent around it:
 * producers exist that give the envelope an id and a time of its own.
 *
 * @param id unique in the source
 * @param source the system that says it
 * @param name the type without its version, e.g. {@code dev.cdevents.service.deployed}
 * @param timestamp when it happened
 * @param subjectId what it is about
 * @param content what it says about the subject
 * @param sluice {@code customData.sluice}: what the specification has no field for
 * @param document the whole CDEvent
 */
record CdEvent(
        String id,
        String source,
        String name,
        Place timestamp,
        String subjectId,
        Place content,
        Place sluice,
        Place document) {
    private static final int NAME_PARTS = 4;
    private static final Pattern CURRENT_VERSION = Pattern.compile("0\\.5\\..*", Pattern.DOTALL);
    private static final Pattern OLD_VERSION = Pattern.compile("0\\.[1-4]\\..*", Pattern.DOTALL);

    /**
     * Refuses a CDEvent of a version of the specification that is not understood.
     *
     * @param data the CDEvent; whatever else is wrong with it is left to the schemas
     * @throws Rejection if it names another version than 0.1 to 0.5
     */
    static void requireVersion(Place data) {
        Place context = data.at("context");
        boolean old = context.at("specversion").isAbsent();
        Place version = context.at(old ? "version" : "specversion");
        Pattern understood = old ? OLD_VERSION : CURRENT_VERSION;
        if (version.node().isTextual() && !understood.matcher(version.text()).matches()) {
            throw new Rejection(
                    Reason.UNSUPPORTED_VERSION,
                    "CDEvents " + version.text() + " is not understood; "
                            + (old ? "0.1 to 0.4 are here" : "0.5 is here"),
                    version.pointer());
        }
    }

    /**
     * Reads a CDEvent that satisfies its schema. What 0.5 changed, the name of the version's field and the kind of the
     * subject, does not matter here: the event's type says it too.
     *
     * @throws Rejection if it lacks a field
     */
    static CdEvent read(Place data) {
        Place context = data.object().at("context").object();
        Place subject = data.at("subject").object();
        return new CdEvent(
                context.at("id").text(),
                context.at("source").text(),
                nameOf(context.at("type").text()),
                context.at("timestamp"),
                subject.at("id").text(),
                subject.at("content").object(),
                data.at("customData").at("sluice"),
                data);
    }

    private static String nameOf(String type) {
        String[] parts = type.split("\\.", NAME_PARTS + 1);
        return parts.length <= NAME_PARTS ? type : type.substring(0, type.length() - parts[NAME_PARTS].length() - 1);
    }
}
