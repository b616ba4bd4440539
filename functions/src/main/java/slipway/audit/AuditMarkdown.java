package slipway.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.audit.AuditReport.Delivery;
import slipway.audit.AuditReport.Entry;
import slipway.audit.AuditReport.Known;
import slipway.audit.AuditReport.Transition;
import slipway.slo.Objective;

/** The report as Markdown and as a paragraph, for people. */
final class AuditMarkdown {
  /** Nobody reads more rows, or items; the JSON has all. */
  static final int MOST = 500;

  /** A mail tells so many changes, and how many more there are. */
  private static final int MOST_TOLD = 20;

  /** A shorter time is said by its seconds. */
  private static final Duration WORTH_SAYING = Duration.ofMinutes(2);

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
              "| SLO | service | operation | state | since | goal | attainment | budget left | burn"
                  + " rate |",
              "|---|---|---|---|---|---|---|---|---|"));
      // Where not all have room, those have it that need a look.
      report.slos().stream()
          .sorted(Comparator.comparing((Entry entry) -> entry.budget().status().rank()))
          .limit(MOST)
          .sorted(Comparator.comparing(Entry::service).thenComparing(Entry::name))
          .forEach(entry -> lines.add(row(entry)));
      more(report.slos().size()).forEach(line -> lines.addAll(List.of("", line)));
    }
    section(lines, "Changes of state", report.changes().stream().map(AuditMarkdown::item).toList());
    section(
        lines,
        "Freezes",
        report.freezes().stream().map(it -> "- " + it.service() + ": " + it).toList());
    section(
        lines,
        "Different from slipway.yaml",
        Stream.concat(
                report.drift().stream().map(AuditMarkdown::item),
                report.repairs().stream().map(it -> "- " + it.service() + ": " + it))
            .toList());
    section(
        lines,
        "Telemetry",
        report.telemetry().stream()
            .filter(it -> it.state() != Telemetry.State.COMPLETE)
            .flatMap(AuditMarkdown::items)
            .toList());
    section(lines, "Quotas", report.quotas().stream().map(it -> "- " + it).toList());
    section(lines, "Delivery", report.deliveries().stream().map(AuditMarkdown::item).toList());
    return String.join("\n", lines) + "\n";
  }

  /** One paragraph that tells only what changed. */
  static String paragraph(AuditReport report, String place) {
    var sentences =
        Stream.concat(
                report.changes().stream().map(AuditMarkdown::sentence),
                report.reached().stream().map(Quota::toString))
            .toList();
    return "%s%s Now %s. Report: %s (to look at it: aws s3 presign, or aws s3 cp)"
        .formatted(
            sentences.stream().limit(MOST_TOLD).collect(Collectors.joining(" ")),
            sentences.size() > MOST_TOLD ? " And " + (sentences.size() - MOST_TOLD) + " more." : "",
            report.summary(),
            place);
  }

  /** One line that tells what changed most. */
  static String subject(AuditReport report) {
    if (report.changes().isEmpty())
      return report.reached().getFirst().name()
          + ": near the quota of "
          + report.reached().getFirst().of();
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
    items.stream().limit(MOST).forEach(lines::add);
    more(items.size()).forEach(line -> lines.addAll(List.of("", line)));
  }

  private static Stream<String> more(int all) {
    return all > MOST
        ? Stream.of("And %d more: latest.json has all.".formatted(all - MOST))
        : Stream.empty();
  }

  private static String row(Entry entry) {
    var budget = entry.budget();
    var known = entry.known();
    var cells =
        List.of(
            entry.name(),
            entry.service(),
            budget.objective().flatMap(Objective::operation).orElse("-"),
            budget.status() == Status.NO_DATA
                ? budget.status()
                    + known.map(last -> ", last " + last.status()).orElse("")
                    + budget.problem().map(problem -> ": " + problem).orElse("")
                : budget.status().toString(),
            known.map(Known::since).map(Object::toString).orElse("-"),
            budget.objective().map(slo -> Figures.brief(slo.goal()) + " %").orElse("-"),
            attainment(budget),
            left(budget)
                + entry
                    .trend()
                    .map(trend -> ", " + Figures.signed(trend.left()) + " % since " + trend.since())
                    .orElse("")
                + entry.spentBy().map(at -> ", at this pace spent by " + at).orElse(""),
            burn(entry));
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String burn(Entry entry) {
    var rates = entry.burn().stream().map(Burn::toString).collect(Collectors.joining(", "));
    return (rates.isEmpty() ? "-" : rates)
        + (entry.ringing().isEmpty() ? "" : "; rings: " + String.join(", ", entry.ringing()));
  }

  private static String attainment(Budget budget) {
    return budget.attainment().isPresent()
        ? Figures.brief(budget.attainment().getAsDouble()) + " %"
        : "-";
  }

  private static String left(Budget budget) {
    return budget
        .left()
        .map(
            left ->
                left
                    + budget
                        .time()
                        .filter(time -> time.abs().compareTo(WORTH_SAYING) >= 0)
                        .map(time -> ", " + Figures.time(time))
                        .orElse(""))
        .orElse("-");
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
    return "- `%s` of %s: %s".formatted(drift.name(), drift.service(), sentence(drift));
  }

  /** What is different, in a sentence. */
  static String sentence(Drift drift) {
    return switch (drift) {
      case Drift.Missing _ -> "declared, but does not exist";
      case Drift.Undeclared _ -> "exists with this stack's tags, but is not declared";
      case Drift.Differs(_, _, var differences) ->
          differences.stream()
              .map(d -> "%s is %s, declared %s".formatted(d.field(), d.found(), d.declared()))
              .collect(Collectors.joining("; "));
    };
  }

  private static Stream<String> items(Telemetry telemetry) {
    return Stream.concat(
        Stream.of("- " + telemetry.service() + ": " + telemetry),
        telemetry.checks().stream().map(check -> "  - " + check));
  }

  private static String item(Delivery delivery) {
    return figures(delivery).entrySet().stream()
        .map(figure -> figure.getKey() + " " + figure.getValue())
        .collect(Collectors.joining(", ", "- " + delivery.service() + ": ", ""));
  }

  /** The four of DORA in words. */
  static Map<String, String> figures(Delivery delivery) {
    var figures = delivery.figures();
    var words = new LinkedHashMap<String, String>();
    words.put(
        "deployment frequency",
        "%s a day (%d in %s)"
            .formatted(
                Figures.brief(figures.perDay()),
                figures.deployments(),
                Figures.time(figures.over())));
    words.put("lead time", figures.leadTime().map(Figures::time).orElse("-"));
    words.put(
        "change failure rate",
        figures.failureRate().isPresent()
            ? "%s %% (%d of %d)"
                .formatted(
                    Figures.coarse(figures.failureRate().getAsDouble()),
                    figures.failed(),
                    figures.changes())
            : "-");
    words.put("time to restore", figures.restored().map(Figures::time).orElse("-"));
    return words;
  }
}
