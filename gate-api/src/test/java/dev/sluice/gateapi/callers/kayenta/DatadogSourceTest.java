package dev.sluice.gateapi.callers.kayenta;

import static dev.sluice.gateapi.callers.kayenta.Documents.config;
import static dev.sluice.gateapi.callers.kayenta.Documents.members;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateapi.callers.kayenta.MetricSource.ArmScope;
import dev.sluice.sources.metrics.pull.Credentials;
import dev.sluice.sources.metrics.pull.DatadogRangeClient;
import dev.sluice.sources.metrics.pull.Endpoint;
import dev.sluice.sources.metrics.pull.OutgoingRequests;
import dev.sluice.sources.metrics.pull.RequestLimits;
import java.net.URI;
import java.time.Clock;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatadogSourceTest {
    private static final MetricSource SOURCE = new DatadogSource(
            "dd",
            new DatadogRangeClient(
                    new Endpoint(URI.create("https://api.datadoghq.eu"), Credentials.none()),
                    new OutgoingRequests(new RequestLimits(1 << 20))),
            Clock.systemUTC());
    private static final String REQUEST = """
            {'thresholds': {'pass': 95, 'marginal': 75}, 'scopes': {'default': {
              'controlScope': {'scope': 'v:1} by {pod', 'location': null, 'start': '2026-03-01T12:00:00Z', 'end': '2026-03-01T13:00:00Z', 'step': 60},
              'experimentScope': {'scope': 'version:2,env:prod', 'location': 'eu-1', 'start': '2026-03-01T12:00:00Z', 'end': '2026-03-01T13:00:00Z',
                'step': 60, 'extendedScopeParams': {'team': 'a'}}}}}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': 'datadog', 'metricName': 'avg:system.cpu.user'} | avg:system.cpu.user{version:2,env:prod}",
                "{'metricName': 'm'} | m{version:2,env:prod}",
                "{'type': 'datadog', 'customInlineTemplate': 'sum:m{$\\\\{scope},t:${team}}.as_count()', 'metricName': 'ignored'} | sum:m{version:2,env:prod,t:a}.as_count()",
                "{'customFilterTemplate': 'named', 'metricName': 'm'} | avg:n{zone:eu-1}",
                "{'customFilter': 'max:m{*}'} | max:m{*}",
            })
    void isAskedAsKayentaAsksIt(String query, String expected) {
        assertThat(query(query, "NetflixACAJudge-v1.0", true)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': 'prometheus', 'metricName': 'm'} | NetflixACAJudge-v1.0 | true | metric a: its query is of type prometheus, and only datadog can be asked",
                "{'type': 'datadog'} | NetflixACAJudge-v1.0 | true | metric a: its query has no metricName",
                "{'metricName': 'm'} | NetflixACAJudge-v1.0 | false | metric a: what the scope has as scope could end the text in which it stands: v:1} by {pod",
                "{'customInlineTemplate': 'm{${scope}}'} | NetflixACAJudge-v1.0 | false | metric a: what the scope has as scope could end the text in which it stands: v:1} by {pod",
                "{'customInlineTemplate': 'm{l:${location}}'} | NetflixACAJudge-v1.0 | false | metric a: its query needs location, which the scope does not have",
                "{'customFilterTemplate': 'other'} | NetflixACAJudge-v1.0 | true | metric a: the canary config has no template other",
                "{'metricName': 'm'} | Sluice-v1 | true | metric a: the judge Sluice-v1 needs a value of each step of the scope, and Datadog takes intervals of its own",
            })
    void thatItCannotBeAskedIsA400(String query, String judge, boolean isCanary, String message) {
        assertThatThrownBy(() -> query(query, judge, isCanary)).hasMessage(message);
    }

    private static String query(String query, String judge, boolean isCanary) {
        KayentaConfig config = config("{'judge': {'name': '" + judge
                + "'}, 'templates': {'named': 'avg:n{zone:${location}}'}, 'metrics': [{'name': 'a', 'query': " + query
                + "}]}");
        ExecutionRequest.Scopes scopes = Objects.requireNonNull(
                ExecutionRequest.read(members(REQUEST), config).scopes().get("default"));
        return SOURCE.question(
                        config,
                        config.metrics().get(0),
                        new ArmScope(isCanary ? scopes.canary() : scopes.baseline(), isCanary))
                .text();
    }
}
