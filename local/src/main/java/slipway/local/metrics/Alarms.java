package slipway.local.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import slipway.local.ecs.AlarmWatch;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/**
 * CloudWatch's alarms. Each is evaluated once for every minute of AWS, soon after it is over: by
 * the clock, or earlier if somebody looks.
 */
public final class Alarms implements AlarmWatch, Provisioner, AutoCloseable {
  /** What was measured in a minute may arrive a little after it. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private final String stack;
  private final MetricStore store;
  private final Clock clock;
  private final Consumer<Told> news;
  private final Map<String, Live> live = new TreeMap<>();
  private final List<Change> changes = new CopyOnWriteArrayList<>();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("alarms").factory());

  /** Names are the API's. */
  public enum State {
    OK,
    ALARM,
    INSUFFICIENT_DATA
  }

  /** A state that an alarm went into. */
  public record Change(Instant at, String alarm, State from, State to, String reason) {}

  /** A state and when and why it is. */
  record Condition(State state, String reason, String reasonData, Instant updated, Instant since) {}

  /** What is to be told of a change. */
  record Told(Alarm alarm, Condition before, Condition after) {}

  private static final class Live {
    final Alarm alarm;
    final Instant configured;
    Condition condition;
    long evaluated = Long.MIN_VALUE;

    /** The minute in which somebody set its state, which holds until the next. */
    long set = Long.MIN_VALUE;

    Live(Alarm alarm, Instant now) {
      this.alarm = alarm;
      this.configured = now;
      this.condition =
          new Condition(State.INSUFFICIENT_DATA, "Unchecked: Initial alarm creation", "", now, now);
    }
  }

  /**
   * @param news told of each change, one after the other
   */
  Alarms(String stack, MetricStore store, Clock clock, Consumer<Told> news) {
    this.stack = stack;
    this.store = store;
    this.clock = clock;
    this.news = news;
  }

  /**
   * @param outlets where changes are told
   */
  public static Alarms of(String stack, MetricStore store, AlarmOutlets outlets) {
    return new Alarms(stack, store, Clock.systemUTC(), outlets::tell);
  }

  /**
   * From now on looks every minute of AWS.
   *
   * @param sampled run before each look, for metrics that somebody has to read off
   */
  public void start(Runnable sampled) {
    var minute = store.minutes().paced(Duration.ofMinutes(1)).toNanos();
    var late = Math.min(LATE.toNanos(), minute / 4);
    var now = clock.instant();
    var next = store.minutes().start(store.minutes().index(now) + 1);
    timer.scheduleAtFixedRate(
        () -> {
          sampled.run();
          look(true);
        },
        Duration.between(now, next).toNanos() + late,
        Math.max(1, minute),
        TimeUnit.NANOSECONDS);
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::CloudWatch::Alarm");
  }

  @Override
  public Made make(Resource resource) {
    var alarm = declared(resource);
    put(alarm);
    return new Made(alarm.name(), Map.of("Arn", alarm.arn()));
  }

  /** PutMetricAlarm: what is declared changes, and the state stays until the next evaluation. */
  @Override
  public synchronized Made update(slipway.local.stack.Change change) {
    var alarm = declared(change.after());
    var changed = new Live(alarm, clock.instant());
    changed.condition = live.get(change.made().ref()).condition;
    live.put(change.made().ref(), changed);
    return change.made();
  }

  @Override
  public synchronized void delete(Resource resource, Made made) {
    live.remove(made.ref());
  }

  @Override
  public synchronized List<String> existing() {
    return live.values().stream().map(one -> one.alarm.arn()).toList();
  }

  private Alarm declared(Resource resource) {
    var properties = resource.properties();
    return Alarm.of(
        properties.at("AlarmName").optionalText().orElse(resource.generatedName(stack)),
        properties);
  }

  synchronized void put(Alarm alarm) {
    if (live.putIfAbsent(alarm.name(), new Live(alarm, clock.instant())) != null)
      throw new IllegalArgumentException("alarm '" + alarm.name() + "' exists already");
  }

  /** The alarm's state now. */
  public State state(String name) {
    look();
    return condition(name)
        .map(Condition::state)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no alarm '%s', but %s".formatted(name, names())));
  }

  /** Names of all alarms. */
  public synchronized Set<String> names() {
    return Set.copyOf(live.keySet());
  }

  /** Every change so far, oldest first. */
  public List<Change> changes() {
    return List.copyOf(changes);
  }

  /** Tells the listener of every further change. */
  public void listen(Consumer<Change> listener) {
    listeners.add(listener);
  }

  @Override
  public boolean known(String name) {
    return condition(name).isPresent();
  }

  /** As it was last evaluated: who asks may hold a lock that those who are told wait for. */
  @Override
  public boolean inAlarm(String name) {
    return condition(name).map(Condition::state).filter(State.ALARM::equals).isPresent();
  }

  @Override
  public synchronized Duration span(String name) {
    var found = live.get(name);
    return found == null ? Duration.ZERO : found.alarm.span();
  }

  synchronized Optional<Condition> condition(String name) {
    return Optional.ofNullable(live.get(name)).map(found -> found.condition);
  }

  /** Evaluates what was not yet evaluated for the minute that is just over. */
  public void look() {
    look(false);
  }

  private void look(boolean again) {
    var told = new ArrayList<Told>();
    synchronized (this) {
      var now = clock.instant();
      var minute = store.minutes().index(now);
      for (var each : live.values()) {
        if (each.set == minute || each.evaluated == minute && !again) continue;
        each.evaluated = minute;
        var finding = each.alarm.evaluate(store, minute);
        finding
            .state()
            .filter(state -> state != each.condition.state())
            .ifPresent(
                state ->
                    told.add(
                        changed(
                            each, state, finding.reason(), AlarmNews.data(each.alarm, finding))));
      }
    }
    told.forEach(this::tell);
  }

  /**
   * Sets a state until the next evaluation.
   *
   * @return false if there is no such alarm
   */
  boolean set(String name, State state, String reason, String data) {
    Told told;
    synchronized (this) {
      var found = live.get(name);
      if (found == null) return false;
      found.set = store.minutes().index(clock.instant());
      if (found.condition.state() == state) return true;
      told = changed(found, state, reason, data);
    }
    tell(told);
    return true;
  }

  private Told changed(Live each, State state, String reason, String data) {
    var now = clock.instant();
    var before = each.condition;
    each.condition = new Condition(state, reason, data, now, now);
    return new Told(each.alarm, before, each.condition);
  }

  private void tell(Told told) {
    var change =
        new Change(
            told.after().updated(),
            told.alarm().name(),
            told.before().state(),
            told.after().state(),
            told.after().reason());
    changes.add(change);
    news.accept(told);
    listeners.forEach(listener -> listener.accept(change));
  }

  /** As DescribeAlarms has them, by name. */
  synchronized List<Map<String, Object>> describe() {
    var trees = new ArrayList<Map<String, Object>>();
    for (var each : live.values()) {
      var tree = new LinkedHashMap<>(each.alarm.describe());
      tree.put("AlarmConfigurationUpdatedTimestamp", each.configured);
      tree.put("StateValue", each.condition.state().name());
      tree.put("StateReason", each.condition.reason());
      if (!each.condition.reasonData().isEmpty())
        tree.put("StateReasonData", each.condition.reasonData());
      tree.put("StateUpdatedTimestamp", each.condition.updated());
      tree.put("StateTransitionedTimestamp", each.condition.since());
      trees.add(tree);
    }
    return trees;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
