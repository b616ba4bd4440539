package slipway.infra;

import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import slipway.config.Config;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.config.Slo;
import slipway.json.Json;
import slipway.notice.Measure;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.CfnDashboard;
import software.constructs.Construct;

/**
 * One page in CloudWatch about all services: what was pushed, built and rolled out, how long that
 * took, how well it went, and how the deployer itself is. A graph has a line for each service, so
 * that it stays one page however many there are; only error budgets have graphs of their own.
 *
 * <p>Written as the body that CloudWatch keeps. Source: CloudWatch API reference, "Dashboard Body
 * Structure and Syntax".
 */
final class Dashboard extends Construct {
  /** CloudWatch's limits, of one widget and of one dashboard. */
  private static final int MOST_ALARMS = 100;

  private static final int MOST_METRICS = 2500;
  private static final int MOST_METRICS_OF_A_WIDGET = 500;

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final int WIDTH = 24;
  private static final int HOUR = 3600;
  private static final int FIVE_MINUTES = 300;
  private static final String LAMBDA = "AWS/Lambda";
  private static final String SIGNALS = "AWS/ApplicationSignals";

  /**
   * @param functions of the deployer
   * @param deadLetters names of dead-letter queues, by what people call them
   * @param project name of CodeBuild's
   * @param alarms ARNs of those that watch the deployer
   * @param reports name of the bucket
   */
  record Inputs(
      Config config,
      List<Watched> functions,
      Map<String, String> deadLetters,
      String project,
      List<String> alarms,
      String reports) {}

  /**
   * A function.
   *
   * @param title as people call it
   * @param name as its metrics have it
   * @param log name of its log
   */
  record Watched(String title, String name, String log) {}

  private final String stack;
  private final String region;
  private final List<Object> widgets = new ArrayList<>();
  private int y;

  Dashboard(Construct scope, Inputs inputs) {
    super(scope, "Dashboard");
    var config = inputs.config();
    stack = config.stack();
    region = Stack.of(this).getRegion();
    var names = config.services().stream().map(Service::name).toList();
    row(4, text(config, inputs.reports()));
    row(3, alarms(inputs.alarms()));
    row(
        6,
        graph("Pushes that started a build, an hour", HOUR, "Sum", each(names, Measure.PUSHES)),
        builds(inputs.project(), "Builds, an hour", HOUR, "Sum", "Builds", "FailedBuilds"),
        graph(
            "Rollouts that ended healthy, an hour",
            HOUR,
            "Sum",
            each(names, Measure.ROLLOUTS_HEALTHY)),
        graph("Rollouts that failed, an hour", HOUR, "Sum", each(names, Measure.ROLLOUTS_FAILED)));
    row(
        6,
        graph(
            "From push to healthy, seconds", HOUR, "Average", each(names, Measure.PUSH_TO_HEALTHY)),
        builds(
            inputs.project(),
            "Builds, seconds, the longest of an hour",
            HOUR,
            "Maximum",
            "Duration"));
    row(
        4,
        figure("Deployments a day, over 30 days", each(names, Measure.DEPLOYMENT_FREQUENCY)),
        figure("Lead time, seconds, median of 30 days", each(names, Measure.LEAD_TIME)),
        figure(
            "Change failure rate, percent, over 30 days", each(names, Measure.CHANGE_FAILURE_RATE)),
        figure(
            "Time to restore, seconds, median of 30 days", each(names, Measure.TIME_TO_RESTORE)));
    for (var service : config.services()) objectives(service, share(config));
    functions(inputs.functions(), inputs.deadLetters());
    CfnDashboard.Builder.create(this, "Dashboard")
        .dashboardName(stack)
        .dashboardBody(
            Json.write(ordered("start", "-P7D", "periodOverride", "inherit", "widgets", widgets)))
        .build();
  }

  /** What a widget of the row takes beside its place and size. */
  private record Widget(String type, Map<String, Object> properties) {}

  private void row(int height, Widget... row) {
    int width = WIDTH / row.length;
    for (int n = 0; n < row.length; n++)
      widgets.add(
          ordered(
              "type",
              row[n].type(),
              "x",
              n * width,
              "y",
              y,
              "width",
              width,
              "height",
              height,
              "properties",
              row[n].properties()));
    y += height;
  }

