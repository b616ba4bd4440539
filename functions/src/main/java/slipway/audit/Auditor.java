package slipway.audit;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Gatherers;
import slipway.audit.AuditReport.Known;
import slipway.config.Config;
import slipway.json.Malformed;
import slipway.notice.Notices;

/** Audits all SLOs of the stack: reads, judges, tells what changed, and keeps the report. */
final class Auditor {
  /** Always the newest report; with {@code .json} or {@code .md}. */
  static final String LATEST = "audits/latest";

  private static final String JSON = "application/json";
  private static final String MARKDOWN = "text/markdown; charset=utf-8";

  /** Sorts as time goes, and needs no escaping in a URL. */
  private static final DateTimeFormatter KEY =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Config config;
  private final Budgets budgets;
  private final Archive archive;
  private final Notices notices;
  private final Clock clock;

  Auditor(Config config, Budgets budgets, Archive archive, Notices notices, Clock clock) {
    this.config = config;
    this.budgets = budgets;
    this.archive = archive;
    this.notices = notices;
    this.clock = clock;
  }

  /**
   * Audits once.
   *
   * @param why for the report: {@code scheduled}, or an operator's word
   * @return where the Markdown report is, and its summary
   */
  String audit(String why, Consumer<String> log) {
    var at = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var before = before(log);
    List<Budget> read =
        budgets
            .owned(config.stack())
            .gather(Gatherers.windowFixed(SignalsBudgets.BATCH))
            .flatMap(batch -> budgets.read(batch, at).stream())
            .toList();
    var report = Audit.report(config, why, at, read, before);
    var key = "audits/" + KEY.format(at);
    var json = AuditJson.write(report);
    var markdown = AuditMarkdown.write(report);
    archive.write(key + ".json", JSON, json);
    archive.write(key + ".md", MARKDOWN, markdown);
    if (!report.changes().isEmpty())
      notices.send(
          AuditMarkdown.subject(report),
          AuditMarkdown.paragraph(report, archive.place(key + ".md")));
    // Last, because the next audit compares with it: if this one dies earlier, the change is told
    // by the next; the same news twice is better than none.
    archive.write(LATEST + ".md", MARKDOWN, markdown);
    archive.write(LATEST + ".json", JSON, json);
    return archive.place(key + ".md") + " " + report.summary();
  }

  /** A last report that cannot be read must not stop all audits to come; it costs repeated news. */
  private Map<String, Known> before(Consumer<String> log) {
    try {
      return archive.read(LATEST + ".json").map(AuditJson::known).orElse(Map.of());
    } catch (Malformed e) {
      log.accept(
          "the last report "
              + archive.place(LATEST + ".json")
              + " is not comparable, so every SLO counts as new: "
              + e.getMessage());
      return Map.of();
    }
  }
}
