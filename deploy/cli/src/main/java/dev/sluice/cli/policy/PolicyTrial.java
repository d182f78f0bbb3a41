package dev.sluice.cli.policy;

import dev.sluice.gate.Policy;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.policy.PolicyReader;
import dev.sluice.gateapi.policy.PolicyVersion;
import dev.sluice.gateapi.policy.fixtures.Fixture;
import dev.sluice.gateapi.policy.fixtures.FixtureReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Tries policies on cases. */
public final class PolicyTrial {
    private PolicyTrial() {}

    /**
     * Tries policies on cases.
     *
     * @param policies a file, or a directory of them
     * @param fixtures a file with cases, or a directory of them
     * @throws PolicyTrialException naming all that is wrong with the files
     */
    public static List<Trial> run(Path policies, Path fixtures) {
        var problems = new Problems();
        try (var conditions = new CelConditions()) {
            List<Policy> read = policies(new PolicyReader(conditions), policies, problems);
            List<Fixture> cases = new ArrayList<>();
            for (Path file : files(fixtures, problems)) {
                String name = String.valueOf(file.getFileName());
                cases.addAll(FixtureReader.read(name, content(file, problems), problems));
            }
            if (problems.count() > 0) {
                throw new PolicyTrialException(String.join("\n", problems.all()));
            }
            return cases.stream()
                    .map(fixture -> fixture.ask(read))
                    .map(answer -> new Trial(
                            answer.name(),
                            answer.expected(),
                            answer.decision(),
                            answer.code(),
                            answer.reason(),
                            answer.differences()))
                    .toList();
        }
    }

    private static List<Policy> policies(PolicyReader reader, Path path, Problems problems) {
        if (Files.isDirectory(path)) {
            return reader.readAll(path, problems).stream()
                    .map(PolicyVersion::policy)
                    .toList();
        }
        return reader.read(String.valueOf(path.getFileName()), content(path, problems), problems).stream()
                .toList();
    }

    private static List<Path> files(Path path, Problems problems) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> entries = Files.list(path)) {
            List<Path> files = entries.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                problems.add(path + ": there are no cases (*.yaml)");
            }
            return files;
        } catch (IOException e) {
            problems.add(path + ": the directory cannot be read");
            return List.of();
        }
    }

    private static String content(Path file, Problems problems) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            problems.add(file + ": the file cannot be read as UTF-8 text");
            return "";
        }
    }

    /**
     * What came of a case.
     *
     * @param name the case's
     * @param expected the answer that was expected
     * @param decision the answer
     * @param code why, for programs
     * @param reason why, in one sentence
     * @param differences what is otherwise than expected; empty where nothing is
     */
    public record Trial(
            String name, String expected, String decision, String code, String reason, List<String> differences) {
        public Trial {
            differences = List.copyOf(differences);
        }
    }
}
