package dev.sluice.gateapi.report.dora;

/** The summary of a report as plain text, for a message. */
final class ReportText {
    private ReportText() {}

    /** Writes a line for each sentence, beneath what it is of. */
    static String of(DeliveryReport report, ReportLinks links) {
        DeliveryReport.Scope scope = report.scope();
        var text = new StringBuilder("Delivery report: ")
                .append(report.scopeName())
                .append(", ")
                .append(Amounts.day(report.days().from()))
                .append(" to ")
                .append(Amounts.day(report.days().to()))
                .append(", environment ")
                .append(report.environment())
                .append('\n');
        report.summary()
                .forEach(sentence -> text.append("\u2022 ").append(sentence).append('\n'));
        text.append(report.freshness());
        links.to("dora", report, scope.kind(), scope.name())
                .ifPresent(link -> text.append('\n').append(link));
        return text.toString();
    }
}
