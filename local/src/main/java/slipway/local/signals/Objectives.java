package slipway.local.signals;

import static slipway.local.signals.Operation.invalid;

import java.time.Clock;
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
  private static final int QUOTA = 250;
  private static final int SERVICE_QUOTA = 100;
  private static final int TAG_QUOTA = 50;

  private final Measurements measurements;
  private final Clock clock;
  private final String arnPrefix;
  private final TreeMap<String, Objective> byName = new TreeMap<>();
  private final Map<String, Map<String, String>> tags = new TreeMap<>();

  /**
   * @param arnPrefix up to and with {@code slo/}
   */
  Objectives(Measurements measurements, Clock clock, String arnPrefix) {
    this.measurements = measurements;
    this.clock = clock;
    this.arnPrefix = arnPrefix;
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
    var service = indicator.target().service();
    var ofService =
        byName.values().stream()
            .filter(other -> other.indicator().target().service().equals(service))
            .count();
    if (byName.size() >= QUOTA) throw quota(QUOTA + " service level objectives in this Region");
    if (ofService >= SERVICE_QUOTA)
      throw quota(SERVICE_QUOTA + " service level objectives of service " + service.name());
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
            burnRates);
    var tagged = tags(request.at("Tags"), new TreeMap<>());
    byName.put(name, objective);
    tags.put(objective.arn(), tagged);
    return objective;
  }

  synchronized Objective update(Json request) {
    var before = get(request.at("Id").text());
    var indicator = Declared.optionalIndicator(request, measurements).orElse(before.indicator());
    if (indicator.getClass() != before.indicator().getClass())
      throw invalid("The evaluation type of '" + before.name() + "' can not be changed");
    if (!indicator.target().equals(before.indicator().target()))
      throw invalid(
          "Service, operation and metric of '"
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
            windows.missing() ? before.burnRates() : Declared.burnRates(windows, indicator, goal));
    byName.put(after.name(), after);
    return after;
  }

  /** The objective by name or ARN. */
  synchronized Objective get(String id) {
    return find(id).orElseThrow(() -> missing(id));
  }

  synchronized Optional<Objective> find(String id) {
    return byName.values().stream().filter(one -> one.arn().equals(arn(id))).findFirst();
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
