package dev.sluice.gateapi;

import dev.sluice.gateapi.tls.TlsFiles;
import java.nio.file.Path;
import java.util.function.Consumer;
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
        return with(changed -> changed.policies = directory);
    }

    /** The same with a token file. */
    public GateApiFiles withTokens(Path file) {
        return with(changed -> changed.tokens = file);
    }

    /** The same with a file of connections. */
    public GateApiFiles withConnections(@Nullable Path file) {
        return with(changed -> changed.connections = file);
    }

    /** The same with a file of what reports show. */
    public GateApiFiles withReport(Path file) {
        return with(changed -> changed.report = file);
    }

    /** The same with a directory of secrets. */
    public GateApiFiles withSecrets(Path directory) {
        return with(changed -> changed.secrets = directory);
    }

    /** The same with a file of sources of metrics. */
    public GateApiFiles withMetricSources(Path file) {
        return with(changed -> changed.metricSources = file);
    }

    /** The same with a directory of signing keys. */
    public GateApiFiles withSigningKeys(Path directory) {
        return with(changed -> changed.signingKeys = directory);
    }

    /** The same with a directory for the audit log. */
    public GateApiFiles withAuditExport(Path directory) {
        return with(changed -> changed.auditExport = directory);
    }

    /** The same with a file of CI systems. */
    public GateApiFiles withOidc(Path file) {
        return with(changed -> changed.oidc = file);
    }

    /** The same with files of TLS. */
    public GateApiFiles withTls(TlsFiles files) {
        return with(changed -> changed.tls = files);
    }

    private GateApiFiles with(Consumer<Change> change) {
        var changed = new Change(this);
        change.accept(changed);
        return changed.files();
    }

    /** Files of which one is changed. */
    private static final class Change {
        private @Nullable Path policies;
        private @Nullable Path tokens;
        private @Nullable Path connections;
        private @Nullable Path report;
        private @Nullable Path secrets;
        private @Nullable Path metricSources;
        private @Nullable Path signingKeys;
        private @Nullable Path auditExport;
        private @Nullable Path oidc;
        private @Nullable Path egressAuthorities;
        private @Nullable TlsFiles tls;

        Change(GateApiFiles files) {
            policies = files.policies;
            tokens = files.tokens;
            connections = files.connections;
            report = files.report;
            secrets = files.secrets;
            metricSources = files.metricSources;
            signingKeys = files.signingKeys;
            auditExport = files.auditExport;
            oidc = files.oidc;
            egressAuthorities = files.egressAuthorities;
            tls = files.tls;
        }

        GateApiFiles files() {
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
                    tls);
        }
    }
}
