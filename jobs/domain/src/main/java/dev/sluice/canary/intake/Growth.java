package dev.sluice.canary.intake;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** By how much a counter has grown between two readings. */
final class Growth {
    private Growth() {}

    /** Returns whether a counter has fallen, as it does only if its process has begun anew. */
    static boolean hasFallen(Measure now, Measure then) {
        if (now instanceof Measure.Counts counts && then instanceof Measure.Counts before) {
            return counts.events() < before.events() || counts.exposure() < before.exposure();
        }
        if (now instanceof Measure.Part part && then instanceof Measure.Part before) {
            return part.count() < before.count();
        }
        if (now instanceof Measure.Distribution of && then instanceof Measure.Distribution before) {
            return of.total() < before.total() || hasFallen(of, before);
        }
        return false;
    }

    private static boolean hasFallen(Measure.Distribution now, Measure.Distribution then) {
        for (int i = 0; i < now.bounds().size(); i++) {
            int place = Collections.binarySearch(then.bounds(), now.bounds().get(i));
            if (place >= 0 && now.upTo().get(i) < then.upTo().get(place)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the growth as a measure that counts from the reading before; of a histogram between the bounds that both have. Empty
     * if both are not of a kind, or no histogram can have grown so: then one of them was read while it was written.
     */
    static Optional<Measure> between(Measure now, Measure then) {
        if (now instanceof Measure.Counts counts && then instanceof Measure.Counts before) {
            return Optional.of(new Measure.Counts(
                    counts.events() - before.events(), counts.exposure() - before.exposure(), false));
        }
        if (now instanceof Measure.Part part && then instanceof Measure.Part before) {
            return Optional.of(new Measure.Part(part.role(), part.bound(), part.count() - before.count(), false));
        }
        if (now instanceof Measure.Distribution of && then instanceof Measure.Distribution before) {
            return between(of, before);
        }
        return Optional.empty();
    }

    private static Optional<Measure> between(Measure.Distribution now, Measure.Distribution then) {
        if (then.total() == 0 && then.bounds().isEmpty()) {
            return Optional.of(whole(now)); // there was nothing of any size
        }
        List<Double> bounds = new ArrayList<>();
        List<Long> upTo = new ArrayList<>();
        for (int i = 0; i < now.bounds().size(); i++) {
            int place = Collections.binarySearch(then.bounds(), now.bounds().get(i));
            if (place >= 0) {
                bounds.add(now.bounds().get(i));
                upTo.add(now.upTo().get(i) - then.upTo().get(place));
            }
        }
        try {
            return Optional.of(new Measure.Distribution(bounds, upTo, now.total() - then.total(), false));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns all that a counter has, as a measure that counts from nothing. */
    static Measure whole(Measure now) {
        if (now instanceof Measure.Counts counts) {
            return new Measure.Counts(counts.events(), counts.exposure(), false);
        }
        if (now instanceof Measure.Part part) {
            return new Measure.Part(part.role(), part.bound(), part.count(), false);
        }
        if (now instanceof Measure.Distribution of) {
            return new Measure.Distribution(of.bounds(), of.upTo(), of.total(), false);
        }
        return now;
    }
}
