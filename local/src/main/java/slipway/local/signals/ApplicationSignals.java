package slipway.local.signals;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import slipway.json.Json;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/**
 * CloudWatch Application Signals: services, operations and service level objectives on what was
 * really measured.
 */
public final class ApplicationSignals implements AwsService, Provisioner {
  private static final String SERVICE_PRINCIPAL = "application-signals.cloudwatch.amazonaws.com";

  private final Measurements measurements;
  private final Objectives objectives;
  private final Reckoning reckoning;
  private final Rates rates;
  private final String roleArn;
  private final AtomicBoolean discovery = new AtomicBoolean();

  /**
   * @param measurements that the sidecars fill
   * @param region such as {@code ap-northeast-1}
   * @param account of 12 digits
   */
  public ApplicationSignals(
      Measurements measurements, Clock clock, String region, String account, Limits limits) {
    this.measurements = measurements;
    var arnPrefix = "arn:aws:application-signals:" + region + ":" + account + ":slo/";
    this.roleArn =
        "arn:aws:iam::%s:role/aws-service-role/%s/AWSServiceRoleForCloudWatchApplicationSignals"
            .formatted(account, SERVICE_PRINCIPAL);
    this.objectives = new Objectives(measurements, clock, arnPrefix, limits);
    this.reckoning = new Reckoning(measurements, limits.longestInterval());
    this.rates = new Rates(clock, limits.rates());
    measurements.store().compute(SloMetrics.NAMESPACE, new SloMetrics(objectives, reckoning));
  }

  @Override
  public String name() {
    return "application-signals";
  }

  @Override
  public String operation(String method, String path, AwsCall raw) {
    return Operation.at(method, path).map(Operation::name).orElse(method + " " + path);
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    var operation = played(call);
    var request = operation.read(call);
    var action = "application-signals:" + operation;
    return switch (operation) {
      case CreateServiceLevelObjective -> {
        var arn = objectives.arn(request.at("Name").text());
        var needed = new ArrayList<Permission>();
        needed.add(new Permission(action, arn));
        if (!request.at("Tags").items().isEmpty())
          needed.add(new Permission("application-signals:TagResource", arn));
        needed.addAll(role());
        yield List.copyOf(needed);
      }
      case StartDiscovery -> {
        var needed = new ArrayList<>(role());
        needed.addFirst(new Permission(action, "*"));
        yield List.copyOf(needed);
      }
      case UpdateServiceLevelObjective,
          GetServiceLevelObjective,
          DeleteServiceLevelObjective,
          ListServiceLevelObjectiveExclusionWindows ->
          List.of(new Permission(action, objectives.arn(request.at("Id").text())));
      case BatchGetServiceLevelObjectiveBudgetReport, BatchUpdateExclusionWindows ->
          request.at("SloIds").items().stream()
              .map(id -> new Permission(action, objectives.arn(id.text())))
              .toList();
      case TagResource, UntagResource, ListTagsForResource ->
          List.of(new Permission(action, request.at("ResourceArn").text()));
      case ListServiceLevelObjectives,
          ListServices,
          GetService,
          ListServiceOperations,
          ListServiceDependencies ->
          List.of(new Permission(action, "*"));
    };
  }

  /** The first objective of an account, and discovery, make the service-linked role. */
  private List<Permission> role() {
    if (discovery.get()) return List.of();
    return List.of(
        new Permission(
            "iam:CreateServiceLinkedRole",
            roleArn,
            Map.of("iam:AWSServiceName", SERVICE_PRINCIPAL)));
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    var operation = played(call);
    rates.take(operation);
    var request = operation.read(call);
    return json(
        switch (operation) {
          case CreateServiceLevelObjective -> {
            var created = objectives.create(request);
            discovery.set(true);
            yield Map.of("Slo", Trees.objective(created, measurements));
          }
          case UpdateServiceLevelObjective ->
              Map.of("Slo", Trees.objective(objectives.update(request), measurements));
          case GetServiceLevelObjective ->
              Map.of("Slo", Trees.objective(objectives.get(request.at("Id").text()), measurements));
          case DeleteServiceLevelObjective -> {
            objectives.delete(request.at("Id").text());
            yield Map.of();
          }
          case ListServiceLevelObjectives -> list(request);
          case BatchGetServiceLevelObjectiveBudgetReport -> reports(request);
          case ListServices ->
              ranged(
                  request,
                  Page.of(
                      request,
                      "ServiceSummaries",
                      measurements.services(from(request), to(request)),
                      Trees::service));
          case GetService -> {
            var answer = new LinkedHashMap<String, Object>();
            answer.put("Service", Trees.service(Declared.service(request.at("KeyAttributes"))));
            yield ranged(request, answer);
          }
          case ListServiceOperations -> {
            var service = Declared.service(request.at("KeyAttributes"));
            yield ranged(
                request,
                Page.of(
                    request,
                    "ServiceOperations",
                    measurements.operations(service, from(request), to(request)),
                    name -> Trees.operation(service, name)));
          }
          case ListServiceDependencies -> {
            var service = Declared.service(request.at("KeyAttributes"));
            yield ranged(
                request,
                Page.of(
                    request,
                    "ServiceDependencies",
                    measurements.dependencies(service, from(request), to(request)),
                    one -> Trees.dependency(service, one)));
          }
          case BatchUpdateExclusionWindows -> {
            var windows = objectives.updateWindows(request);
            yield Map.of(
                "SloIds",
                windows.done(),
                "Errors",
                windows.failed().stream()
                    .map(
                        failure ->
                            Map.of(
                                "SloId",
                                failure.id(),
                                "ErrorCode",
                                failure.code(),
                                "ErrorMessage",
                                failure.message()))
                    .toList());
          }
          case ListServiceLevelObjectiveExclusionWindows ->
              Page.of(
                  request,
                  "ExclusionWindows",
                  objectives.get(request.at("Id").text()).windows(),
                  Trees::window);
          case StartDiscovery -> {
            discovery.set(true);
            yield Map.of();
          }
          case TagResource -> {
            objectives.tag(request);
            yield Map.of();
          }
          case UntagResource -> {
            objectives.untag(request);
            yield Map.of();
          }
          case ListTagsForResource ->
              Map.of("Tags", objectives.tags(request.at("ResourceArn").text()));
        });
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::ApplicationSignals::Discovery");
  }

