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
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.local.cloud.Pace;
import slipway.local.cloud.Place;
import slipway.local.iam.Iam;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/**
 * EventBridge Scheduler. A {@code rate} fires on local's pace, from the time that the stack is
 * complete; a {@code cron} or {@code at} only when it is told to, because local's days are none.
 */
public final class Schedules implements Provisioner, AutoCloseable {
  private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (minute|hour|day)s?\\)");
  private final String stack;
  private final Targets targets;
  private final Iam iam;
  private final Pace pace;
  private final Map<String, Schedule> schedules = new ConcurrentHashMap<>();
  private final Map<String, Instant> last = new ConcurrentHashMap<>();
  private final Map<String, Future<?>> ticking = new ConcurrentHashMap<>();
  private volatile boolean started;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("schedules").factory());

  private record Schedule(
      String name,
      String arn,
      String targetArn,
      String roleArn,
      Optional<String> input,
      String group,
      Optional<String> deadLetters,
      Optional<Duration> every) {}

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
    var schedule = schedule(resource);
    if (schedules.putIfAbsent(schedule.name(), schedule) != null)
      throw new IllegalArgumentException("schedule '" + schedule.name() + "' exists already");
    tick(schedule);
    return new Made(schedule.name(), Map.of("Arn", schedule.arn()));
  }

  @Override
  public Made update(Change change) {
    var schedule = schedule(change.after());
    var before = schedules.put(schedule.name(), schedule);
    // With the same rate it keeps its time.
    if (before == null || !before.every().equals(schedule.every())) tick(schedule);
    return change.made();
  }

  @Override
  public void delete(Resource resource, Made made) {
    schedules.remove(made.ref());
    still(made.ref());
  }

  @Override
  public List<String> existing() {
    return schedules.values().stream().map(Schedule::arn).toList();
  }

  private Schedule schedule(Resource resource) {
    var properties = resource.properties();
    var name = properties.at("Name").optionalText().orElse(resource.generatedName(stack));
    var arn =
        Place.arn(
            "scheduler",
            "schedule/" + properties.at("GroupName").optionalText().orElse("default") + "/" + name);
    var target = properties.at("Target");
    for (var odd : List.of("EcsParameters", "EventBridgeParameters", "KinesisParameters"))
      if (!target.at(odd).missing())
        throw target.at(odd).unexpected("none: local does not play it");
    var group = target.at("SqsParameters").at("MessageGroupId").optionalText().orElse("");
    if (target.at("Arn").text().endsWith(".fifo") && group.isEmpty())
      throw target.at("SqsParameters").unexpected("a MessageGroupId, as the queue is FIFO");
    var enabled = !properties.at("State").optionalText().orElse("ENABLED").equals("DISABLED");
    var role = target.at("RoleArn").text();
    iam.mayNotAssume("scheduler.amazonaws.com", role)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(
                  "The execution role you provide must allow AWS EventBridge Scheduler to assume"
                      + " the role "
                      + why);
            });
    return new Schedule(
        name,
        arn,
        target.at("Arn").text(),
        role,
        target.at("Input").optionalText(),
        group,
        target.at("DeadLetterConfig").at("Arn").optionalText(),
        rate(properties.at("ScheduleExpression")).filter(_ -> enabled));
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

  /**
   * The stack is complete: schedules run from now on. Earlier they would fire several times while
   * it is made, as making it is not paced.
   */
  public void start() {
    started = true;
    schedules.values().forEach(this::tick);
  }

  /** Fires it at its rate from now on, as the template has it by then. */
  private synchronized void tick(Schedule schedule) {
    still(schedule.name());
    if (!started || timer.isShutdown() || schedule.every().isEmpty()) return;
    var wait = pace.of(schedule.every().get()).toMillis();
    ticking.put(
        schedule.name(),
        timer.scheduleAtFixedRate(
            () -> Optional.ofNullable(schedules.get(schedule.name())).ifPresent(this::fire),
            wait,
            wait,
            TimeUnit.MILLISECONDS));
  }

  private synchronized void still(String name) {
    var before = ticking.remove(name);
    if (before != null) before.cancel(false);
  }

  /** From now on schedules fire only by {@link #fireNow}, for tests that count what happens. */
  public synchronized void onlyWhenTold() {
    timer.shutdownNow();
  }

  /** Names of all schedules. */
  public Set<String> names() {
    return new TreeSet<>(schedules.keySet());
  }

  /** The one schedule that has the word in its name. */
  public String named(String word) {
    var found = names().stream().filter(name -> name.contains(word)).toList();
    if (found.size() != 1)
      throw new IllegalArgumentException(
          "%d schedules have '%s' in their name, of %s".formatted(found.size(), word, names()));
    return found.getFirst();
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
    var at = next(schedule);
    targets.deliver(
        new Targets.Delivery(
            "schedule " + schedule.name(),
            schedule.arn(),
            schedule.targetArn(),
            schedule
                .input()
                .map(input -> filled(input, schedule, at))
                .orElseGet(() -> envelope(schedule, at)),
            schedule.group(),
            schedule.deadLetters()),
        permission -> iam.roleMayNot(schedule.roleArn(), permission));
  }

  /** No two at one second: what a schedule says of its time is what tells its messages apart. */
  private Instant next(Schedule schedule) {
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return last.merge(
        schedule.name(), now, (before, _) -> now.isAfter(before) ? now : before.plusSeconds(1));
  }

  /** The input with Scheduler's context attributes, of the first attempt: there is no second. */
  private static String filled(String input, Schedule schedule, Instant at) {
    return input
        .replace("<aws.scheduler.schedule-arn>", schedule.arn())
        .replace("<aws.scheduler.scheduled-time>", at.toString())
        .replace(
            "<aws.scheduler.execution-id>",
            UUID.randomUUID().toString().replace("-", "").substring(16))
        .replace("<aws.scheduler.attempt-number>", "1");
  }

  private static String envelope(Schedule schedule, Instant at) {
    var event = new LinkedHashMap<String, Object>();
    event.put("version", "0");
    event.put("id", UUID.randomUUID().toString());
    event.put("detail-type", "Scheduled Event");
    event.put("source", "aws.scheduler");
    event.put("account", Place.ACCOUNT);
    event.put("time", at.toString());
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
