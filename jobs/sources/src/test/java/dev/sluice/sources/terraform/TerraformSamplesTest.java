package dev.sluice.sources.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.Samples;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Terraform 1.11 wrote, and what its own tests have. Each sample is adapted as it came and as it is kept. */
class TerraformSamplesTest {
    private static final String OWN = """
            apply_stream_failed.jsonl                  | FAILURE terraform/checkout#77 checkout production 2026-11-22T21:44:19.294Z
            apply_stream_ok.jsonl                      | SUCCESS terraform/checkout#77 checkout production 2026-11-22T21:44:18.908Z
            destroy_stream.jsonl                       | SUCCESS terraform/checkout#77 checkout production 2026-11-22T21:44:19.438Z
            plan_stream_create.jsonl                   | no drift checkout production checkout 2026-11-22T21:44:18.679Z
            plan_stream_refresh_only.jsonl             | no drift checkout production checkout 2026-11-22T21:44:19.208Z
            plan_stream_refresh_only_moved_drift.jsonl | no drift checkout production checkout 2026-11-22T22:14:49.280Z
            plan_stream_replace_delete.jsonl           | no drift checkout production checkout 2026-11-22T21:44:19.067Z
            show_plan_create.json                      | no drift checkout production checkout 2026-11-22T21:44:18Z
            show_plan_replace_delete.json              | no drift checkout production checkout 2026-11-22T21:44:19Z
            show_state.json                            | IGNORED UNUSED_EVENT
            """;

    /** Those of Terraform's tests have no times: of an apply there is none then, of a plan it is that of the receipt. */
    private static final String SHARED = OWN + """
            apply_stream_drift_as_array.json           | MALFORMED MISSING_FIELD /3/@timestamp
            show_plan_drift_derived.json               | drift checkout production checkout 2026-11-22T21:44:19Z
            show_plan_drift_legacy.json                | drift checkout production checkout 2026-12-01T00:00:00Z
            show_plan_drift_moved.json                 | drift checkout production checkout 2026-12-01T00:00:00Z
            show_plan_drift_refresh_only.json          | drift checkout production checkout 2026-12-01T00:00:00Z
            show_plan_drift_relevant_attributes.json   | drift checkout production checkout 2026-12-01T00:00:00Z
            show_plan_drift_simple.json                | drift checkout production checkout 2026-12-01T00:00:00Z
            """;

    @Test
    void understandsWhatTerraformWrote() throws IOException {
        Samples.checkOwn("terraform", OWN, TerraformSamplesTest::adapt);
    }

    @Test
    void understandsEverySharedSample() throws IOException {
        Samples.checkShared("terraform", "", SHARED, TerraformSamplesTest::adapt);
    }

    private static Outcome adapt(byte[] body) {
        Outcome outcome = adapted(body);
        try {
            assertThat(adapted(TerraformOutput.read(body).kept())).isEqualTo(outcome);
        } catch (Rejection e) {
            assertThat(e.outcome()).isEqualTo(outcome);
        }
        return outcome;
    }

    private static Outcome adapted(byte[] body) {
        return new TerraformAdapter(connection -> ConnectionMapping.DEFAULT)
                .adapt(Deliveries.late(
                        "terraform", Map.of("service", "checkout", "environment", "production", "run", "77"), body));
    }
}
