package slipway.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import slipway.audit.AuditReport.Drift;
import slipway.audit.AuditReport.Entry;
import slipway.audit.AuditReport.Known;
import slipway.audit.AuditReport.Transition;
import slipway.slo.Objective;

/** The report as Markdown and as a paragraph, for people. */
final class AuditMarkdown {
  private AuditMarkdown() {}

  static String write(AuditReport report) {
    var lines = new ArrayList<String>();
    lines.add("# SLO audit of " + report.stack() + ", " + report.at());
    lines.add("");
    lines.add(report.summary() + ".");
    if (!report.slos().isEmpty()) {
      lines.addAll(
          List.of(
              "",
              "| SLO | service | operation | state | since | goal | attainment | budget left |",
              "|---|---|---|---|---|---|---|---|"));
      report.slos().forEach(entry -> lines.add(row(entry)));
    }
    section(lines, "Changes of state", report.changes().stream().map(AuditMarkdown::item).toList());
    section(
        lines,
        "Different from slipway.yaml",
        report.drift().stream().map(AuditMarkdown::item).toList());
    return String.join("\n", lines) + "\n";
  }

  /** One paragraph that tells only what changed. */
  static String paragraph(AuditReport report, String place) {
    return "%s Now %s. Report: %s"
        .formatted(
            report.changes().stream().map(AuditMarkdown::sentence).collect(Collectors.joining(" ")),
            report.summary(),
            place);
  }

  /** One line that tells what changed most. */
  static String subject(AuditReport report) {
    var first = report.changes().getFirst();
    var others = report.changes().size() - 1;
    return "SLO '%s': %s%s"
        .formatted(
            first.budget().slo().name(), first, others == 0 ? "" : " (and " + others + " more)");
  }

  private static String sentence(Transition change) {
    var budget = change.budget();
    return "SLO '%s' of service %s: %s; attainment %s, budget left %s."
        .formatted(
            budget.slo().name(), budget.slo().service(), change, attainment(budget), left(budget));
  }

  private static void section(List<String> lines, String title, List<String> items) {
    if (items.isEmpty()) return;
    lines.addAll(List.of("", "## " + title, ""));
    lines.addAll(items);
  }

  private static String row(Entry entry) {
    var budget = entry.budget();
    var known = entry.known();
    var cells =
        List.of(
            budget.slo().name(),
            budget.slo().service(),
            budget.objective().flatMap(Objective::operation).orElse("-"),
            budget.status() == Status.NO_DATA
                ? budget.status()
                    + known.map(last -> ", last " + last.status()).orElse("")
                    + budget.problem().map(problem -> ": " + problem).orElse("")
                : budget.status().toString(),
            known.map(Known::since).map(Object::toString).orElse("-"),
            budget.objective().map(slo -> Figures.brief(slo.goal()) + " %").orElse("-"),
            attainment(budget),
            left(budget));
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String attainment(Budget budget) {
    return budget.attainment().isPresent()
        ? Figures.brief(budget.attainment().getAsDouble()) + " %"
        : "-";
  }

  private static String left(Budget budget) {
    return budget.left().map(Object::toString).orElse("-");
  }

  private static String item(Transition change) {
    return "- `"
        + change.budget().slo().name()
        + "` of "
        + change.budget().slo().service()
        + ": "
        + change;
  }

  private static String item(Drift drift) {
    var slo = "- `" + drift.name() + "` of " + drift.service() + ": ";
    return switch (drift) {
      case Drift.Missing _ ->
          slo
              + "declared, but does not exist. It is made after a healthy rollout, once Application"
              + " Signals has seen its operation.";
      case Drift.Undeclared _ ->
          slo + "exists with this stack's tags, but is not declared. Declare it, or delete it.";
      case Drift.Differs(_, _, var differences) ->
          slo
              + differences.stream()
                  .map(d -> "%s is %s, declared %s".formatted(d.field(), d.found(), d.declared()))
                  .collect(Collectors.joining("; "))
              + ". The next healthy rollout restores it.";
    };
  }
}
