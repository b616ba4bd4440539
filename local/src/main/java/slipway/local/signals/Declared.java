package slipway.local.signals;

import static slipway.local.signals.Operation.invalid;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import slipway.json.Json;
import slipway.local.cloud.AwsError;
import slipway.local.metrics.Queries;
import slipway.local.metrics.Query;

/**
 * What a create or update request declares, beyond what its shape says: the rules that AWS checks
 * in its service.
 */
final class Declared {
  private static final int SHORTEST = 60;
  private static final int LONGEST = 900;

  /** Members that say which metric of Application Signals is meant, if no queries do. */
  private static final List<String> STANDARD =
      List.of(
          "OperationName",
          "MetricType",
          "MetricName",
          "Statistic",
          "DependencyConfig",
          "MetricSource",
          "CompositeSliConfig");

  private Declared() {}

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
    if (!metric.at("MetricDataQueries").missing()) return ofMetrics(config, metric);
    var subject = subject(metric, measurements);
    var signal = signal(metric, subject, measurements);
    return new Indicator.PeriodBased(
        subject,
        signal,
        period(required(metric, "PeriodSeconds")),
        required(config, "MetricThreshold").number(),
        comparison(required(config, "ComparisonOperator")));
  }

  private static int period(Json seconds) {
    var period = seconds.integer(SHORTEST, LONGEST);
    if (period % 60 != 0)
      throw invalid(seconds.place() + " is " + period + ": want a multiple of 60");
    return period;
  }

  private static Indicator ofMetrics(Json config, Json metric) {
    standardOnly(metric, "MetricDataQueries");
    var queries = queries(metric.at("MetricDataQueries"));
    var seconds = Queries.seconds(queries);
    if (seconds > LONGEST)
      throw invalid(
          metric.at("MetricDataQueries").place()
              + ": the period is "
              + seconds
              + " s: want 60 to 900");
    var named = metric.at("PeriodSeconds");
    if (!named.missing() && period(named) != seconds)
      throw invalid(
          named.place() + " is " + period(named) + ", the period of the queries " + seconds);
    return new Indicator.PeriodBased(
        new Subject.OfMetrics(related(metric)),
        new Indicator.Signal.Expressed(queries),
        seconds,
        required(config, "MetricThreshold").number(),
        comparison(required(config, "ComparisonOperator")));
  }

  private static Optional<ServiceKey> related(Json metric) {
    var attributes = metric.at("KeyAttributes");
    return attributes.missing() ? Optional.empty() : Optional.of(service(attributes));
  }

  private static void standardOnly(Json metric, String instead) {
    for (var member : STANDARD)
      if (!metric.at(member).missing())
        throw invalid(
            "%s and %s can not be set together"
                .formatted(metric.at(member).place(), metric.at(instead).place()));
  }

  private static List<Query> queries(Json list) {
    return refusing(() -> Queries.watched(list));
  }

  private static <T> T refusing(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (UnsupportedOperationException e) {
      throw notPlayed(e.getMessage());
    } catch (IllegalArgumentException e) {
      throw invalid(e.getMessage());
    }
  }

  private static Indicator requestBased(Json config, Measurements measurements) {
    var metric = config.at("RequestBasedSliMetricConfig");
    var total = metric.at("TotalRequestCountMetric");
    var monitored = metric.at("MonitoredRequestCountMetric");
    if (total.missing() != monitored.missing())
      throw invalid(total.place() + " and " + monitored.place() + " can only be set together");
    if (!total.missing()) {
      standardOnly(metric, "TotalRequestCountMetric");
      var good = !monitored.at("GoodCountMetric").missing();
      return new Indicator.RequestBased(
          new Subject.OfMetrics(related(metric)),
          new Indicator.Counting.Counted(
              queries(total),
              queries(monitored.at(good ? "GoodCountMetric" : "BadCountMetric")),
              good));
    }
    var subject = subject(metric, measurements);
    if (subject instanceof Subject.OfCanary || !metric.at("MetricName").missing())
      throw notPlayed(
          config.place()
              + ": request-based objectives on MetricName or MetricSource are not played locally");
    var type = required(metric, "MetricType").text();
    if (!type.equals("LATENCY"))
      return new Indicator.RequestBased(subject, new Indicator.Counting.Faults());
    return new Indicator.RequestBased(
        subject,
        new Indicator.Counting.Bounded(
            required(config, "MetricThreshold").number(),
            comparison(required(config, "ComparisonOperator"))));
  }

  private static Indicator.Signal signal(Json metric, Subject subject, Measurements measurements) {
    var type = metric.at("MetricType").optionalText();
    if (subject instanceof Subject.OfCanary)
      return new Indicator.Signal.Named(
          metric
              .at("MetricName")
              .optionalText()
              .orElseGet(
                  () ->
                      required(metric, "MetricType").text().equals("LATENCY")
                          ? "Duration"
                          : "SuccessPercent"),
          metric.at("Statistic").missing() ? "Average" : statistic(metric),
          type);
    var name = metric.at("MetricName").optionalText();
    if (name.isPresent()) {
      if (type.isPresent())
        throw invalid(
            "%s and %s can not be set together"
                .formatted(metric.at("MetricName").place(), metric.at("MetricType").place()));
      for (var one : subject.metrics(name.get(), measurements))
        if (!measurements.reported(one))
          throw invalid(
              "The metric '%s' has not been reported with dimensions %s"
                  .formatted(one.name(), one.dimensions()));
      return new Indicator.Signal.Named(name.get(), statistic(metric), Optional.empty());
    }
    return required(metric, "MetricType").text().equals("LATENCY")
        ? new Indicator.Signal.Latency(statistic(metric))
        : new Indicator.Signal.Availability();
  }

  private static String statistic(Json metric) {
    var statistic = required(metric, "Statistic");
    return refusing(() -> Queries.statistic(statistic));
  }

  private static Subject subject(Json metric, Measurements measurements) {
    var source = metric.at("MetricSource");
    if (!source.missing()) return canary(metric, source);
    var service = service(required(metric, "KeyAttributes"));
    var operation = metric.at("OperationName").optionalText();
    var dependency = metric.at("DependencyConfig");
    var composite = metric.at("CompositeSliConfig");
    if (!dependency.missing() && !composite.missing())
      throw invalid(
          "%s and %s can not be set together".formatted(dependency.place(), composite.place()));
    if (!dependency.missing()) return dependency(service, operation, dependency, measurements);
    if (!composite.missing()) {
      if (operation.isPresent())
        throw invalid(
            "%s and %s can not be set together"
                .formatted(metric.at("OperationName").place(), composite.place()));
      return composite(service, composite, measurements);
    }
    if (operation.isPresent()) {
      reported(service, operation.get(), measurements);
      return new Subject.OfOperation(service, operation.get());
    }
    if (!measurements.reported(SignalMetrics.service(SignalMetrics.LATENCY, service)))
      throw invalid(
          "The service '%s' in environment '%s' has not reported standard metrics"
              .formatted(service.name(), service.environment()));
    return new Subject.OfService(service);
  }

  private static void reported(ServiceKey service, String operation, Measurements measurements) {
    if (!measurements.reported(SignalMetrics.operation(SignalMetrics.LATENCY, service, operation)))
      throw invalid(
          "The operation '%s' of service '%s' in environment '%s' has not reported standard metrics"
              .formatted(operation, service.name(), service.environment()));
  }

  private static Subject dependency(
      ServiceKey service, Optional<String> operation, Json config, Measurements measurements) {
    var attributes = config.at("DependencyKeyAttributes");
    var type = required(attributes, "Type").text();
    if (!List.of("Service", "RemoteService", "AWS::Service").contains(type))
      throw notPlayed(
          attributes.at("Type").place()
              + " '"
              + type
              + "' is not played locally: the upstream agent does not name resources");
    required(attributes, "Name");
    var subject =
        new Subject.OfDependency(
            service,
            operation,
            Operation.texts(attributes),
            config.at("DependencyOperationName").text());
    for (var one : subject.metrics(SignalMetrics.LATENCY, measurements))
      if (!measurements.reported(one))
        throw invalid(
            "The dependency '%s' of service '%s' in environment '%s' has not reported standard metrics for the operation '%s'"
                .formatted(
                    attributes.at("Name").text(),
                    service.name(),
                    service.environment(),
                    subject.called()));
    return subject;
  }

  private static Subject composite(ServiceKey service, Json config, Measurements measurements) {
    var choice = config.at("SelectionConfig");
    var pattern = choice.at("Pattern");
    var components = config.at("Components");
    var explicit = choice.at("Type").text().equals("EXPLICIT");
    if (explicit == components.missing() || explicit != pattern.missing())
      throw invalid(
          "%s: want Components for the type EXPLICIT, and a Pattern for PREFIX and REGEX"
              .formatted(config.place()));
    var selection =
        switch (choice.at("Type").text()) {
          case "EXPLICIT" ->
              new Subject.Selection.These(
                  components.items().stream().map(one -> one.at("OperationName").text()).toList());
          case "PREFIX" -> new Subject.Selection.Prefixed(pattern.text());
          default -> new Subject.Selection.Matching(regex(pattern));
        };
    if (selection instanceof Subject.Selection.These(var operations))
      operations.forEach(operation -> reported(service, operation, measurements));
    var subject = new Subject.OfSelection(service, selection);
    if (subject.metrics(SignalMetrics.LATENCY, measurements).isEmpty())
      throw invalid(
          "%s: no operation of service '%s' in environment '%s' that it selects has reported standard metrics"
              .formatted(choice.place(), service.name(), service.environment()));
    return subject;
  }

  private static String regex(Json pattern) {
    try {
      return Pattern.compile(pattern.text()).pattern();
    } catch (PatternSyntaxException e) {
      throw invalid(pattern.place() + " is no regular expression: " + e.getDescription());
    }
  }

  private static Subject canary(Json metric, Json source) {
    for (var member : List.of("KeyAttributes", "OperationName", "DependencyConfig"))
      if (!metric.at(member).missing())
        throw invalid(
            "%s and %s can not be set together"
                .formatted(metric.at(member).place(), source.place()));
    var attributes = source.at("MetricSourceKeyAttributes");
    var type = attributes.at("ResourceType").optionalText().orElse("");
    if (!type.equals("AWS::Synthetics::Canary"))
      throw notPlayed(
          attributes.place()
              + ": only ResourceType AWS::Synthetics::Canary is played locally, not '"
              + type
              + "'");
    required(attributes, "Identifier");
    return new Subject.OfCanary(
        Operation.texts(attributes), Operation.texts(source.at("MetricSourceAttributes")));
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

  /**
   * An exclusion window.
   *
   * @param now when one begins that does not say when
   */
  static ExclusionWindow window(Json window, Instant now) {
    var start = window.at("StartTime");
    var again = window.at("RecurrenceRule").at("Expression");
    return new ExclusionWindow(
        window.at("Window").at("DurationUnit").text(),
        window.at("Window").at("Duration").integer(1, Integer.MAX_VALUE),
        start.missing() ? now : time(start),
        again.missing()
            ? Optional.empty()
            : Optional.of(refusing(() -> new Recurrence(again.text()))),
        window.at("Reason").optionalText());
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

  private static AwsError notPlayed(String why) {
    return new AwsError(501, "NotPlayedException", why);
  }
}
