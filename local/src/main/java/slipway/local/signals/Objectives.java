package slipway.local.signals;

import static slipway.local.signals.Operation.invalid;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import slipway.json.Json;
import slipway.local.cloud.AwsError;

/** The objectives of the account, with their tags. Thread-safe. */
final class Objectives {
  private static final int TAG_QUOTA = 50;
  private static final int WINDOW_QUOTA = 10;

  /** Clocks differ a little, and a request takes its time. */
  private static final Duration PAST = Duration.ofMinutes(1);

  private final Measurements measurements;
  private final Clock clock;
  private final String arnPrefix;
  private final Limits limits;
  private final TreeMap<String, Objective> byName = new TreeMap<>();
  private final Map<String, Map<String, String>> tags = new TreeMap<>();

  /**
   * @param arnPrefix up to and with {@code slo/}
   */
  Objectives(Measurements measurements, Clock clock, String arnPrefix, Limits limits) {
    this.measurements = measurements;
    this.clock = clock;
    this.arnPrefix = arnPrefix;
    this.limits = limits;
  }

  /** The ARN of an objective given by name or ARN. */
  String arn(String id) {
    return id.startsWith("arn:") ? id : arnPrefix + id;
  }

  synchronized Objective create(Json request) {
    var name = request.at("Name").text();
    if (request.at("CreateRecommendedSlo").value() instanceof Boolean recommended && recommended)
      throw new AwsError(
          501,
          "NotPlayedException",
          "CreateRecommendedSlo is not played locally: give a threshold");
    var indicator = Declared.indicator(request, measurements);
    var goal = Declared.goal(request.at("Goal"), Goal.DEFAULT);
    var burnRates = Declared.burnRates(request.at("BurnRateConfigurations"), indicator, goal);
    if (byName.containsKey(name))
      throw new AwsError(
          409,
          "ConflictException",
          "A service level objective named '" + name + "' exists already");
    if (byName.size() >= limits.slos())
      throw quota(limits.slos() + " service level objectives in this Region");
    indicator.subject().service().ifPresent(this::admit);
    var now = clock.instant();
    var objective =
        new Objective(
            name,
            arnPrefix + name,
            request.at("Description").optionalText(),
            now,
            now,
            now,
            indicator,
            goal,
            burnRates,
            List.of());
    var tagged = tags(request.at("Tags"), new TreeMap<>());
    byName.put(name, objective);
    tags.put(objective.arn(), tagged);
    return objective;
  }

  private void admit(ServiceKey service) {
    var others =
        byName.values().stream()
            .filter(other -> other.indicator().subject().service().equals(Optional.of(service)))
            .count();
    if (others >= limits.slosPerService())
      throw quota(
          limits.slosPerService() + " service level objectives of service " + service.name());
  }

  synchronized Objective update(Json request) {
    var before = get(request.at("Id").text());
    var indicator = Declared.optionalIndicator(request, measurements).orElse(before.indicator());
    if (indicator.getClass() != before.indicator().getClass())
      throw invalid("The evaluation type of '" + before.name() + "' can not be changed");
    if (!indicator.measured().equals(before.indicator().measured()))
      throw invalid(
          "Service, operation, dependency and metric of '"
              + before.name()
              + "' can not be changed: delete it and create another");
    var goal = Declared.goal(request.at("Goal"), before.goal());
    var windows = request.at("BurnRateConfigurations");
    var now = clock.instant();
    var after =
        new Objective(
            before.name(),
            before.arn(),
            request.at("Description").optionalText().or(before::description),
            before.created(),
            now,
            // What was measured against another threshold or period says nothing any more.
            indicator.equals(before.indicator()) ? before.since() : now,
            indicator,
            goal,
            windows.missing() ? before.burnRates() : Declared.burnRates(windows, indicator, goal),
            before.windows());
    byName.put(after.name(), after);
    return after;
  }

