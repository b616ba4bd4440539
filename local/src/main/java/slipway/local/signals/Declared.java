package slipway.local.signals;

import static slipway.local.signals.Operation.invalid;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import slipway.json.Json;
import slipway.local.cloud.AwsError;

/**
 * What a create or update request declares, beyond what its shape says: the rules that AWS checks
 * in its service.
 */
final class Declared {
  private Declared() {}

  private static final List<String> NOT_PLAYED =
      List.of(
          "MetricName",
          "MetricDataQueries",
          "DependencyConfig",
          "MetricSource",
          "CompositeSliConfig",
          "TotalRequestCountMetric",
          "MonitoredRequestCountMetric");

  /** The indicator of a create request, which must have exactly one. */
  static Indicator indicator(Json request, Measurements measurements) {
    return optionalIndicator(request, measurements)
        .orElseThrow(
            () -> invalid("Exactly one of SliConfig and RequestBasedSliConfig must be set"));
  }

  /** The indicator of an update request, which may leave it as it is. */
  static Optional<Indicator> optionalIndicator(Json request, Measurements measurements) {
    var periods = request.at("SliConfig");
    var requests = request.at("RequestBasedSliConfig");
    if (!periods.missing() && !requests.missing())
      throw invalid("Exactly one of SliConfig and RequestBasedSliConfig must be set");
    if (!periods.missing()) return Optional.of(periodBased(periods, measurements));
    if (!requests.missing()) return Optional.of(requestBased(requests, measurements));
    return Optional.empty();
  }

  private static Indicator periodBased(Json config, Measurements measurements) {
    var metric = config.at("SliMetricConfig");
    var target = target(metric, measurements);
    var period = required(metric, "PeriodSeconds").integer(60, 900);
    if (period % 60 != 0)
      throw invalid(
          metric.at("PeriodSeconds").place() + " is " + period + ": want a multiple of 60");
    var statistic =
        target.latency()
            ? Optional.of(required(metric, "Statistic").text())
            : Optional.<String>empty();
    statistic
        .filter(text -> !Latencies.knows(text))
        .ifPresent(
            text -> {
              throw invalid(
                  metric.at("Statistic").place()
                      + " is '"
                      + text
                      + "': want a statistic such as p99 or Average");
            });
    return new Indicator.PeriodBased(
        target,
        statistic,
        period,
        required(config, "MetricThreshold").number(),
        comparison(required(config, "ComparisonOperator")));
  }

  private static Indicator requestBased(Json config, Measurements measurements) {
    var target = target(config.at("RequestBasedSliMetricConfig"), measurements);
    if (!target.latency()) return new Indicator.RequestBased(target, Optional.empty());
    return new Indicator.RequestBased(
        target,
        Optional.of(
            new Indicator.RequestBased.Bound(
                required(config, "MetricThreshold").number(),
                comparison(required(config, "ComparisonOperator")))));
  }

  private static Indicator.Target target(Json metric, Measurements measurements) {
    for (var member : NOT_PLAYED)
      if (!metric.at(member).missing())
        throw new AwsError(
            501,
            "NotPlayedException",
            metric.at(member).place() + " is not played locally: only a service's operations are");
    var service = service(required(metric, "KeyAttributes"));
    var operation = required(metric, "OperationName").text();
    var type = required(metric, "MetricType").text();
    if (!measurements.reported(service, operation))
      throw invalid(
          "The operation '%s' of service '%s' in environment '%s' has not reported standard metrics"
              .formatted(operation, service.name(), service.environment()));
    return new Indicator.Target(service, operation, type);
  }

  /** The service that key attributes name. */
  static ServiceKey service(Json attributes) {
    var type = required(attributes, "Type").text();
    if (!type.equals("Service"))
      throw invalid(attributes.at("Type").place() + " is '" + type + "': want Service");
    return new ServiceKey(
        required(attributes, "Name").text(), required(attributes, "Environment").text());
  }

  /** The goal, each member that is left out as it was. */
  static Goal goal(Json goal, Goal before) {
    if (goal.missing()) return before;
    var attainment =
        goal.at("AttainmentGoal").missing()
            ? before.attainment()
            : percent(goal.at("AttainmentGoal"));
    var warning =
        goal.at("WarningThreshold").missing()
            ? before.warning()
            : percent(goal.at("WarningThreshold"));
    var rolling = goal.at("Interval").at("RollingInterval");
    var calendar = goal.at("Interval").at("CalendarInterval");
    var interval = calendar.missing() ? rolling : calendar;
    if (interval.missing())
      return new Goal(before.calendarStart(), before.unit(), before.units(), attainment, warning);
    return new Goal(
        calendar.missing() ? Optional.empty() : Optional.of(time(calendar.at("StartTime"))),
        interval.at("DurationUnit").text(),
        interval.at("Duration").integer(1, Integer.MAX_VALUE),
        attainment,
        warning);
  }

  /** Burn rate windows, which must be multiples of the period and shorter than the interval. */
  static List<Integer> burnRates(Json windows, Indicator indicator, Goal goal) {
    var minutes =
        windows.items().stream()
            .map(item -> item.at("LookBackWindowMinutes").integer(1, 10080))
            .toList();
    for (var window : minutes) {
      if (window >= goal.interval().toMinutes())
        throw invalid(
            windows.place()
                + ": window of "
                + window
                + " minutes is not shorter than the interval");
      if (indicator instanceof Indicator.PeriodBased periods && window % periods.minutes() != 0)
        throw invalid(
            windows.place()
                + ": window of "
                + window
                + " minutes is not a multiple of the period of "
                + periods.periodSeconds()
                + " s");
    }
    return minutes;
  }

  /** A time of a body (epoch seconds) or of a query (ISO 8601). */
  static Instant time(Json time) {
    if (time.value() instanceof Number number)
      return Instant.ofEpochMilli(new BigDecimal(number.toString()).movePointRight(3).longValue());
    return Instant.parse(time.text());
  }

  private static double percent(Json value) {
    var percent = value.number();
    if (!(percent > 0 && percent <= 100))
      throw invalid(
          value.place() + " is " + percent + ": want a percentage above 0 and at most 100");
    return percent;
  }

  private static Comparison comparison(Json operator) {
    return Comparison.valueOf(operator.text());
  }

  private static Json required(Json object, String member) {
    var json = object.at(member);
    if (json.missing())
      throw invalid(
          "Value null at '%s' failed to satisfy constraint: Member must not be null"
              .formatted(json.place()));
    return json;
  }
}