  private Widget text(Config config, String reports) {
    var readme =
        "%s/%s/blob/%s/infra/README.md"
            .formatted(
                config.github().web().toString().replaceAll("/+$", ""),
                config.github().repository(),
                config.github().branch());
    var console = "https://%1$s.console.aws.amazon.com/%2$s?region=%1$s";
    return new Widget(
        "text",
        ordered(
            "markdown",
            """
            # Slipway: %s
            From a push to what users get, in reading order; then what runs all of it. The stack makes this page, so change it there.

            An alarm is on? [What each means and what to do](%s#alarms) · [A push in the logs](%s#a-push-in-the-logs) · [SLOs](%s#slos) · [Reports of audits](%s) · [Traces](%s)
            """
                .formatted(
                    stack,
                    readme,
                    readme,
                    readme,
                    "https://%1$s.console.aws.amazon.com/s3/buckets/%2$s?region=%1$s&prefix=audits/"
                        .formatted(region, reports),
                    console.formatted(region, "cloudwatch/home") + "#xray:traces/query")));
  }

  private Widget alarms(List<String> alarms) {
    return new Widget(
        "alarm",
        ordered(
            "title",
            "Alarms of the deployer; those of SLOs are in Application Signals",
            "alarms",
            alarms.stream().limit(MOST_ALARMS).toList()));
  }

  /** One metric of each service. */
  private List<Object> each(List<ServiceName> services, Measure measure) {
    return services.stream()
        .limit(MOST_METRICS_OF_A_WIDGET)
        .<Object>map(
            service ->
                List.of(
                    Measure.NAMESPACE,
                    measure.title(),
                    Measure.STACK,
                    stack,
                    Measure.SERVICE,
                    service.value(),
                    Map.of("label", service.value())))
        .toList();
  }

  private Widget builds(
      String project, String title, int period, String statistic, String... metrics) {
    var lines = new ArrayList<Object>();
    for (var metric : metrics)
      lines.add(List.of("AWS/CodeBuild", metric, "ProjectName", project, Map.of("label", metric)));
    return graph(title, period, statistic, lines);
  }

  private Widget graph(String title, int period, String statistic, List<Object> metrics) {
    return new Widget("metric", properties(title, "timeSeries", period, statistic, metrics));
  }

  /** The newest values in large, the way that they went small. */
  private Widget figure(String title, List<Object> metrics) {
    var properties = properties(title, "singleValue", HOUR, "Maximum", metrics);
    properties.put("sparkline", true);
    return new Widget("metric", properties);
  }

  private Map<String, Object> properties(
      String title, String view, int period, String statistic, List<Object> metrics) {
    return ordered(
        "title", title, "view", view, "region", region, "period", period, "stat", statistic,
        "metrics", metrics);
  }

  /** So many SLOs of a service are shown, each with three metrics, that all fit. */
  private static int share(Config config) {
    int services = config.services().size();
    int left = MOST_METRICS - services * Measure.values().length - 50;
    return Math.min(100, Math.max(1, left / services / 3));
  }

