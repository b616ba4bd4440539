package slipway.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import slipway.config.Config;
import slipway.json.Malformed;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Measure;
import slipway.notice.Notices;
import slipway.rollout.SpentBudgets;

/**
 * Audits all SLOs of the stack: has them read, judges, tells what changed, has differences mended,
 * and keeps the report.
 */
final class Auditor {
  /** Always the newest report; with {@code .json}, {@code .md} or {@code .html}. */
  static final String LATEST = "audits/latest";

  static final String HISTORY = "audits/history.json";

  private static final String JSON = "application/json";
  private static final String MARKDOWN = "text/markdown; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";

  /** Sorts as time goes, and needs no escaping in a URL. */
  private static final DateTimeFormatter KEY =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Config config;
  private final Reader reader;
  private final Archive archive;
  private final Outlets outlets;
  private final Clock clock;

  /**
   * Where it has an effect.
   *
   * @param spent freezes and thaws services
   * @param syncs mends differences
   * @param notices tells people
   */
  record Outlets(SpentBudgets spent, SyncRequests syncs, Notices notices) {}

  Auditor(Config config, Reader reader, Archive archive, Outlets outlets, Clock clock) {
    this.config = config;
    this.reader = reader;
    this.archive = archive;
    this.outlets = outlets;
    this.clock = clock;
  }

  /**
   * Who wants an audit.
   *
   * @param why for the report: {@code scheduled}, or an operator's word
   * @param asked when, if it waited in a queue
   */
  record Request(String why, Optional<Instant> asked) {}

  /** What came of it. */
  sealed interface Outcome {
    /**
     * It is done.
     *
     * @param place of the Markdown report
     */
    record Done(String place, String summary) implements Outcome {
      @Override
      public String toString() {
        return place + " " + summary;
      }
    }

    /** An audit began since it was asked for, so that one is the answer: queues pile up. */
    record Answered(Instant at) implements Outcome {
      @Override
      public String toString() {
        return "the audit of " + at + " is newer than this request";
      }
    }

    /** The time was too short; another try goes on. */
    record Unfinished(String how) implements Outcome {
      @Override
      public String toString() {
        return "not finished: " + how + "; the next try goes on from there";
      }
    }
  }

  /**
   * Audits once.
   *
   * @param remaining how much time there still is
   */
  Outcome audit(Request request, Supplier<Duration> remaining, Consumer<Line> log) {
    var at = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var before = kept(LATEST + ".json", AuditJson::before, Before.NOTHING, log);
    var newer = before.at().filter(last -> request.asked().filter(last::isAfter).isPresent());
    if (newer.isPresent()) return new Outcome.Answered(newer.get());
    return switch (reader.read(at, remaining, log)) {
      case Reader.Result.Unfinished(var how) -> new Outcome.Unfinished(how);
      case Reader.Result.Complete(var reading) ->
          done(Audit.report(config, request.why(), at, reading, before), log);
    };
  }

  private Outcome done(AuditReport report, Consumer<Line> log) {
    var history = kept(HISTORY, History::parse, History.empty(), log).with(report);
    var json = AuditJson.write(report);
    var markdown = AuditMarkdown.write(report);
    var html = AuditHtml.write(report, history);
    var key = "audits/" + KEY.format(report.at());
    archive.write(key + ".json", JSON, json);
    archive.write(key + ".md", MARKDOWN, markdown);
    archive.write(key + ".html", HTML, html);
    Audit.spent(config, report).forEach(outlets.spent()::replace);
    for (var repair : report.repairs()) repair.request().ifPresent(outlets.syncs()::sync);
    if (report.news())
      outlets
          .notices()
          .send(
              AuditMarkdown.subject(report),
              AuditMarkdown.paragraph(report, archive.place(key + ".html")));
    archive.write(HISTORY, JSON, history.write());
    archive.write(LATEST + ".md", MARKDOWN, markdown);
    archive.write(LATEST + ".html", HTML, html);
    // Last, because the next audit compares with it: if this one dies earlier, the change is told
    // by the next; the same news twice is better than none.
    archive.write(LATEST + ".json", JSON, json);
    report.deliveries().forEach(delivery -> log.accept(measured(delivery)));
    return new Outcome.Done(archive.place(key + ".md"), report.summary());
  }

  /** DORA's four figures of a service, as far as there are any, for CloudWatch. */
  private Line measured(AuditReport.Delivery delivery) {
    var figures = delivery.figures();
    var values = new EnumMap<Measure, Double>(Measure.class);
    values.put(Measure.DEPLOYMENT_FREQUENCY, figures.perDay());
    figures.leadTime().ifPresent(time -> values.put(Measure.LEAD_TIME, seconds(time)));
    figures.failureRate().ifPresent(rate -> values.put(Measure.CHANGE_FAILURE_RATE, rate));
    figures.restored().ifPresent(time -> values.put(Measure.TIME_TO_RESTORE, seconds(time)));
    return Line.info(
            About.service(delivery.service()),
            "delivery figures",
            Map.of("days", figures.over().toDays(), "changes", figures.changes()))
        .measuring(config.stack(), values);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  /** What an earlier audit kept and cannot be read must not stop all audits to come. */
  private <T> T kept(String key, Function<String, T> parser, T nothing, Consumer<Line> log) {
    try {
      return archive.read(key).map(parser).orElse(nothing);
    } catch (Malformed e) {
      log.accept(
          Line.trouble(
              About.NOTHING,
              "kept file is unreadable",
              Map.of("file", archive.place(key), "so", "this audit has nothing to compare with"),
              e));
      return nothing;
    }
  }
}
