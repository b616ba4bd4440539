package slipway.audit;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import slipway.audit.AuditReport.Drift;
import slipway.audit.AuditReport.Entry;
import slipway.audit.AuditReport.Known;
import slipway.audit.AuditReport.Transition;
import slipway.json.Json;
import slipway.slo.Objective.Difference;

/**
 * The report as JSON, for programs. Members are only ever added; a change of meaning raises {@code
 * version}.
 *
 * <pre>{@code
 * {"version":1,"at":"2026-08-04T01:00:00Z","stack":"slipway","why":"scheduled",
 *  "summary":{"slos":1,"ok":0,"warning":0,"exhausted":1,"noData":0,"drift":0},
 *  "slos":[{"service":"dice","name":"…","arn":"…","status":"exhausted","known":"exhausted","since":"…",
 *    "operation":"GET /rolldice","goal":99.9,"attainment":99.5,
 *    "budget":{"unit":"seconds","total":604,"remaining":-20,"percent":-3.3}}],
 *  "drift":[{"kind":"missing|undeclared|differs","service":"dice","name":"…",
 *    "differences":[{"field":"goal","declared":"99.9","found":"99"}]}],
 *  "changes":[{"service":"dice","name":"…","from":"ok","to":"exhausted"}]}
 * }</pre>
 *
 * <p>{@code known} and {@code since} are the last status with data; what is not known is left out.
 */
final class AuditJson {
  static final int VERSION = 1;

  private AuditJson() {}

  static String write(AuditReport report) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("version", VERSION);
    tree.put("at", report.at().toString());
    tree.put("stack", report.stack());
    tree.put("why", report.why());
    tree.put("summary", summary(report));
    tree.put("slos", report.slos().stream().map(AuditJson::entry).toList());
    tree.put("drift", report.drift().stream().map(AuditJson::drift).toList());
    tree.put("changes", report.changes().stream().map(AuditJson::change).toList());
    return Json.write(tree);
  }

  /**
   * What an earlier report knew, by the SLO's name.
   *
   * @throws slipway.json.Malformed if the text is no report, or one of another version
   */
  static Map<String, Known> known(String text) {
    var report = Json.parse(text);
    report.at("version").integer(VERSION, VERSION);
    var known = new HashMap<String, Known>();
    for (var slo : report.at("slos").items())
      if (!slo.at("known").missing())
        known.put(
            slo.at("name").text(), new Known(status(slo.at("known")), instant(slo.at("since"))));
    return Map.copyOf(known);
  }

  private static Status status(Json status) {
    return Status.of(status.text())
        .filter(known -> known != Status.NO_DATA)
        .orElseThrow(() -> status.unexpected("ok, warning or exhausted"));
  }

  private static Instant instant(Json time) {
    try {
      return Instant.parse(time.text());
    } catch (DateTimeParseException _) {
      throw time.unexpected("a time such as 2026-08-04T01:00:00Z");
    }
  }

  private static Map<String, Object> summary(AuditReport report) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("slos", report.slos().size());
    summary.put("ok", report.count(Status.OK));
    summary.put("warning", report.count(Status.WARNING));
    summary.put("exhausted", report.count(Status.EXHAUSTED));
    summary.put("noData", report.count(Status.NO_DATA));
    summary.put("drift", report.drift().size());
    return summary;
  }

  private static Map<String, Object> entry(Entry entry) {
    var budget = entry.budget();
    var tree = named(budget.slo().service(), budget.slo().name());
    tree.put("arn", budget.slo().arn());
    tree.put("status", budget.status().toString());
    entry
        .known()
        .ifPresent(
            known -> {
              tree.put("known", known.status().toString());
              tree.put("since", known.since().toString());
            });
    budget
        .objective()
        .ifPresent(
            objective -> {
              objective.operation().ifPresent(operation -> tree.put("operation", operation));
              tree.put("goal", objective.goal());
            });
    budget.attainment().ifPresent(attainment -> tree.put("attainment", attainment));
    budget
        .left()
        .ifPresent(
            left -> {
              var of = new LinkedHashMap<String, Object>();
              of.put("unit", left.unit());
              of.put("total", left.total());
              of.put("remaining", left.remaining());
              of.put("percent", left.percent());
              tree.put("budget", of);
            });
    budget.problem().ifPresent(problem -> tree.put("problem", problem));
    return tree;
  }

  private static Map<String, Object> drift(Drift drift) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put(
        "kind",
        switch (drift) {
          case Drift.Missing _ -> "missing";
          case Drift.Undeclared _ -> "undeclared";
          case Drift.Differs _ -> "differs";
        });
    tree.putAll(named(drift.service(), drift.name()));
    if (drift instanceof Drift.Differs(_, _, var differences))
      tree.put("differences", differences.stream().map(AuditJson::difference).toList());
    return tree;
  }

  private static Map<String, Object> difference(Difference difference) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("field", difference.field());
    tree.put("declared", difference.declared());
    tree.put("found", difference.found());
    return tree;
  }

  private static Map<String, Object> change(Transition change) {
    var tree = named(change.budget().slo().service(), change.budget().slo().name());
    change.from().ifPresent(from -> tree.put("from", from.toString()));
    tree.put("to", change.budget().status().toString());
    return tree;
  }

  private static Map<String, Object> named(String service, String name) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("service", service);
    tree.put("name", name);
    return tree;
  }
}
