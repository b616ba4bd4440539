package slipway.infra;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import slipway.config.Config;
import slipway.config.Service;
import slipway.json.Json;

/**
 * What a stack costs at list price: quantities from its template, what no template tells as {@link
 * Assumed}. Free tiers are not taken off.
 *
 * @param rows the dearest first
 */
record Bill(List<Row> rows) {
  /** A month, as AWS counts its hours. */
  static final int HOURS = 730;

  private static final int MINUTES = HOURS * 60;

  /**
   * Lambda asks an empty queue with five connections, which wait 20 seconds each. Source: AWS News
   * Blog, "AWS Lambda Adds Amazon Simple Queue Service to Supported Event Sources".
   */
  private static final double POLLS = 5 * 3 * MINUTES;

  /** An SLO is charged as that many signals a period. Source: CloudWatch pricing, SLOs. */
  private static final int SIGNALS_PER_PERIOD = 2;

  /** Target tracking makes one to scale out and one to scale in. */
  private static final int ALARMS_PER_POLICY = 2;

  private static final Pattern RATE =
      Pattern.compile("rate\\((\\d+) (minute|hour|day)s?\\)|cron\\(0 \\* \\* \\* \\? \\*\\)");

  /** Who needs it: any service on Fargate behind a load balancer, or Slipway. */
  enum Whose {
    SERVICE,
    SLIPWAY
  }

  /**
   * A line.
   *
   * @param how the quantities
   */
  record Row(Whose whose, String what, String how, BigDecimal usd) {
    Row {
      usd = usd.setScale(2, RoundingMode.HALF_UP);
    }
  }

  Bill {
    rows =
        rows.stream()
            .filter(row -> row.usd().signum() > 0)
            .sorted(Comparator.comparing(Row::usd).reversed())
            .toList();
  }

  BigDecimal sum() {
    return sum(rows);
  }

  List<Row> of(Whose whose) {
    return rows.stream().filter(row -> row.whose() == whose).toList();
  }

