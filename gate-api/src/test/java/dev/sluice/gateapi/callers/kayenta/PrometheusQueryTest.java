package dev.sluice.gateapi.callers.kayenta;

import static dev.sluice.gateapi.callers.kayenta.Documents.config;
import static dev.sluice.gateapi.callers.kayenta.Documents.members;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusQueryTest {
    private static final String REQUEST = """
            {'thresholds': {'pass': 95, 'marginal': 75}, 'scopes': {'default': {
              'controlScope': {'scope': 'v1', 'location': null, 'start': '2026-03-01T12:00:00Z', 'end': '2026-03-01T13:00:00Z', 'step': 60},
              'experimentScope': {'scope': 'v2', 'location': 'eu-1', 'start': '2026-03-01T12:00:00Z', 'end': '2026-03-01T13:00:00Z',
                'step': 60, 'extendedScopeParams': {'team': 'a', 'project': 'p', 'none': null}}}}}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': 'prometheus', 'customInlineTemplate': 'PromQL: sum(m{v=~${location}}) '} | sum(m{v=~eu-1})",
                "{'customInlineTemplate': 'PromQL:m{t=$\\\\{team}}', 'metricName': 'ignored'} | m{t=a}",
                "{'customInlineTemplate': 'v=${team},w=1', 'metricName': 'm'} | avg(m{v=a,w=1})",
                "{'customInlineTemplate': 'v=1', 'metricName': 'm', 'labelBindings': ['x=2', 'y=${team}'], 'groupByFields': ['a', 'b']} | avg(m{v=1,x=2,y=a}) by (a,b)",
                "{'customFilterTemplate': 'named', 'metricName': 'm'} | avg(m{from=a})",
                "{'customFilter': 'old=1', 'metricName': 'm'} | avg(m{old=1})",
                "{'metricName': 'm', 'resourceType': 'gce_instance', 'labelBindings': ['x=2']} | avg(m{x=2,instance=~'v2-.{4}',zone=~'.+/projects/p/zones/eu-1-.{1}'})",
                "{'metricName': 'm', 'resourceType': 'aws_ec2_instance'} | avg(m{asg_groupName='v2',zone=~'eu-1.{1}'})",
            })
    void isMadeAsKayentaMakesIt(String query, String expected) {
        assertThat(query(query, false).replace('"', '\'')).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': 'datadog', 'metricName': 'm'} | metric a: its query is of type datadog, and only prometheus can be asked",
                "{'customInlineTemplate': 'PromQL: '} | metric a: its query is empty",
                "{'customInlineTemplate': 'PromQL:m{l=${location}}'} | metric a: its query needs location, which the scope does not have",
                "{'customInlineTemplate': 'v=1'} | metric a: its query has no metricName",
                "{'customFilterTemplate': 'other', 'metricName': 'm'} | metric a: the canary config has no template other",
                "{'metricName': 'm', 'resourceType': 'gce_instance'} | metric a: its query needs location, which the scope does not have",
                "{'metricName': 'm', 'resourceType': 'pod'} | metric a: its resource type pod is not known; select the arm by a template",
                "{'metricName': 'm'} | metric a: its query needs a template that selects the arm, such as version='${scope}', or a resource type",
            })
    void thatItCannotBeMadeIsA400(String query, String message) {
        assertThatThrownBy(() -> query(query, true))
                .satisfies(
                        thrown -> assertThat(String.valueOf(thrown.getMessage()).replace('"', '\''))
                                .isEqualTo(message));
    }

    @Test
    void aScopeCannotEndTheMatcherThatItIsIn() {
        assertThat(query(
                        "{'metricName': 'm', 'resourceType': 'aws_ec2_instance'}",
                        false,
                        REQUEST.replace("'v2'", "'v\\u0022}2'")))
                .startsWith("avg(m{asg_groupName=\"v\\\"}2\",");
    }

    @Test
    void aScopeThatCouldEndTheTemplateIsA400() {
        assertThatThrownBy(() -> query(
                        "{'metricName': 'm', 'customInlineTemplate': 'v=${scope}'}",
                        false,
                        REQUEST.replace("'v2'", "'v2\\u0022} or m{v=\\u0022v1'")))
                .hasMessage(
                        "metric a: what the scope has as scope could end the text in which it stands: v2\"} or m{v=\"v1");
    }

    private static String query(String query, boolean ofBaseline) {
        return query(query, ofBaseline, REQUEST);
    }

    private static String query(String query, boolean ofBaseline, String request) {
        KayentaConfig config =
                config("{'templates': {'named': 'from=${team}'}, 'metrics': [{'name': 'a', 'query': " + query + "}]}");
        ExecutionRequest.Scopes scopes = Objects.requireNonNull(
                ExecutionRequest.read(members(request), config).scopes().get("default"));
        return PrometheusQuery.of(config, config.metrics().get(0), ofBaseline ? scopes.baseline() : scopes.canary());
    }
}
