package dev.sluice.gateapi.callers.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.Revision;
import dev.sluice.gateapi.http.Members;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a webhook of the event {@value #EVENT} asks.
 *
 * @param owner id of the repository's owner
 * @param installation id of the app's installation
 * @param repositoryId id of the repository
 * @param repository its owner and name, as paths have it
 * @param run id of the workflow run that waits
 * @param environment as GitHub calls it
 * @param deployment id of the deployment; empty where that is not said
 * @param revision what is deployed
 */
record ProtectionRule(
        long owner,
        long installation,
        long repositoryId,
        String repository,
        String run,
        String environment,
        String deployment,
        Revision revision) {
    /** GitHub's name of the event. */
    static final String EVENT = "deployment_protection_rule";

    /** The action by which a rule is asked. */
    static final String REQUESTED = "requested";

    private static final int LONGEST = 255;
    private static final Pattern REPOSITORY =
            Pattern.compile("(?!\\.{1,2}/)[A-Za-z0-9._-]{1,100}/(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}");

    /**
     * Reads a payload.
     *
     * @param payload as it came
     * @param app who it is of: the URL of the callback must be one of its server, for this repository, and no other
     * @throws dev.sluice.gateapi.http.ApiException 400 with all that is wrong
     */
    static ProtectionRule read(JsonNode payload, GithubApp app) {
        Members body = Members.of(payload);
        Optional<Members> repository = body.object("repository");
        Optional<Long> id = repository.flatMap(one -> one.id("id"));
        Optional<String> name = repository.flatMap(one -> {
            if (!one.has("full_name")) {
                one.wrong("full_name", "full_name is missing");
            }
            return one.optional(
                    "full_name",
                    text -> Optional.of(text).filter(REPOSITORY.asMatchPredicate()),
                    "an owner and the name of a repository");
        });
        Optional<Long> owner = repository.flatMap(one -> one.object("owner")).flatMap(one -> one.id("id"));
        Optional<Long> installation = body.object("installation").flatMap(one -> one.id("id"));
        Optional<String> environment = body.required("environment", LONGEST);
        Optional<String> callback = body.required("deployment_callback_url", 2_000);
        Optional<String> run = name.flatMap(full -> callback.flatMap(url -> run(body, url, app, full)));
        body.requireRight();
        JsonNode deployment = payload.path("deployment");
        return new ProtectionRule(
                owner.orElseThrow(),
                installation.orElseThrow(),
                id.orElseThrow(),
                name.orElseThrow(),
                run.orElseThrow(),
                environment.orElseThrow(),
                deployment.path("id").asText(""),
                Revision.read(deployment.path("sha"), deployment.path("ref")));
    }

    /** The id of the run stands nowhere else. A token goes to what is compared here, so it is compared as a text and whole. */
    private static Optional<String> run(Members body, String url, GithubApp app, String repository) {
        Matcher matcher = Pattern.compile(Pattern.quote(app.api() + "/repos/" + repository + "/actions/runs/")
                        + "([1-9][0-9]{0,18})/deployment_protection_rule")
                .matcher(url);
        if (!matcher.matches()) {
            body.wrong(
                    "deployment_callback_url",
                    "the URL of the callback must be one of the app's api_url, for a run of the payload's repository");
            return Optional.empty();
        }
        return Optional.of(matcher.group(1));
    }
}