  static BigDecimal sum(List<Row> rows) {
    return rows.stream().map(Row::usd).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** A month in which each service runs its least number of tasks, and nobody pushes or calls. */
  static Bill idle(Config config, Made stack, Prices prices) {
    var rows = new ArrayList<Row>();
    int gateways = stack.resources("AWS::EC2::NatGateway").size();
    if (gateways > 0)
      rows.add(
          new Row(
              Whose.SERVICE,
              gateways == 1 ? "NAT gateway" : gateways + " NAT gateways",
              "with its address, and %s GB".formatted(plain(Assumed.NAT_GB.value)),
              prices
                  .of("nat.hour", gateways * HOURS)
                  .add(addresses(stack.resources("AWS::EC2::EIP").size(), prices))
                  .add(prices.of("nat.gb", Assumed.NAT_GB.value))));
    tasks(config, stack, prices, rows);
    balancers(stack, prices, rows);
    insights(config, stack, prices, rows);
    visits(config, stack, prices, rows);
    alarms(stack, prices, rows);
    functions(stack, prices, rows);
    int keys = stack.resources("AWS::KMS::Key").size();
    rows.add(slipways("Key of notifications", keys + " in KMS", prices.of("key.month", keys)));
    int secrets =
        stack.resources("AWS::SecretsManager::Secret").size()
            + (config.github().tokenSecret().isPresent() ? 1 : 0);
    rows.add(
        slipways(
            "Secrets",
            secrets + ", the GitHub token's included",
            prices.of("secret.month", secrets)));
    int boards = stack.resources("AWS::CloudWatch::Dashboard").size();
    rows.add(slipways("Dashboard", String.valueOf(boards), prices.of("dashboard.month", boards)));
    rows.add(
        slipways(
            "Logs",
            plain(Assumed.LOGS_GB.value) + " GB",
            prices.of("logs.gb", Assumed.LOGS_GB.value)));
    rows.add(
        slipways(
            "Images",
            plain(Assumed.IMAGES_GB.value) + " GB in ECR",
            prices.of("images.gb.month", Assumed.IMAGES_GB.value)));
    return new Bill(rows);
  }

  /** What so many pushes to one service cost on top. */
  static Bill pushes(int pushes, Config config, Made stack, Prices prices) {
    var project = stack.only("AWS::CodeBuild::Project").at("Environment");
    if (!project.at("ComputeType").text().equals("BUILD_GENERAL1_SMALL")
        || !project.at("Type").text().equals("ARM_CONTAINER"))
      throw new AssertionError("builds run on " + project + ": want its price");
    var service = config.services().getFirst();
    double minutes = pushes * Assumed.BUILD_MINUTES.value;
    double hours = pushes * Assumed.PUSH_TASK_MINUTES.value / 60;
    double runs = pushes * Assumed.PUSH_FUNCTIONS.value;
    var rows = new ArrayList<Row>();
    rows.add(
        slipways(
            "Builds",
            "%s minutes of CodeBuild".formatted(plain(minutes)),
            prices.of("build.minute", minutes)));
    rows.add(
        new Row(
            Whose.SERVICE,
            "Old and new task side by side",
            "%s hours".formatted(plain(hours)),
            size(service, hours, prices)));
    rows.add(
        slipways(
            "Functions",
            "%s runs, traced".formatted(plain(runs)),
            invocations(runs, stack, prices).add(prices.of("trace", runs))));
    rows.add(
        slipways(
            "Images",
            "%s GB in ECR for a month"
                .formatted(plain(pushes * Assumed.PUSH_IMAGE_MB.value / 1000)),
            prices.of("images.gb.month", pushes * Assumed.PUSH_IMAGE_MB.value / 1000)));
    rows.add(
        slipways(
            "Logs",
            "%s GB".formatted(plain(pushes * Assumed.PUSH_LOGS_MB.value / 1000)),
            prices.of("logs.gb", pushes * Assumed.PUSH_LOGS_MB.value / 1000)));
    if (!stack.resources("AWS::EC2::NatGateway").isEmpty())
      rows.add(
          new Row(
              Whose.SERVICE,
              "NAT gateway",
              "%s GB".formatted(plain(pushes * Assumed.PUSH_NAT_MB.value / 1000)),
              prices.of("nat.gb", pushes * Assumed.PUSH_NAT_MB.value / 1000)));
    return new Bill(rows);
  }

  private static void tasks(Config config, Made stack, Prices prices, List<Row> rows) {
    for (var service : config.services()) {
      int least = service.tasks().min();
      boolean open =
          ecs(stack, service)
              .at("NetworkConfiguration", "AwsvpcConfiguration")
              .at("AssignPublicIp")
              .text()
              .equals("ENABLED");
      rows.add(
          new Row(
              Whose.SERVICE,
              least == 1 ? "Task" : least + " tasks",
              "%s vCPU and %s GB on ARM%s"
                  .formatted(
                      plain(service.cpu() / 1024.0),
                      plain(service.memory() / 1024.0),
                      open ? ", with a public address" : ""),
              size(service, least * HOURS, prices).add(addresses(open ? least : 0, prices))));
    }
  }

  private static BigDecimal size(Service service, double hours, Prices prices) {
    return prices
        .of("fargate.vcpu.hour", service.cpu() / 1024.0 * hours)
        .add(prices.of("fargate.gb.hour", service.memory() / 1024.0 * hours));
  }

  private static BigDecimal addresses(int number, Prices prices) {
    return prices.of("address.hour", number * HOURS);
  }

  private static void balancers(Made stack, Prices prices, List<Row> rows) {
    for (var balancer : stack.resources("AWS::ElasticLoadBalancingV2::LoadBalancer")) {
      int zones = balancer.at("Subnets").items().size();
      rows.add(
          new Row(
              Whose.SERVICE,
              "Load balancer",
              "with its %d addresses".formatted(zones),
              prices.of("balancer.hour", HOURS).add(addresses(zones, prices))));
    }
  }

  /**
   * The metrics of Container Insights, which are charged each. Source: CloudWatch user guide,
   * "Amazon ECS Container Insights metrics" and "… with enhanced observability metrics": how many
   * have the dimensions of a cluster, a service (by its name and by its task definition's family),
   * a task or a container. Without those that only EC2 instances and EBS volumes have.
   */
  private static void insights(Config config, Made stack, Prices prices, List<Row> rows) {
    var setting =
        stack.only("AWS::ECS::Cluster").at("ClusterSettings").items().getFirst().at("Value").text();
    switch (setting) {
      case "enabled" -> {
        // 10 of use and the restarts in the three of cluster, service and family; five counts of
        // the service; services and tasks of the cluster.
        int metrics = 13 + 27 * config.services().size();
        rows.add(
            slipways(
                "Container insights, standard",
                metrics + " metrics",
                prices.of("metric.month", metrics)));
      }
      case "enhanced" -> {
        int metrics = 27;
        for (var service : config.services()) {
          int tasks = service.tasks().min();
          metrics += 39 + 34 * tasks;
          for (var container : containers(stack, service)) {
            int kinds = 7;
            if (!container.at("HealthCheck").missing()) kinds++;
            if (!container.at("RestartPolicy").missing()) kinds++;
            metrics += kinds * (2 + 2 * tasks);
          }
        }
        rows.add(
            slipways(
                "Container insights, enhanced",
                metrics + " metrics",
                prices.of("insights.metric.month", metrics)));
      }
      case "disabled" -> {}
      default -> throw new AssertionError(setting + " of container insights has no price here");
    }
  }

  private static List<Json> containers(Made stack, Service service) {
    return stack
        .only(
            "AWS::ECS::TaskDefinition",
            it -> it.text("Family").equals(service.name().templateFamily()))
        .at("ContainerDefinitions")
        .items();
  }

  /** What calls a service, and what Application Signals and X-Ray make of it. */
  private static void visits(Config config, Made stack, Prices prices, List<Row> rows) {
    double checks = 0;
    for (var service : config.services())
      // From each zone that the load balancer is in.
      checks +=
          service.tasks().min()
              * Config.ZONES
              * (MINUTES
                  * 60.0
                  / targets(stack, service).at("HealthCheckIntervalSeconds").integer(5, 300));
    double runs = 0;
    double calls = 0;
    for (var canary : stack.resources("AWS::Synthetics::Canary")) {
      double its = times(canary.at("Schedule", "Expression").text());
      runs += its;
      calls +=
          its
              * Json.parse(canary.at("RunConfig", "EnvironmentVariables").at("PATHS").text())
                  .items()
                  .size();
    }
    rows.add(
        slipways(
            "Canary",
            "%s runs, with their Lambda function and what they leave in S3".formatted(plain(runs)),
            prices
                .of("canary.run", runs)
                .add(prices.of("lambda.request", runs))
                .add(prices.of("lambda.x86.gbs", runs * Assumed.CANARY_SECONDS.value))
                .add(prices.of("s3.put", runs * Assumed.CANARY_OBJECTS.value))
                .add(prices.of("s3.gb.month", runs * Assumed.CANARY_MB.value / 1000))));
    double periods =
        config.services().stream()
            .flatMap(service -> service.slos().stream())
            .mapToDouble(slo -> (double) MINUTES / slo.period().toMinutes())
            .sum();
    double signals = checks + calls + SIGNALS_PER_PERIOD * periods;
    rows.add(
        slipways(
            "Application Signals",
            "%s signals, of health checks, canary and SLOs".formatted(plain(signals)),
            prices.of("signal", signals)));
    // X-Ray's own rule records the first request of each second, and these are not as many.
    double traces = checks + runs + scheduled(stack);
    rows.add(
        slipways(
            "X-Ray",
            "%s traces, of health checks, canary and functions".formatted(plain(traces)),
            prices.of("trace", traces)));
  }

  private static Made.Resource targets(Made stack, Service service) {
    var balanced = ecs(stack, service).at("LoadBalancers").items().getFirst();
    var group = balanced.at("TargetGroupArn").text();
    return stack.only(
        "AWS::ElasticLoadBalancingV2::TargetGroup", it -> group.equals("${" + it.id() + "}"));
  }

  private static Made.Resource ecs(Made stack, Service service) {
    return stack.only(
        "AWS::ECS::Service", it -> it.text("ServiceName").equals(service.name().value()));
  }

  private static void alarms(Made stack, Prices prices, List<Row> rows) {
    int metrics = 0;
    for (var alarm : stack.resources("AWS::CloudWatch::Alarm")) {
      var queries = alarm.at("Metrics").items();
      metrics +=
          queries.isEmpty()
              ? 1
              : (int) queries.stream().filter(query -> !query.at("MetricStat").missing()).count();
    }
    metrics +=
        ALARMS_PER_POLICY * stack.resources("AWS::ApplicationAutoScaling::ScalingPolicy").size();
    rows.add(
        slipways(
            "Alarms",
            "on %d metrics, the autoscaling's included".formatted(metrics),
            prices.of("alarm.metric.month", metrics)));
  }

  private static void functions(Made stack, Prices prices, List<Row> rows) {
    var polls = BigDecimal.ZERO;
    var mappings = stack.resources("AWS::Lambda::EventSourceMapping");
    for (var mapping : mappings) {
      var queue = mapping.text("EventSourceArn").replaceAll("^\\$\\{(\\w+).*", "$1");
      boolean fifo =
          !stack.only("AWS::SQS::Queue", it -> it.id().equals(queue)).at("FifoQueue").missing();
      polls = polls.add(prices.of(fifo ? "queue.fifo.request" : "queue.request", POLLS));
    }
    rows.add(
        slipways(
            "Queues",
            "%d that Lambda asks whether there is something".formatted(mappings.size()),
            polls));
    double runs = scheduled(stack);
    rows.add(
        slipways(
            "Functions",
            "%s runs for audit and repair".formatted(plain(runs)),
            invocations(runs, stack, prices).add(prices.of("schedule.run", runs))));
  }

  private static double scheduled(Made stack) {
    return stack.resources("AWS::Scheduler::Schedule").stream()
        .mapToDouble(schedule -> times(schedule.text("ScheduleExpression")))
        .sum();
  }

  private static BigDecimal invocations(double runs, Made stack, Prices prices) {
    double gigabytes =
        stack.resources("AWS::Lambda::Function").stream()
                .mapToInt(function -> function.at("MemorySize").integer(128, 10240))
                .max()
                .orElseThrow()
            / 1024.0;
    double items = runs * Assumed.FUNCTION_ITEMS.value;
    return prices
        .of("lambda.request", runs)
        .add(prices.of("lambda.arm.gbs", runs * Assumed.FUNCTION_SECONDS.value * gigabytes))
        .add(prices.of("table.write", items))
        .add(prices.of("table.read", items));
  }

  /** How often a month. */
  private static double times(String schedule) {
    var form = RATE.matcher(schedule);
    if (!form.matches()) throw new AssertionError(schedule + ": want a rate, or each hour");
    if (form.group(1) == null) return HOURS;
    int minutes =
        switch (form.group(2)) {
          case "minute" -> 1;
          case "hour" -> 60;
          case "day" -> 24 * 60;
          default -> throw new AssertionError(schedule);
        };
    return (double) MINUTES / (Integer.parseInt(form.group(1)) * minutes);
  }

  private static Row slipways(String what, String how, BigDecimal usd) {
    return new Row(Whose.SLIPWAY, what, how, usd);
  }

  /** {@code 8,760}, {@code 0.5}. */
  static String plain(double number) {
    return new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(number);
  }
}