  @Override
  public Made make(Resource resource) {
    discovery.set(true);
    return new Made(resource.id(), Map.of());
  }

  /** What was discovered stays, and so does the role. */
  @Override
  public void delete(Resource resource, Made made) {}

  @Override
  public List<String> existing() {
    return objectives.all().stream().map(one -> objectives.arn(one.name())).toList();
  }

  private Map<String, Object> list(Json request) {
    var wanted = new LinkedHashMap<String, Object>();
    for (var member : List.of("OperationName", "DependencyConfig", "MetricSource"))
      if (!request.at(member).missing()) wanted.put(member, request.at(member).value());
    var attributes = Operation.texts(request.at("KeyAttributes"));
    var types = request.at("MetricSourceTypes").items().stream().map(Json::text).toList();
    var found =
        objectives.all().stream()
            .filter(
                one -> types.isEmpty() || types.contains(one.indicator().subject().sourceType()))
            .filter(
                one ->
                    wanted.isEmpty() && attributes.isEmpty()
                        || matches(one.indicator().subject().tree(), wanted, attributes))
            .toList();
    return Page.of(request, "SloSummaries", found, Trees::summary);
  }

  private static boolean matches(
      Map<String, Object> tree, Map<String, Object> wanted, Map<String, String> attributes) {
    return wanted.entrySet().stream()
            .allMatch(entry -> entry.getValue().equals(tree.get(entry.getKey())))
        && (attributes.isEmpty()
            || tree.get("KeyAttributes") instanceof Map<?, ?> known
                && known.entrySet().containsAll(attributes.entrySet()));
  }

  private Map<String, Object> reports(Json request) {
    var at = Declared.time(request.at("Timestamp"));
    var reports = new ArrayList<Map<String, Object>>();
    var errors = new ArrayList<Map<String, Object>>();
    for (var json : request.at("SloIds").items()) {
      var id = json.text();
      objectives
          .find(id)
          .ifPresentOrElse(
              one -> reports.add(Trees.report(one, reckoning.budget(one, at), measurements)),
              () -> errors.add(unknown(id)));
    }
    return Map.of("Timestamp", Trees.time(at), "Reports", reports, "Errors", errors);
  }

  private Map<String, Object> unknown(String id) {
    var arn = objectives.arn(id);
    return Map.of(
        "Name",
        arn.substring(arn.indexOf("slo/") + "slo/".length()),
        "Arn",
        arn,
        "ErrorCode",
        "ResourceNotFoundException",
        "ErrorMessage",
        "There is no service level objective '" + id + "'");
  }

  /** Application Signals looks at whole hours. */
  private static Instant from(Json request) {
    return Declared.time(request.at("StartTime")).truncatedTo(ChronoUnit.HOURS);
  }

  private static Instant to(Json request) {
    var end = Declared.time(request.at("EndTime"));
    var hour = end.truncatedTo(ChronoUnit.HOURS);
    return hour.equals(end) ? end : hour.plus(Duration.ofHours(1));
  }

  private static Map<String, Object> ranged(Json request, Map<String, Object> answer) {
    if (from(request).isAfter(to(request))) throw Operation.invalid("StartTime is after EndTime");
    answer.put("StartTime", Trees.time(from(request)));
    answer.put("EndTime", Trees.time(to(request)));
    return answer;
  }

  private static Operation played(AwsCall call) {
    return Operation.at(call.method(), call.path())
        .orElseThrow(
            () ->
                new AwsError(
                    501,
                    "NotPlayedException",
                    "application-signals: %s %s is not played locally"
                        .formatted(call.method(), call.path())));
  }

  private static AwsAnswer json(Object tree) {
    return new AwsAnswer(
        200,
        Map.of("Content-Type", "application/json"),
        Json.write(tree).getBytes(StandardCharsets.UTF_8));
  }

  /** One page of a list; the token is where the next one starts. */
  private static final class Page {
    private Page() {}

    static <T> Map<String, Object> of(
        Json request, String member, List<T> all, Function<T, Map<String, Object>> tree) {
      var size =
          request.at("MaxResults").missing()
              ? 50
              : request.at("MaxResults").integer(1, Integer.MAX_VALUE);
      var start = request.at("NextToken").optionalText().map(Page::start).orElse(0);
      var end = Math.min(all.size(), start + size);
      var page = new LinkedHashMap<String, Object>();
      page.put(
          member,
          start >= all.size() ? List.of() : all.subList(start, end).stream().map(tree).toList());
      if (end < all.size()) page.put("NextToken", "from-" + end);
      return page;
    }

    private static int start(String token) {
      if (!token.matches("from-\\d{1,6}"))
        throw Operation.invalid("NextToken '" + token + "' is not one of this service's");
      return Integer.parseInt(token.substring("from-".length()));
    }
  }
}
