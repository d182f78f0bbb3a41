package dev.sluice.gateapi.report.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import dev.sluice.wire.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The levels of one edition of a yearly report, such as "elite". They are clusters of answers to a survey with gaps between
 * them, so most values have none; a value has one where its whole 95 % interval lies in the range of one and no other.
 */
public final class Levels {
    private static final String SHIPPED = "levels.yaml";
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)%");
    private static final Pattern FREQUENCY = Pattern.compile("(\\d{1,6})/(\\d{1,4})d");
    private static final double PER_CENT = 100;

    private final String edition;
    private final Map<Metric, List<Range>> ranges;

    private Levels(String edition, Map<Metric, List<Range>> ranges) {
        this.edition = edition;
        this.ranges = new EnumMap<>(Metric.class);
        this.ranges.putAll(ranges);
    }

    /** Returns no levels: the usual. */
    public static Levels none() {
        return new Levels("", Map.of());
    }

    /**
     * Reads which edition is shown, and editions beside the shipped ones; one of the same name takes the place of a shipped one.
     *
     * @param root has {@code levels}, the name of an edition, and {@code editions}
     */
    public static Levels read(YamlMapping root) {
        Map<String, Levels> editions = new LinkedHashMap<>(shipped());
        Optional<String> shown = root.optional("levels");
        editions.putAll(editions(root));
        if (shown.isEmpty()) {
            return none();
        }
        Levels levels = editions.get(shown.get());
        if (levels == null) {
            root.problem(
                    "levels",
                    "there is no edition " + shown.get() + "; there are " + String.join(", ", editions.keySet()));
            return none();
        }
        return levels;
    }

    private static Map<String, Levels> shipped() {
        try (InputStream in = requireNonNull(Levels.class.getResourceAsStream(SHIPPED), SHIPPED)) {
            var problems = new Problems();
            var content = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Map<String, Levels> editions = YamlMapping.read(SHIPPED, content, problems)
                    .map(Levels::editions)
                    .orElse(Map.of());
            problems.throwIfAny();
            return editions;
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + SHIPPED, e);
        }
    }

    /** Returns the level of a value, or nothing where its interval is unknown, in a gap, or in more than one. */
    Optional<Level> of(Metric metric, Value value) {
        Double lower = value.lower();
        Double upper = value.upper();
        if (lower == null || upper == null) {
            return Optional.empty();
        }
        List<Level> found = ranges.getOrDefault(metric, List.of()).stream()
                .filter(range -> range.from() <= lower && (range.below() == null || upper < range.below()))
                .map(range -> new Level(edition, range.level(), range.derived()))
                .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    private static Map<String, Levels> editions(YamlMapping root) {
        Map<String, Levels> editions = new LinkedHashMap<>();
        for (YamlMapping entry : root.mappings("editions").orElse(List.of())) {
            Optional<String> name = entry.required("name");
            entry.required("source");
            Map<Metric, List<Range>> ranges = new EnumMap<>(Metric.class);
            for (YamlMapping of : entry.mappings("metrics").orElse(List.of())) {
                of.required("metric", Metric::named, "the name of a metric of the report")
                        .ifPresent(metric -> ranges.put(metric, ranges(metric, of)));
                of.rejectUnknownFields();
            }
            entry.rejectUnknownFields();
            name.ifPresent(known -> editions.put(known, new Levels(known, ranges)));
        }
        return editions;
    }

    private static List<Range> ranges(Metric metric, YamlMapping of) {
        var ranges = new ArrayList<Range>();
        for (YamlMapping entry : of.mappings("levels").orElse(List.of())) {
            Optional<String> level = entry.required("level");
            Optional<Double> from = bound(metric, entry, "from");
            Optional<Double> below = bound(metric, entry, "below");
            Optional<Boolean> derived = entry.optional("derived", Levels::truth, "true or false");
            entry.rejectUnknownFields();
            if (from.isPresent() && below.isPresent() && from.get() >= below.get()) {
                entry.problem("below", "below must be more than from");
            }
            level.ifPresent(
                    name -> ranges.add(new Range(name, from.orElse(0.0), below.orElse(null), derived.orElse(false))));
        }
        return ranges;
    }

    private static Optional<Double> bound(Metric metric, YamlMapping entry, String field) {
        return switch (metric.unit()) {
            case MS ->
                entry.optional(
                        field,
                        text -> Durations.parse(text).map(found -> (double) found.toMillis()),
                        Durations.EXPECTED);
            case SHARE -> entry.optional(field, Levels::share, "a share such as 15%");
            case PER_DAY -> entry.optional(field, Levels::frequency, "deployments in days such as 1/7d");
        };
    }

    private static Optional<Double> share(String text) {
        Matcher matcher = SHARE.matcher(text);
        return matcher.matches() ? Optional.of(Double.parseDouble(matcher.group(1)) / PER_CENT) : Optional.empty();
    }

    private static Optional<Double> frequency(String text) {
        Matcher matcher = FREQUENCY.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) == 0) {
            return Optional.empty();
        }
        return Optional.of((double) Integer.parseInt(matcher.group(1)) / Integer.parseInt(matcher.group(2)));
    }

    private static Optional<Boolean> truth(String text) {
        return switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /**
     * The level of a value.
     *
     * @param edition the edition
     * @param level its name in it
     * @param derived whether the report does not give the range in these numbers
     */
    record Level(String edition, String level, boolean derived) {}

    /**
     * The range of a level, in the unit of its metric.
     *
     * @param level its name
     * @param from the least value
     * @param below the end; null for none
     * @param derived whether the report does not give it in these numbers
     */
    private record Range(
            String level, double from, @Nullable Double below, boolean derived) {}
}
