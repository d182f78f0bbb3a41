package dev.sluice.sources.registry;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.SourceOptions;
import dev.sluice.sources.alertmanager.AlertmanagerAdapter;
import dev.sluice.sources.argocd.ArgoCdAdapter;
import dev.sluice.sources.github.GitHubWebhook;
import dev.sluice.sources.gitlab.GitLabOptions;
import dev.sluice.sources.gitlab.GitLabWebhook;
import dev.sluice.sources.json.JsonOptions;
import dev.sluice.sources.json.JsonWebhook;
import dev.sluice.sources.pagerduty.PagerDutyWebhook;
import dev.sluice.sources.terraform.TerraformWebhook;
import dev.sluice.sources.webhook.AuthorizationWebhook;
import dev.sluice.sources.webhook.WebhookContract;
import java.util.List;
import java.util.Optional;

/** All senders of webhooks by the name of their source. */
public final class Webhooks {
    private static final List<Sender> SENDERS = List.of(
            new Sender(Sources.GITHUB, new GitHubWebhook(), SourceOptions.NONE),
            new Sender(Sources.GITLAB, new GitLabWebhook(), new GitLabOptions()),
            new Sender(Sources.ALERTMANAGER, new AuthorizationWebhook(), AlertmanagerAdapter.OPTIONS),
            new Sender(Sources.ARGOCD, new AuthorizationWebhook(), ArgoCdAdapter.OPTIONS),
            new Sender(Sources.JSON, new JsonWebhook(), new JsonOptions()),
            new Sender(Sources.PAGERDUTY, new PagerDutyWebhook(), SourceOptions.NONE),
            new Sender(Sources.TERRAFORM, new TerraformWebhook(), SourceOptions.NONE));

    private Webhooks() {}

    /** Returns the sender of this name. */
    public static Optional<Sender> find(String source) {
        return SENDERS.stream().filter(sender -> sender.source().equals(source)).findFirst();
    }

    /** Returns the names of all of them in alphabetical order. */
    public static List<String> names() {
        return SENDERS.stream().map(Sender::source).sorted().toList();
    }

    /**
     * A kind of sender.
     *
     * @param source the name of the adapter that understands what it sends
     * @param contract how it calls
     * @param options what its connections may be configured with that no other's can
     */
    public record Sender(String source, WebhookContract contract, SourceOptions options) {
        /** Returns the sender of a connection, which may call in a way of its own. */
        public Sender of(ConnectionMapping mapping) {
            return new Sender(source, contract.of(mapping), options);
        }
    }
}
