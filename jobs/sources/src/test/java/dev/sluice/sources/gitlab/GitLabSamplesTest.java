package dev.sluice.sources.gitlab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Payloads that GitLab and its libraries publish; they stand outside of the repository. */
class GitLabSamplesTest {
    private static final Instant AFTER_ALL = Instant.parse("2026-04-01T00:00:00Z");

    private static final String DEPLOYMENT = "gitlab/10.126.0.2:3000/root/test-deployment-webhooks#15"
            + " root/test-deployment-webhooks staging 2021-04-28T19:50:00Z";

    private static final String COMMITS = "commit mike/diaspora b6568db UNKNOWN[] 2011-12-12T12:27:31Z;"
            + " commit mike/diaspora da15608 INFERRED[b6568db] 2012-01-03T21:36:29Z";

    private static final String INCIDENT = "gitlab/example.com/gitlabhq/gitlab-test#issue-23 gitlabhq/gitlab-test";

    /** The job of a sample as a deployment, issues about the API as incidents. */
    private static final ConnectionMapping CONFIGURED = new ConnectionMapping(
            Map.of(),
            Set.of(),
            List.of(
                    new DeployWorkflow(
                            "jsmithy2/release-tools-fake", "auto_deploy:start", "production", "release-tools"),
                    new DeployWorkflow("*", "deploy-staging", "staging", null)),
            null,
            null,
            Set.of("API"),
            ConnectionMapping.DEFAULT.options());

    /** File, outcome, and the outcome with this configuration where it is another one. */
    private static final String EXPECTED = """
            deployment                   | SUCCESS %1$s | IGNORED COUNTED_BY_WORKFLOW
            deployment_canceled_derived  | CANCELLED %1$s | IGNORED COUNTED_BY_WORKFLOW
            deployment_failed_derived    | FAILURE %1$s | IGNORED COUNTED_BY_WORKFLOW
            deployment_running_derived   | STARTED %1$s | IGNORED COUNTED_BY_WORKFLOW
            incident_closed_derived      | incident RESOLVED %3$s null 2026-03-04T11:42:00Z
            incident_opened_derived      | incident DETECTED %3$s null 2026-03-04T11:00:00Z
            issue                        | IGNORED NOT_AN_INCIDENT | incident DETECTED %3$s null 2013-12-03T17:15:43Z
            issue_2                      | IGNORED NOT_AN_INCIDENT
            job_created_legacy           | IGNORED WORKFLOW_NOT_CONFIGURED
            job_success_production       | IGNORED WORKFLOW_NOT_CONFIGURED | SUCCESS gitlab/jsmithy2/release-tools-fake#job-3580121225 release-tools production 2023-01-10T13:50:54Z
            merge_request                | pull request OPENED gitlabhq/gitlab-test#1 2013-12-03T17:23:34Z
            merge_request_2              | pull request OPENED gitlabhq/gitlab-test#1 2013-12-03T17:23:34Z
            merge_request_merged_derived | pull request MERGED gitlabhq/gitlab-test#1 2013-12-03T17:23:34Z
            pipeline                     | IGNORED UNUSED_EVENT
            pipeline_2                   | IGNORED UNUSED_EVENT
            pipeline_failed_derived      | IGNORED UNUSED_EVENT
            push                         | %2$s
            push_2                       | %2$s
            release                      | IGNORED UNUSED_EVENT
            release_2                    | IGNORED UNUSED_EVENT
            """.formatted(DEPLOYMENT, COMMITS, INCIDENT);

    @Test
    void eachSampleGivesItsEventsOrIsIgnoredByName() throws IOException {
        Path folder = Deliveries.samples().resolve("gitlab");
        assumeTrue(Files.isDirectory(folder), "the shared samples of GitLab are absent");
        var plain = new GitLabAdapter(connection -> ConnectionMapping.DEFAULT);
        var configured = new GitLabAdapter(connection -> CONFIGURED);
        Map<String, List<String>> expected = new LinkedHashMap<>();
        Map<String, List<String>> actual = new LinkedHashMap<>();
        for (String line : EXPECTED.lines().toList()) {
            String[] cells = line.split("\\|", -1);
            String file = cells[0].strip();
            String outcome = cells[1].strip();
            expected.put(file, List.of(outcome, cells.length == 3 ? cells[2].strip() : outcome));
            Delivery delivery = Deliveries.received(
                    Deliveries.gitlab(Files.readAllBytes(folder.resolve(file + ".json"))), AFTER_ALL);
            actual.put(file, List.of(Summary.of(plain.adapt(delivery)), Summary.of(configured.adapt(delivery))));
        }

        assertThat(actual).isEqualTo(expected);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", "")))
                    .containsExactlyInAnyOrderElementsOf(expected.keySet());
        }
    }
}
