package dev.sluice.gateapi.report;

import dev.sluice.store.Evidence;
import dev.sluice.store.SubjectEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a number is made of: each thing that the metric counted or looked at and did not count, by which rule, and the events
 * and deliveries that say so.
 *
 * @param service the service
 * @param environment the environment
 * @param metric the metric
 * @param asOf the time as of which this is told; null for now
 * @param answer the number
 * @param storedThrough everything received before this is in the database; null before the first report
 * @param countedTotal how many things it counted
 * @param excludedTotal how many it did not
 * @param counted a page of those, by time
 * @param excluded a page of these, by time
 */
record Explanation(
        String service,
        String environment,
        String metric,
        @Nullable Instant asOf,
        ExplainedRange.Answered answer,
        @Nullable Instant storedThrough,
        int countedTotal,
        int excludedTotal,
        List<Item> counted,
        List<Item> excluded) {

    /**
     * Something that a metric looks at.
     *
     * @param kind deployment, change, pull_request, incident or drift_episode
     * @param id its identity
     * @param day the day on which it counts; that on which it opened, if it is an episode of drift
     * @param at the moment by which it does
     * @param value milliseconds, or 1 for yes and 0 for no
     * @param reasons by which rules it counts as it does, or why it does not
     * @param related the incidents or deployments that this is about
     * @param events what tells of it and of these
     */
    record Item(
            String kind,
            String id,
            LocalDate day,
            Instant at,
            @Nullable Double value,
            List<String> reasons,
            List<String> related,
            List<Event> events) {
        static Item of(Evidence evidence, List<SubjectEvent> events) {
            return new Item(
                    evidence.kind(),
                    evidence.id(),
                    evidence.day(),
                    evidence.at(),
                    evidence.value(),
                    evidence.reasons(),
                    evidence.related(),
                    Event.about(evidence, events));
        }
    }

    /**
     * An event, and where to read the delivery that it came in.
     *
     * @param id the event's id
     * @param type its type
     * @param subject what it is about
     * @param source who said it
     * @param occurredAt when it happened
     * @param receivedAt when Sluice received it
     * @param deliveryUrl the delivery
     */
    record Event(
            String id,
            String type,
            String subject,
            String source,
            Instant occurredAt,
            Instant receivedAt,
            String deliveryUrl) {
        static Event of(SubjectEvent event) {
            return new Event(
                    event.id(),
                    event.type(),
                    event.subject(),
                    event.source(),
                    event.occurredAt(),
                    event.receivedAt(),
                    "/v1/deliveries/" + event.delivery() + "?received_at=" + event.receivedAt());
        }

        /** Returns those that tell of something, or of what it is related to. */
        static List<Event> about(Evidence evidence, List<SubjectEvent> events) {
            return events.stream()
                    .filter(event -> isAbout(evidence, event))
                    .map(Event::of)
                    .toList();
        }

        private static boolean isAbout(Evidence evidence, SubjectEvent event) {
            if (event.subject().equals(evidence.subject())) {
                boolean isOfAnother = !event.repository().isEmpty()
                        && !evidence.repository().isEmpty()
                        && !event.repository().equals(evidence.repository());
                return !isOfAnother;
            }
            return evidence.related().contains(event.subject());
        }
    }

    /** Returns the subjects of the events that tell of some evidence, and of what it is related to. */
    static List<String> subjects(Stream<Evidence> evidence) {
        return evidence.flatMap(each -> Stream.concat(Stream.of(each.subject()), each.related().stream()))
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * Something that counts otherwise than it did.
     *
     * @param kind what it is
     * @param id its identity
     * @param before how it counted; null where it was not in the range or not known
     * @param after how it counts; null where it is no longer in the range, or gone
     * @param events what was received of it and of what it is related to in between
     */
    record Changed(
            String kind,
            String id,
            @Nullable Standing before,
            @Nullable Standing after,
            List<Event> events) {}

    /**
     * How something counts.
     *
     * @param counted whether the metric counts it
     * @param at the moment by which it does
     * @param value milliseconds, or 1 for yes and 0 for no
     * @param reasons by which rules, or why not
     * @param related the incidents or deployments that this is about
     */
    record Standing(boolean counted, Instant at, @Nullable Double value, List<String> reasons, List<String> related) {
        static Standing of(Evidence evidence) {
            return new Standing(
                    evidence.counted(), evidence.at(), evidence.value(), evidence.reasons(), evidence.related());
        }
    }

    /**
     * Returns what counts otherwise than it did, by identity.
     *
     * @param before the evidence as it stood
     * @param after the evidence as it stands
     * @param events what was received in between
     */
    static List<Changed> changes(List<Evidence> before, List<Evidence> after, List<SubjectEvent> events) {
        Map<String, Evidence> were = byIdentity(before);
        Map<String, Evidence> are = byIdentity(after);
        var identities = new TreeMap<String, Evidence>(were);
        identities.putAll(are);
        return identities.entrySet().stream()
                .filter(each -> !Objects.equals(were.get(each.getKey()), are.get(each.getKey())))
                .map(each -> changed(were.get(each.getKey()), are.get(each.getKey()), each.getValue(), events))
                .toList();
    }

    private static Changed changed(
            @Nullable Evidence before, @Nullable Evidence after, Evidence known, List<SubjectEvent> events) {
        List<SubjectEvent> about = events.stream()
                .filter(event -> Stream.of(before, after)
                        .filter(Objects::nonNull)
                        .anyMatch(evidence -> Event.isAbout(evidence, event)))
                .toList();
        return new Changed(
                known.kind(),
                known.id(),
                before == null ? null : Standing.of(before),
                after == null ? null : Standing.of(after),
                about.stream().map(Event::of).toList());
    }

    private static Map<String, Evidence> byIdentity(List<Evidence> evidence) {
        var byIdentity = new TreeMap<String, Evidence>();
        evidence.forEach(each -> byIdentity.put(each.kind() + " " + each.id(), each));
        return byIdentity;
    }
}
