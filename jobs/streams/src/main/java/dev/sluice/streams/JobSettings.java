package dev.sluice.streams;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the {@code main} of a job is told: environment variables, and program arguments {@code NAME=VALUE} that go before
 * them. Whatever is wrong is kept and told together.
 */
public final class JobSettings {
    /** Setting of every job: Kafka's bootstrap servers, {@code host:port} joined by commas. */
    public static final String KAFKA = "SLUICE_KAFKA_BOOTSTRAP";
    /** Setting: how many partitions each topic has. */
    public static final String PARTITIONS = "SLUICE_PARTITIONS";
    /** Setting of every job: in how many parts it works. */
    public static final String PARALLELISM = "SLUICE_PARALLELISM";

    /** Settings of before by name, and what they are called now. */
    private static final Map<String, String> REMOVED = Map.of("SLUICE_STORE_PARALLELISM", PARALLELISM);

    private static final int DEFAULT_PARTITIONS = 12;

    private final Map<String, String> values;
    private final List<String> problems = new ArrayList<>();

    private JobSettings(Map<String, String> values) {
        this.values = Map.copyOf(values);
        problems.addAll(removed(values));
    }

    /** Returns a sentence for each setting that is told by a name of before. */
    private static List<String> removed(Map<String, String> values) {
        return REMOVED.entrySet().stream()
                .filter(names -> !values.getOrDefault(names.getKey(), "").isBlank())
                .map(names -> "%s is no setting any more: use %s".formatted(names.getKey(), names.getValue()))
                .sorted()
                .toList();
    }

    /** Returns settings that are there as a map, e.g. the environment. */
    public static JobSettings of(Map<String, String> values) {
        return new JobSettings(values);
    }

    /**
     * Reads what a {@code main} was given.
     *
     * @param arguments each {@code NAME=VALUE}
     * @param environment variables by name
     * @param names what the job can be told
     */
    public static JobSettings of(String[] arguments, Map<String, String> environment, Set<String> names) {
        var values = new HashMap<>(environment);
        var wrong = new ArrayList<String>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (equals >= 0 && (names.contains(name) || REMOVED.containsKey(name))) {
                values.put(name, argument.substring(equals + 1));
            } else {
                // what follows the name may be a secret: it is not repeated
                wrong.add("unknown argument %s, NAME=VALUE is expected with one of %s"
                        .formatted(
                                name, String.join(", ", names.stream().sorted().toList())));
            }
        }
        var settings = new JobSettings(values);
        settings.problems.addAll(wrong);
        return settings;
    }

    /** Returns a setting; a blank one counts as absent. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }

    /** Returns a setting that must be there; an empty text, and a problem, where it is not. */
    public String required(String name) {
        return text(name).orElseGet(() -> {
            problem(name + " is missing");
            return "";
        });
    }

    /** Returns how many partitions each topic has. */
    public int partitions() {
        return count(PARTITIONS, DEFAULT_PARTITIONS);
    }

    /** Returns in how many parts the job works. */
    public int parallelism() {
        return count(PARALLELISM, 1);
    }

    private int count(String name, int absent) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return absent;
        }
        try {
            int value = Integer.parseInt(text.get());
            if (value >= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, with every number below 1
        }
        problem(name + " must be a number from 1 on, is " + text.get());
        return absent;
    }

    /** Keeps something that is wrong; the text names the setting. */
    public void problem(String text) {
        problems.add(text);
    }

    /**
     * Tells what is wrong, if anything is.
     *
     * @throws IllegalArgumentException naming everything that is missing or wrong
     */
    public void throwIfWrong() {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }
}
