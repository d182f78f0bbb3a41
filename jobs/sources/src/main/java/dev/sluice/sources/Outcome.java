package dev.sluice.sources;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.wire.CorrectionNote;
import dev.sluice.wire.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a delivery: exactly one of three. */
public sealed interface Outcome {

    /**
     * Handles each kind of outcome; Java 17 has no pattern switch.
     *
     * @param visitor one function a kind
     * @param <R> the result
     */
    <R> R accept(Visitor<R> visitor);

    /** One function for each kind of outcome. */
    interface Visitor<R> {
        R events(Events outcome);

        R ignored(Ignored outcome);

        R malformed(Malformed outcome);
    }

    /**
     * It was understood.
     *
     * @param events at least one, in the order in which the delivery names them
     * @param skipped parts of the delivery that could not be understood
     * @param note who corrected something by it, and why; null of a delivery that is no correction
     */
    record Events(
            List<DeliveryEvent> events,
            List<Malformed> skipped,
            @Nullable CorrectionNote note) implements Outcome {
        public Events {
            events = List.copyOf(events);
            skipped = List.copyOf(skipped);
            if (events.isEmpty()) {
                throw new IllegalArgumentException("events must not be empty: nothing to tell is Ignored or Malformed");
            }
        }

        /** Creates the outcome of a delivery that is no correction. */
        public Events(List<DeliveryEvent> events, List<Malformed> skipped) {
            this(events, skipped, null);
        }

        /** Creates the outcome of a delivery that was understood as a whole. */
        public Events(DeliveryEvent event) {
            this(List.of(event), List.of());
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.events(this);
        }
    }

    /**
     * It was understood and concerns no metric.
     *
     * @param reason a short stable code
     * @param detail one sentence for a person
     */
    record Ignored(Reason reason, String detail) implements Outcome {
        public Ignored {
            requireNonNull(reason, "reason");
            requireNonNull(detail, "detail");
        }

        /**
         * Returns what becomes of an event whose action changes nothing that is measured.
         *
         * @param action the action
         * @param event the source's name for the kind of event
         */
        public static Ignored action(String action, String event) {
            return new Ignored(Reason.UNUSED_ACTION, "the action " + action + " of " + event + " changes no metric");
        }

        /**
         * Returns what becomes of an event of a kind that is not understood.
         *
         * @param system whose event it is
         * @param event its name for the kind
         * @param unused why no metric uses the kinds that are known
         */
        public static Ignored event(String system, String event, Map<String, String> unused) {
            String why = unused.get(event);
            return why == null
                    ? new Ignored(Reason.UNKNOWN_EVENT, "the " + system + " event " + event + " is not known")
                    : new Ignored(Reason.UNUSED_EVENT, "no metric uses the " + system + " event " + event + ": " + why);
        }

        /**
         * Returns what becomes of what happens in an environment that the connection is not configured for.
         *
         * @param delivery the delivery that tells of it
         * @param environment the environment
         */
        public static Ignored environment(Delivery delivery, String environment) {
            return new Ignored(
                    Reason.ENVIRONMENT_NOT_SELECTED,
                    "the connection " + delivery.connection() + " does not take the environment " + environment);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.ignored(this);
        }
    }

    /**
     * It could not be understood.
     *
     * @param reason a short stable code
     * @param detail one sentence for a person
     * @param pointer JSON pointer (RFC 6901) to what is wrong; empty for the whole document, null where the document is
     *     not the problem
     * @param others what else of the delivery could not be understood; of each of them that is empty
     */
    record Malformed(Reason reason, String detail, @Nullable String pointer, List<Malformed> others)
            implements Outcome {
        public Malformed {
            requireNonNull(reason, "reason");
            requireNonNull(detail, "detail");
            others = List.copyOf(others);
        }

        /** Creates the outcome of a delivery, or a part of one, in which one thing is wrong. */
        public Malformed(Reason reason, String detail, @Nullable String pointer) {
            this(reason, detail, pointer, List.of());
        }

        /**
         * Returns what a delivery comes to of whose parts none was understood.
         *
         * @param parts what each of them comes to, at least one
         */
        public static Malformed ofParts(List<Malformed> parts) {
            List<Malformed> each =
                    parts.stream().flatMap(part -> part.each().stream()).toList();
            Malformed first = each.get(0);
            return new Malformed(first.reason, first.detail, first.pointer, each.subList(1, each.size()));
        }

        /** Returns everything that could not be understood, in the order of the delivery. */
        public List<Malformed> each() {
            var each = new ArrayList<Malformed>();
            each.add(others.isEmpty() ? this : new Malformed(reason, detail, pointer));
            each.addAll(others);
            return each;
        }

        /**
         * Returns what a document comes to that does not satisfy its schema: the first violation, and how many there are
         * beside.
         *
         * @param violations at least one
         */
        public static Malformed of(List<Violation> violations) {
            Violation first = violations.get(0);
            String more = violations.size() == 1 ? "" : " And " + (violations.size() - 1) + " more.";
            return new Malformed(Reason.INVALID_EVENT, first.message() + more, first.pointer());
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.malformed(this);
        }
    }
}
