package dev.sluice.gateapi;

import dev.sluice.gateapi.tls.TlsFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files and directories that a gate API is configured by.
 *
 * @param policies directory of policies; null for the shipped one
 * @param tokens token file; null for none
 * @param connections file of webhook connections; null for none
 * @param report file of what reports show; null for none
 * @param secrets directory below which a file lies that a connection of the API takes a secret from; null for none
 * @param metricSources file of the sources that may be asked for metrics; null for none
 * @param signingKeys directory of the keys that decisions and heads of the audit log are signed with; null for none
 * @param auditExport directory that the audit log is written to, for others to keep; null for none
 * @param oidc file of the CI systems whose tokens are taken; null for none
 * @param egressAuthorities file of certificates that are trusted beside Java's where something is sent to; null for none
 * @param tls files of TLS; null for none: then it listens without
 */
public record GateApiFiles(
        @Nullable Path policies,
        @Nullable Path tokens,
        @Nullable Path connections,
        @Nullable Path report,
        @Nullable Path secrets,
        @Nullable Path metricSources,
        @Nullable Path signingKeys,
        @Nullable Path auditExport,
        @Nullable Path oidc,
        @Nullable Path egressAuthorities,
        @Nullable TlsFiles tls) {
    /** No file: what is shipped. */
    public static final GateApiFiles NONE =
            new GateApiFiles(null, null, null, null, null, null, null, null, null, null, null);

    /** The same with a directory of policies. */
    public GateApiFiles withPolicies(Path directory) {
        return new GateApiFiles(
                directory,
                tokens,
                connections,
                report,
                secrets,
                metricSources,
                signingKeys,
                auditExport,
                oidc,
                egressAuthorities,
                tls);
    }

    /** The same with a token file. */
    public GateApiFiles withTokens(Path file) {
        return new GateApiFiles(
                policies,
                file,
                connections,
                report,
                secrets,
                metricSources,
                signingKeys,
                auditExport,
                oidc,
                egressAuthorities,
                tls);
    }

    /** The same with a file of connections. */
    public GateApiFiles withConnections(Path file) {
        return new GateApiFiles(
                policies,
                tokens,
                file,
                report,
                secrets,
                metricSources,
                signingKeys,
                auditExport,
                oidc,
                egressAuthorities,
                tls);
    }

    /** The same with a file of what reports show. */
    public GateApiFiles withReport(Path file) {
        return new GateApiFiles(
                policies,
                tokens,
                connections,
                file,
                secrets,
                metricSources,
                signingKeys,
                auditExport,
                oidc,
                egressAuthorities,
                tls);
    }

    /** The same with a directory of secrets. */
    public GateApiFiles withSecrets(Path directory) {
        return new GateApiFiles(
                policies,
                tokens,
                connections,
                report,
                directory,
                metricSources,
                signingKeys,
                auditExport,
                oidc,
                egressAuthorities,
                tls);
    }

    /** The same with a file of sources of metrics. */
    public GateApiFiles withMetricSources(Path file) {
        return new GateApiFiles(
                policies,
                tokens,
                connections,
                report,
                secrets,
                file,
                signingKeys,
                auditExport,
                oidc,
                egressAuthorities,
                tls);
    }

    /** The same with a directory of signing keys. */
    public GateApiFiles withSigningKeys(Path directory) {
        return new GateApiFiles(
                policies,
                tokens,
                connections,
                report,
                secrets,
                metricSources,
                directory,
                auditExport,
                oidc,
                egressAuthorities,
                tls);
    }

    /** The same with a directory for the audit log. */
    public GateApiFiles withAuditExport(Path directory) {
        return new GateApiFiles(
                policies,
                tokens,
                connections,
                report,
                secrets,
                metricSources,
                signingKeys,
                directory,
                oidc,
                egressAuthorities,
                tls);
    }

    /** The same with a file of CI systems. */
    public GateApiFiles withOidc(Path file) {
        return new GateApiFiles(
                policies,
                tokens,
                connections,
                report,
                secrets,
                metricSources,
                signingKeys,
                auditExport,
                file,
                egressAuthorities,
                tls);
    }

    /** The same with files of TLS. */
    public GateApiFiles withTls(TlsFiles files) {
        return new GateApiFiles(
                policies,
                tokens,
                connections,
                report,
                secrets,
                metricSources,
                signingKeys,
                auditExport,
                oidc,
                egressAuthorities,
                files);
    }
}
