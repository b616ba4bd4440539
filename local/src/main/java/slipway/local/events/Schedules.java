package slipway.local.events;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.local.cloud.Pace;
import slipway.local.cloud.Place;
import slipway.local.iam.Iam;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/**
 * EventBridge Scheduler. A {@code rate} fires on local's pace; a {@code cron} or {@code at} only
 * when it is told to, because local's days are none.
 */
public final class Schedules implements Provisioner, AutoCloseable {
  private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (minute|hour|day)s?\\)");
  private final String stack;
  private final Targets targets;
  private final Iam iam;
  private final Pace pace;
  private final Map<String, Schedule> schedules = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("schedules").factory());

  private record Schedule(
      String name,
      String arn,
      String targetArn,
      String roleArn,
      Optional<String> input,
      String group,
      Optional<String> deadLetters) {}

  Schedules(String stack, Targets targets, Iam iam, Pace pace) {
    this.stack = stack;
    this.targets = targets;
    this.iam = iam;
    this.pace = pace;
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::Scheduler::Schedule");
  }

  @Override
  public Made make(Resource resource) {
    var properties = resource.properties();
    var name = properties.at("Name").optionalText().orElse(stack + "-" + resource.logicalId());
    var arn =
        Place.arn(
            "scheduler",
            "schedule/" + properties.at("GroupName").optionalText().orElse("default") + "/" + name);
    var target = properties.at("Target");
    var role = target.at("RoleArn").text();
    iam.mayNotAssume("scheduler.amazonaws.com", role)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(
                  "The execution role you provide must allow AWS EventBridge Scheduler to assume"
                      + " the role "
                      + why);
            });
    var schedule =
        new Schedule(
            name,
            arn,
            target.at("Arn").text(),
            role,
            target.at("Input").optionalText(),
            target.at("SqsParameters").at("MessageGroupId").optionalText().orElse(""),
            target.at("DeadLetterConfig").at("Arn").optionalText());
    schedules.put(name, schedule);
    var enabled = !properties.at("State").optionalText().orElse("ENABLED").equals("DISABLED");
    rate(properties.at("ScheduleExpression"))
        .filter(_ -> enabled)
        .ifPresent(
            every -> {
              var wait = pace.of(every).toMillis();
              timer.scheduleAtFixedRate(() -> fire(schedule), wait, wait, TimeUnit.MILLISECONDS);
            });
    return new Made(name, Map.of("Arn", arn));
  }

  private static Optional<Duration> rate(Json expression) {
    var text = expression.text();
    var matcher = RATE.matcher(text);
    if (matcher.matches()) {
      var unit =
          switch (matcher.group(2)) {
            case "minute" -> ChronoUnit.MINUTES;
            case "hour" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
          };
      return Optional.of(Duration.of(Long.parseLong(matcher.group(1)), unit));
    }
    if (text.startsWith("cron(") || text.startsWith("at(")) return Optional.empty();
    throw expression.unexpected("rate(…), cron(…) or at(…)");
  }

  /** Names of all schedules. */
  public Set<String> names() {
    return new TreeSet<>(schedules.keySet());
  }

  /** Fires a schedule now, beside its own times. */
  public void fireNow(String name) {
    var schedule = schedules.get(name);
    if (schedule == null)
      throw new IllegalArgumentException(
          "there is no schedule '" + name + "', but " + schedules.keySet());
    fire(schedule);
  }

  private void fire(Schedule schedule) {
    targets.deliver(
        new Targets.Delivery(
            "schedule " + schedule.name(),
            schedule.arn(),
            schedule.targetArn(),
            schedule.input().orElseGet(() -> envelope(schedule)),
            schedule.group(),
            schedule.deadLetters()),
        permission -> iam.roleMayNot(schedule.roleArn(), permission));
  }

  private static String envelope(Schedule schedule) {
    var event = new LinkedHashMap<String, Object>();
    event.put("version", "0");
    event.put("id", UUID.randomUUID().toString());
    event.put("detail-type", "Scheduled Event");
    event.put("source", "aws.scheduler");
    event.put("account", Place.ACCOUNT);
    event.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    event.put("region", Place.REGION);
    event.put("resources", List.of(schedule.arn()));
    event.put("detail", "{}");
    return Json.write(event);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
