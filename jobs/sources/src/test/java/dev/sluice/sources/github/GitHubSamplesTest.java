package dev.sluice.sources.github;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Payloads that GitHub and its libraries publish; they stand outside of the repository. */
class GitHubSamplesTest {
    private static final String DEPLOYMENT =
            "github/Codertocat/Hello-World#145988746 Codertocat/Hello-World production ";

    private static final String RUN = "github/octo-org/octo-repo#run-289782451.1 octo production ";

    /** The workflows of the samples as deployments, their issues as incidents. */
    private static final ConnectionMapping CONFIGURED = new ConnectionMapping(
            Map.of(),
            Set.of(),
            List.of(
                    new DeployWorkflow("octo-org/octo-repo", "test", "production", "octo"),
                    new DeployWorkflow("*", "pages-build-deployment", "github-pages", null)),
            null,
            "production",
            Set.of("bug"),
            ConnectionMapping.DEFAULT.options());

    /** File, event, outcome, and the outcome with this configuration where it is another one. */
    private static final String EXPECTED = """
            deployment_created                       | deployment        | QUEUED %1$s2019-05-15T15:20:53Z
            deployment_created_2_gh_pages            | deployment        | QUEUED github/Codertocat/Hello-World#145988746 Codertocat/Hello-World github-pages 2022-01-03T01:28:30Z | QUEUED github/Codertocat/Hello-World#run-289782451.1 Codertocat/Hello-World github-pages 2022-01-03T01:28:30Z
            deployment_created_3_installation        | deployment        | QUEUED %1$s2019-05-15T15:20:53Z
            deployment_legacy                        | deployment        | QUEUED github/baxterthehacker/public-repo#710692 baxterthehacker/public-repo production 2015-05-05T23:40:38Z
            deployment_review_requested              | deployment_review | IGNORED UNUSED_EVENT
            deployment_status_error_derived          | deployment_status | FAILURE %1$s2019-05-15T15:20:55Z
            deployment_status_failure_derived        | deployment_status | FAILURE %1$s2019-05-15T15:20:55Z
            deployment_status_inactive_derived       | deployment_status | INACTIVE %1$s2019-05-15T15:20:55Z
            deployment_status_legacy                 | deployment_status | SUCCESS github/baxterthehacker/public-repo#710692 baxterthehacker/public-repo production 2015-05-05T23:40:39Z
            deployment_status_pending_derived        | deployment_status | QUEUED %1$s2019-05-15T15:20:55Z
            deployment_status_queued_derived         | deployment_status | QUEUED %1$s2019-05-15T15:20:55Z
            deployment_status_success                | deployment_status | SUCCESS %1$s2019-05-15T15:20:55Z
            deployment_status_success_2              | deployment_status | SUCCESS %1$s2019-05-15T15:20:55Z
            issues_labeled                           | issues            | IGNORED NOT_AN_INCIDENT | incident DETECTED github/Codertocat/Hello-World#issue-1 Codertocat/Hello-World production 2019-05-15T15:20:18Z
            issues_opened                            | issues            | IGNORED NOT_AN_INCIDENT | incident DETECTED github/Codertocat/Hello-World#issue-1 Codertocat/Hello-World production 2019-05-15T15:20:18Z
            issues_opened_2                          | issues            | IGNORED NOT_AN_INCIDENT | incident DETECTED github/baxterthehacker/public-repo#issue-2 baxterthehacker/public-repo production 2015-05-05T23:40:28Z
            issues_reopened                          | issues            | IGNORED NOT_AN_INCIDENT | incident REOPENED github/Codertocat/Hello-World#issue-1 Codertocat/Hello-World production 2021-10-11T16:40:56Z
            package_published                        | package           | IGNORED UNUSED_EVENT
            pull_request_closed_merged_derived       | pull_request      | pull request MERGED Codertocat/Hello-World#2 2019-05-15T15:21:18Z
            pull_request_closed_unmerged             | pull_request      | pull request CLOSED Codertocat/Hello-World#2 2019-05-15T15:21:18Z
            pull_request_opened                      | pull_request      | pull request OPENED Codertocat/Hello-World#2 2019-05-15T15:20:33Z
            pull_request_opened_2                    | pull_request      | pull request OPENED baxterthehacker/public-repo#1 2015-05-05T23:40:27Z
            push                                     | push              | IGNORED REF_DELETED
            push_2                                   | push              | IGNORED REF_DELETED
            push_3                                   | push              | commit binkkatal/sample_app fd48986 INFERRED[737d38c] 2018-06-29T14:04:13Z
            push_new_branch                          | push              | commit Codertocat/Hello-World 6113728 UNKNOWN[] 2019-05-15T15:19:25Z
            release_published                        | release           | IGNORED UNUSED_EVENT
            release_published_2                      | release           | IGNORED UNUSED_EVENT
            release_released                         | release           | IGNORED UNUSED_EVENT
            workflow_job_completed_failure           | workflow_job      | IGNORED UNUSED_EVENT
            workflow_job_completed_success           | workflow_job      | IGNORED UNUSED_EVENT
            workflow_job_queued_with_deployment      | workflow_job      | IGNORED UNUSED_EVENT
            workflow_run_completed_cancelled_derived | workflow_run      | IGNORED WORKFLOW_NOT_CONFIGURED | CANCELLED %2$s2020-10-05T16:33:49Z
            workflow_run_completed_failure_derived   | workflow_run      | IGNORED WORKFLOW_NOT_CONFIGURED | FAILURE %2$s2020-10-05T16:33:49Z
            workflow_run_completed_success           | workflow_run      | IGNORED WORKFLOW_NOT_CONFIGURED | SUCCESS %2$s2020-10-05T16:33:49Z
            workflow_run_completed_success_2_pr      | workflow_run      | IGNORED WORKFLOW_NOT_CONFIGURED | SUCCESS %2$s2020-10-05T16:33:49Z
            workflow_run_completed_timed_out_derived | workflow_run      | IGNORED WORKFLOW_NOT_CONFIGURED | FAILURE %2$s2020-10-05T16:33:49Z
            workflow_run_requested                   | workflow_run      | IGNORED WORKFLOW_NOT_CONFIGURED | QUEUED %2$s2020-10-05T16:33:24Z
            """.formatted(DEPLOYMENT, RUN);

    @Test
    void understandsEverySample() throws IOException {
        Path folder = Deliveries.samples().resolve("github");
        assumeTrue(Files.isDirectory(folder), "the shared samples of GitHub are absent");
        var plain = new GitHubAdapter(connection -> ConnectionMapping.DEFAULT);
        var configured = new GitHubAdapter(connection -> CONFIGURED);
        Map<String, List<String>> expected = new LinkedHashMap<>();
        Map<String, List<String>> actual = new LinkedHashMap<>();
        for (String line : EXPECTED.lines().toList()) {
            String[] cells = line.split("\\|", -1);
            String file = cells[0].strip();
            String outcome = cells[2].strip();
            expected.put(file, List.of(outcome, cells.length == 4 ? cells[3].strip() : outcome));
            Delivery delivery = Deliveries.github(cells[1].strip(), Files.readAllBytes(folder.resolve(file + ".json")));
            actual.put(file, List.of(Summary.of(plain.adapt(delivery)), Summary.of(configured.adapt(delivery))));
        }

        assertThat(actual).isEqualTo(expected);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", "")))
                    .containsExactlyInAnyOrderElementsOf(expected.keySet());
        }
    }
}
