package dev.sluice.gateapi.report.digest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dora.PeriodKind;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.report.ReportSettings;
import dev.sluice.store.DoraScope;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestsTest {
    private static final Path FILE = Path.of("/conf/report.yaml");
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "HOOK", "https://chat.example.com/hooks/T1",
            "PLAIN", "http://chat.example.com/hooks/T1",
            "SIGNING", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
            "SHORT", "whsec_MDEyMzQ1",
            "BARE", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");

    private final Problems problems = new Problems();

    private ReportSettings read(String content) {
        return ReportSettings.read(FILE, content, ENVIRONMENT, problems);
    }

    @Test
    void readsWhatIsSentWhenAndToWhere() {
        ReportSettings settings = read("""
                url: https://sluice.example.com/
                digests:
                  - {id: all-monthly, every: month, directory: digests}
                  - id: payments-weekly
                    tenant: acme
                    team: payments
                    environment: production
                    every: week
                    at: "07:30"
                    zone: Europe/Berlin
                    days: 28
                    webhook_env: HOOK
                    form: chat
                  - {id: checkout, service: checkout, every: quarter, webhook: "http://127.0.0.1:9/a", secret_env: SIGNING}
                """);

        assertThat(problems.all()).isEmpty();
        assertThat(settings.url()).hasToString("https://sluice.example.com/");
        List<Digest> digests = settings.digests().all();
        assertThat(digests.get(0))
                .isEqualTo(new Digest(
                        "all-monthly",
                        new DoraScope("default", DoraScope.Kind.ALL, "", "PRODUCTION"),
                        new Schedule(PeriodKind.MONTH, LocalTime.of(8, 0), ZoneOffset.UTC),
                        null,
                        new DirectoryTarget(Path.of("/conf/digests"))));
        Digest weekly = digests.get(1);
        assertThat(weekly.scope()).isEqualTo(new DoraScope("acme", DoraScope.Kind.TEAM, "payments", "production"));
        assertThat(weekly.schedule())
                .isEqualTo(new Schedule(PeriodKind.WEEK, LocalTime.of(7, 30), ZoneId.of("Europe/Berlin")));
        assertThat(weekly.days()).isEqualTo(28);
        assertThat(digests)
                .extracting(digest -> digest.target().toString())
                .endsWith(
                        "WebhookTarget[host=chat.example.com, form=CHAT, signed=false]",
                        "WebhookTarget[host=127.0.0.1, form=REPORT, signed=true]");
    }

    @Test
    void withoutAny_thereAreNone() {
        assertThat(read("levels: '2024'").digests().all()).isEmpty();
        assertThat(problems.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{every: week, directory: a} | 1:11: field id is missing",
                "{id: a.b, every: week, directory: a} | 1:16: id must be a name of at most 64 letters, digits and"
                        + " dashes, is a.b",
                "{id: a, every: day, directory: a} | 1:26: every must be week, month or quarter, is day",
                "{id: a, every: week, at: noon, directory: a} | 1:36: at must be a time of day such as 08:00, is noon",
                "{id: a, every: week, zone: Mars, directory: a} | 1:38: zone must be a time zone such as"
                        + " Europe/Berlin, is Mars",
                "{id: a, every: week, days: 1101, directory: a} | 1:38: days must be a number of days from 1 to 1100,"
                        + " is 1101",
                "{id: a, every: week, team: b, service: c, directory: a} | 1:38: give only one of service, team and"
                        + " group",
                "{id: a, every: week} | 1:16: a digest needs one of directory, webhook, webhook_env and webhook_file",
                "{id: a, every: week, directory: a, webhook_env: HOOK} | 1:59: a digest needs one of directory, webhook,"
                        + " webhook_env and webhook_file",
                "{id: a, every: week, directory: a, form: chat} | 1:52: form is for webhooks only",
                "{id: a, every: week, webhook_env: PLAIN} | 1:45: webhook_env must be an https URL, or an http URL of"
                        + " this machine",
                "{id: a, every: week, webhook: '/hooks'} | 1:41: webhook must be an https URL, or an http URL of this"
                        + " machine",
                "{id: a, every: week, webhook_env: NONE} | 1:45: environment variable NONE is not set",
                "{id: a, every: week, webhook_env: HOOK, form: pdf} | 1:57: form must be report or chat, is pdf",
                "{id: a, every: week, webhook_env: HOOK, secret_env: SHORT} | 1:63: the secret must be whsec_ and 24 to"
                        + " 64 bytes in base64, as Standard Webhooks spells it",
                "{id: a, every: week, webhook_env: HOOK, secret_env: BARE} | 1:63: the secret must be whsec_ and 24 to"
                        + " 64 bytes in base64, as Standard Webhooks spells it",
                "{id: a, every: week, directory: a, to: b} | 1:46: unknown field to; known are id, tenant, environment,"
                        + " service, team, group, every, at, zone, days, directory, webhook, webhook_env,"
                        + " webhook_file, form, secret_env, secret_file"
            })
    void saysWhatIsWrong(String entry, String problem) {
        assertThat(read("digests: [" + entry + "]").digests().all()).isEmpty();

        assertThat(problems.all()).containsExactly("report.yaml:" + problem);
    }

    @Test
    void saysThatAnIdIsThereTwice() {
        read("digests: [{id: a, every: week, directory: a}, {id: a, every: month, directory: a}]");

        assertThat(problems.all()).containsExactly("report.yaml:1:52: two digests are called a");
    }

    @Test
    void saysThatTheUrlOfTheApiIsNone() {
        read("url: sluice.example.com");

        assertThat(problems.all())
                .containsExactly("report.yaml:1:6: url must be an http or https URL, is sluice.example.com");
    }
}