  /** The objective by name or ARN. */
  synchronized Objective get(String id) {
    return find(id).orElseThrow(() -> missing(id));
  }

  synchronized Optional<Objective> find(String id) {
    var arn = arn(id);
    if (!arn.startsWith(arnPrefix)) return Optional.empty();
    return Optional.ofNullable(byName.get(arn.substring(arnPrefix.length())));
  }

  /** What became of a change of exclusion windows. */
  record Windows(List<String> done, List<Failure> failed) {
    record Failure(String id, String code, String message) {}
  }

  /** Removes and adds exclusion windows; an objective that cannot have it stays as it is. */
  synchronized Windows updateWindows(Json request) {
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var added =
        request.at("AddExclusionWindows").items().stream()
            .map(json -> upcoming(json, now))
            .toList();
    var removed =
        request.at("RemoveExclusionWindows").items().stream()
            .map(json -> Declared.window(json, now))
            .toList();
    if (added.isEmpty() && removed.isEmpty())
      throw invalid("AddExclusionWindows or RemoveExclusionWindows must be given");
    var done = new ArrayList<String>();
    var failed = new ArrayList<Windows.Failure>();
    for (var json : request.at("SloIds").items()) {
      var id = json.text();
      try {
        var before = get(id);
        var windows = new ArrayList<>(before.windows());
        for (var window : removed)
          if (!windows.remove(window))
            throw invalid("'" + before.name() + "' has no exclusion window that is exactly so");
        windows.addAll(added);
        if (windows.size() > WINDOW_QUOTA)
          throw invalid(
              "'%s' would have %d exclusion windows: want at most %d"
                  .formatted(before.name(), windows.size(), WINDOW_QUOTA));
        byName.put(before.name(), before.with(windows));
        done.add(id);
      } catch (AwsError e) {
        failed.add(new Windows.Failure(id, e.code(), e.getMessage()));
      }
    }
    return new Windows(done, failed);
  }

  private static ExclusionWindow upcoming(Json json, Instant now) {
    var window = Declared.window(json, now);
    if (window.start().isBefore(now.minus(PAST)))
      throw invalid(json.at("StartTime").place() + " is in the past");
    return window;
  }

  /** Deletes it if it is there. */
  synchronized void delete(String id) {
    find(id)
        .ifPresent(
            objective -> {
              byName.remove(objective.name());
              tags.remove(objective.arn());
            });
  }

  /** All, by name. */
  synchronized List<Objective> all() {
    return List.copyOf(byName.values());
  }

  synchronized void tag(Json request) {
    change(request, before -> tags(request.at("Tags"), before));
  }

  synchronized void untag(Json request) {
    change(
        request,
        before -> {
          request.at("TagKeys").items().forEach(key -> before.remove(key.text()));
          return before;
        });
  }

  synchronized List<Map<String, String>> tags(String arn) {
    return tags.get(get(arn).arn()).entrySet().stream()
        .map(
            tag -> {
              var tree = new LinkedHashMap<String, String>();
              tree.put("Key", tag.getKey());
              tree.put("Value", tag.getValue());
              return (Map<String, String>) tree;
            })
        .toList();
  }

  private void change(Json request, UnaryOperator<Map<String, String>> change) {
    var arn = get(request.at("ResourceArn").text()).arn();
    tags.put(arn, change.apply(new TreeMap<>(tags.get(arn))));
  }

  private static Map<String, String> tags(Json added, Map<String, String> tags) {
    added.items().forEach(tag -> tags.put(tag.at("Key").text(), tag.at("Value").text()));
    if (tags.size() > TAG_QUOTA) throw quota(TAG_QUOTA + " tags on a resource");
    return tags;
  }

  private static AwsError quota(String what) {
    return new AwsError(
        402, "ServiceQuotaExceededException", "The quota of " + what + " is used up");
  }

  private static AwsError missing(String id) {
    return new AwsError(
        404, "ResourceNotFoundException", "There is no service level objective '" + id + "'");
  }
}
