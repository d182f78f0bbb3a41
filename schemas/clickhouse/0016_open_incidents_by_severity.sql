-- How many of the open incidents are of each severity, as sources name it; '' for those without one. What the counts lack to
-- open_incidents is of severities that are not told: all of it in a row of before they were.
ALTER TABLE sluice.current
    ADD COLUMN IF NOT EXISTS open_incidents_by_severity Map(String, UInt32);

ALTER TABLE sluice.current_history
    ADD COLUMN IF NOT EXISTS open_incidents_by_severity Map(String, UInt32);

DROP VIEW IF EXISTS sluice.current_to_history;

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.current_to_history TO sluice.current_history AS
SELECT
    tenant, service, environment, deployment_id, version, sha, digest, since, previous_version,
    previous_deployment_id, open_failures, oldest_open_failure_at, open_incidents, open_incidents_by_severity, drifted,
    last_drift_check_at, is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.current;

CREATE OR REPLACE VIEW dash.current AS
SELECT
    tenant, service, environment, deployment_id, version, sha, digest, since, previous_version,
    previous_deployment_id, open_failures, oldest_open_failure_at, open_incidents, open_incidents_by_severity, drifted,
    last_drift_check_at, computed_at
FROM sluice.current FINAL;