  /**
   * What is left of each error budget, and how fast it burns. Application Signals measures the
   * attainment; of a goal of 99 %, 99.5 % leaves half of the budget.
   */
  private void objectives(Service service, int most) {
    var slos = service.slos().stream().limit(most).toList();
    if (slos.isEmpty()) return;
    var shown =
        slos.size() == service.slos().size()
            ? service.name().value()
            : "%s, %d of %d SLOs".formatted(service.name(), slos.size(), service.slos().size());
    var budgets = new ArrayList<Object>();
    var burns = new ArrayList<Object>();
    for (int n = 0; n < slos.size(); n++) {
      var slo = slos.get(n);
      budgets.add(
          List.of(
              ordered(
                  "expression",
                  "100 * (attained%d - %s) / %s"
                      .formatted(
                          n,
                          goal(slo).toPlainString(),
                          HUNDRED.subtract(goal(slo)).toPlainString()),
                  "label",
                  slo.name(),
                  "id",
                  "left" + n)));
      budgets.add(
          List.of(
              SIGNALS,
              "AttainmentRate",
              "SloName",
              slo.name(),
              ordered("id", "attained" + n, "visible", false)));
      window(slo)
          .ifPresent(
              minutes ->
                  burns.add(
                      List.of(
                          SIGNALS,
                          "BurnRate",
                          "BurnRateWindowMinutes",
                          String.valueOf(minutes),
                          "SloName",
                          slo.name(),
                          Map.of("label", slo.name()))));
    }
    var left =
        properties(
            "Error budgets left, percent: " + shown,
            "timeSeries",
            FIVE_MINUTES,
            "Average",
            budgets);
    var lines = new ArrayList<Object>();
    lines.add(ordered("label", "spent", "value", 0, "color", "#d62728"));
    for (var warning : new TreeSet<>(slos.stream().map(Slo::warning).toList()))
      lines.add(ordered("label", "warning", "value", warning, "color", "#ff7f0e"));
    left.put("annotations", Map.of("horizontal", lines));
    left.put("yAxis", Map.of("left", ordered("max", 100)));
    var burn =
        properties(
            "Burn rates, over an hour where measured: " + shown,
            "timeSeries",
            FIVE_MINUTES,
            "Maximum",
            burns);
    burn.put(
        "annotations",
        Map.of(
            "horizontal",
            List.of(ordered("label", "lasts just the interval", "value", 1, "color", "#ff7f0e"))));
    row(6, new Widget("metric", left), new Widget("metric", burn));
  }

  /** As it is written, where a difference of doubles would not be. */
  private static BigDecimal goal(Slo slo) {
    return BigDecimal.valueOf(slo.goal());
  }

  /** The hour, on which the fast alarm looks; else the shortest window, if one is measured. */
  private static Optional<Integer> window(Slo slo) {
    return slo.burnWindows().contains(HOUR / 60)
        ? Optional.of(HOUR / 60)
        : slo.burnWindows().stream().findFirst();
  }

  private void functions(List<Watched> functions, Map<String, String> deadLetters) {
    row(
        6,
        graph("Invocations of functions", FIVE_MINUTES, "Sum", each(functions, "Invocations")),
        graph("Errors of functions", FIVE_MINUTES, "Sum", each(functions, "Errors")),
        graph("Throttled calls of functions", FIVE_MINUTES, "Sum", each(functions, "Throttles")),
        graph(
            "Functions, milliseconds, the longest",
            FIVE_MINUTES,
            "Maximum",
            each(functions, "Duration")));
    row(
        6,
        graph("Messages that nobody could handle", FIVE_MINUTES, "Maximum", dead(deadLetters)),
        new Widget(
            "log",
            ordered(
                "title",
                "Troubles in the logs",
                "region",
                region,
                "view",
                "table",
                "query",
                functions.stream()
                        .map(function -> "SOURCE '" + function.log() + "' | ")
                        .collect(joining())
                    + "fields timestamp, level, event, service, rollout, commit, error | filter"
                    + " level in [\"ERROR\", \"WARN\"] | sort timestamp desc | limit 50")));
  }

  private static List<Object> each(List<Watched> functions, String metric) {
    return functions.stream()
        .<Object>map(
            function ->
                List.of(
                    LAMBDA,
                    metric,
                    "FunctionName",
                    function.name(),
                    Map.of("label", function.title())))
        .toList();
  }

  private static List<Object> dead(Map<String, String> queues) {
    var lines = new ArrayList<Object>();
    queues.forEach(
        (title, name) ->
            lines.add(
                List.of(
                    "AWS/SQS",
                    "ApproximateNumberOfMessagesVisible",
                    "QueueName",
                    name,
                    Map.of("label", title))));
    return lines;
  }

  /** Names and values in turn; the same input gives the same body. */
  private static Map<String, Object> ordered(Object... members) {
    var map = new LinkedHashMap<String, Object>();
    for (int n = 0; n < members.length; n += 2) map.put((String) members[n], members[n + 1]);
    return map;
  }
}
