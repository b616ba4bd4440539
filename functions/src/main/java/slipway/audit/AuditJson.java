package slipway.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import slipway.audit.AuditReport.Delivery;
import slipway.audit.AuditReport.Entry;
import slipway.audit.AuditReport.Freeze;
import slipway.audit.AuditReport.Known;
import slipway.audit.AuditReport.Transition;
import slipway.json.Json;
import slipway.slo.Objective;
import slipway.slo.Objective.Difference;

/**
 * The report as JSON, for programs, in the form of {@code docs/audit.schema.json}. Members are only
 * ever added; a change of meaning raises {@code version}. What is not known is left out.
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
    tree.put("repairs", report.repairs().stream().map(AuditJson::repair).toList());
    tree.put("telemetry", report.telemetry().stream().map(AuditJson::telemetry).toList());
    tree.put("quotas", report.quotas().stream().map(AuditJson::quota).toList());
    tree.put("freezes", report.freezes().stream().map(AuditJson::freeze).toList());
    tree.put("deliveries", report.deliveries().stream().map(AuditJson::delivery).toList());
    tree.put("changes", report.changes().stream().map(AuditJson::change).toList());
    return Json.write(tree);
  }

  /**
   * What an earlier report knew; one that an earlier Slipway wrote does for it, too.
   *
   * @throws slipway.json.Malformed if the text is no report, or one of another version
   */
  static Before before(String text) {
    var report = Json.parse(text);
    report.at("version").integer(VERSION, VERSION);
    var known = new HashMap<String, Known>();
    var figures = new HashMap<String, Before.Figure>();
    for (var slo : report.at("slos").items()) {
      var name = slo.at("name").text();
      if (!slo.at("known").missing())
        known.put(name, new Known(status(slo.at("known")), instant(slo.at("since"))));
      if (!slo.at("budget").missing())
        figures.put(
            name,
            new Before.Figure(
                slo.at("budget").at("percent").number(),
                slo.at("attainment").missing()
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(slo.at("attainment").number())));
    }
    var repairs = report.at("repairs").items().stream().map(AuditJson::repair).toList();
    var near =
        report.at("quotas").items().stream()
            .filter(quota -> quota.at("near").flag())
            .map(quota -> quota.at("of").text())
            .collect(Collectors.toSet());
    return new Before(Optional.of(instant(report.at("at"))), known, figures, repairs, near);
  }

  private static Repair repair(Json json) {
    return new Repair(
        json.at("service").text(),
        Arrays.stream(Repair.Step.values())
            .filter(step -> step.toString().equals(json.at("step").value()))
            .findFirst()
            .orElseThrow(() -> json.at("step").unexpected("asked, pending, waiting or by hand")),
        json.at("asked").missing() ? Optional.empty() : Optional.of(instant(json.at("asked"))),
        json.at("of").items().stream().map(Json::text).toList(),
        json.at("waits").optionalText());
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
    var tree = named(entry.service(), entry.name());
    tree.put("arn", budget.slo().arn());
    tree.put("status", budget.status().toString());
    entry
        .known()
        .ifPresent(
            known -> {
              tree.put("known", known.status().toString());
              tree.put("since", known.since().toString());
            });
    budget.objective().ifPresent(objective -> put(tree, objective));
    budget.attainment().ifPresent(attainment -> tree.put("attainment", attainment));
    budget.left().ifPresent(left -> tree.put("budget", left(left, budget)));
    if (!entry.burn().isEmpty())
      tree.put("burn", entry.burn().stream().map(AuditJson::burn).toList());
    if (!entry.ringing().isEmpty()) tree.put("alarms", entry.ringing());
    entry
        .trend()
        .ifPresent(
            trend -> {
              var change = new LinkedHashMap<String, Object>();
              change.put("since", trend.since().toString());
              change.put("percent", trend.left());
              change.put("attainment", trend.attainment());
              tree.put("trend", change);
            });
    entry.spentBy().ifPresent(spent -> tree.put("spentBy", spent.toString()));
    budget.problem().ifPresent(problem -> tree.put("problem", problem));
    return tree;
  }

  private static void put(Map<String, Object> tree, Objective objective) {
    objective.operation().ifPresent(operation -> tree.put("operation", operation));
    tree.put("interval", objective.interval().toString());
    tree.put("goal", objective.goal());
    tree.put("warning", objective.warning());
  }

  private static Map<String, Object> left(Budget.Left left, Budget budget) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("unit", left.unit());
    tree.put("total", left.total());
    tree.put("remaining", left.remaining());
    tree.put("percent", left.percent());
    budget.time().ifPresent(time -> tree.put("seconds", time.toSeconds()));
    return tree;
  }

  private static Map<String, Object> burn(Burn burn) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("minutes", burn.minutes());
    tree.put("rate", burn.rate());
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

  private static Map<String, Object> repair(Repair repair) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("service", repair.service());
    tree.put("step", repair.step().toString());
    repair.asked().ifPresent(asked -> tree.put("asked", asked.toString()));
    tree.put("of", repair.of());
    repair.waits().ifPresent(what -> tree.put("waits", what));
    return tree;
  }

  private static Map<String, Object> telemetry(Telemetry telemetry) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("service", telemetry.service());
    tree.put("state", telemetry.state().toString());
    telemetry.reason().ifPresent(reason -> tree.put("reason", reason));
    if (!telemetry.checks().isEmpty()) tree.put("checks", telemetry.checks());
    return tree;
  }

  private static Map<String, Object> quota(Quota quota) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("quota", quota.name());
    tree.put("of", quota.of());
    tree.put("used", quota.used());
    tree.put("missing", quota.missing());
    tree.put("limit", quota.limit());
    tree.put("near", quota.near());
    return tree;
  }

  private static Map<String, Object> freeze(Freeze freeze) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("service", freeze.service());
    tree.put("slos", freeze.slos());
    tree.put("override", freeze.override());
    return tree;
  }

  private static Map<String, Object> delivery(Delivery delivery) {
    var figures = delivery.figures();
    var tree = new LinkedHashMap<String, Object>();
    tree.put("service", delivery.service());
    tree.put("over", seconds(figures.over()));
    tree.put("changes", figures.changes());
    tree.put("deployments", figures.deployments());
    tree.put("perDay", figures.perDay());
    figures.leadTime().ifPresent(time -> tree.put("leadTime", seconds(time)));
    tree.put("failed", figures.failed());
    figures.failureRate().ifPresent(rate -> tree.put("failureRate", rate));
    figures.restored().ifPresent(time -> tree.put("restored", seconds(time)));
    return tree;
  }

  private static long seconds(Duration time) {
    return time.toSeconds();
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
