package dev.sluice.kayenta;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a metric is judged, in the words of the tables of cases. */
final class Settings {
    private Settings() {}

    /** Reads a config from settings such as {@code critical direction=increase}, in Kayenta's words. */
    static MetricConfig config(String name, List<String> groups, @Nullable String settings) {
        var values = new HashMap<String, String>();
        Set<MetricConfig.Flag> flags = new HashSet<>();
        for (String setting : settings == null ? List.<String>of() : List.of(settings.split(" ", -1))) {
            String[] parts = setting.split("=", -1);
            if (parts.length > 1) {
                values.put(parts[0], parts[1]);
            } else {
                flags.add(flag(setting));
            }
        }
        return new MetricConfig(
                name,
                groups,
                Direction.ofWord(values.get("direction")),
                NanStrategy.ofWord(values.get("nanStrategy")),
                outliers(values),
                effectSize(values),
                flags);
    }

    private static MetricConfig.Flag flag(String word) {
        String withUnderscores = word.replaceAll("([A-Z])", "_$1");
        return MetricConfig.Flag.valueOf(withUnderscores.toUpperCase(Locale.ROOT));
    }

    private static Outliers outliers(Map<String, String> values) {
        return new Outliers(
                Outliers.Strategy.ofWord(values.get("outliers")),
                number(values, "outlierFactor", Outliers.DEFAULT_FACTOR));
    }

    private static EffectSize effectSize(Map<String, String> values) {
        EffectSize.Measure measure = EffectSize.Measure.ofWord(values.get("measure"));
        double none = measure.ofNoDifference();
        return new EffectSize(
                measure,
                number(values, "allowedIncrease", none),
                number(values, "allowedDecrease", none),
                number(values, "criticalIncrease", none),
                number(values, "criticalDecrease", none));
    }

    private static double number(Map<String, String> values, String key, double otherwise) {
        String value = values.get(key);
        return value == null ? otherwise : Double.parseDouble(value);
    }
}
