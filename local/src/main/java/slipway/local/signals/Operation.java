package slipway.local.signals;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.Shape;
import slipway.local.cloud.Shape.Struct;

/** The operations that are played, with their place in HTTP and the shape of their request. */
enum Operation {
  CreateServiceLevelObjective("POST", "/slo", 5, Model.CREATE),
  UpdateServiceLevelObjective("PATCH", "/slo/{Id}", 5, Model.UPDATE),
  GetServiceLevelObjective("GET", "/slo/{Id}", 5, Model.BY_ID),
  DeleteServiceLevelObjective("DELETE", "/slo/{Id}", 5, Model.BY_ID),
  ListServiceLevelObjectiveExclusionWindows(
      "GET", "/slo/{Id}/exclusion-windows", 5, Model.WINDOWS_OF),
  BatchUpdateExclusionWindows("PATCH", "/exclusion-windows", 5, Model.UPDATE_WINDOWS),
  ListServiceLevelObjectives("POST", "/slos", 5, Model.LIST),
  BatchGetServiceLevelObjectiveBudgetReport("POST", "/budget-report", 10, Model.REPORTS),
  ListServices("GET", "/services", 10, Model.SERVICES),
  GetService("POST", "/service", 10, Model.SERVICE),
  ListServiceOperations("POST", "/service-operations", 10, Model.OPERATIONS),
  ListServiceDependencies("POST", "/service-dependencies", 10, Model.OPERATIONS),
  StartDiscovery("POST", "/start-discovery", 5, Struct.empty()),
  TagResource("POST", "/tag-resource", 5, Model.TAG),
  UntagResource("POST", "/untag-resource", 5, Model.UNTAG),
  ListTagsForResource("GET", "/tags", 5, Model.TAGS_OF);

  private final String method;
  private final Pattern path;
  private final int perSecond;
  private final Struct request;

  /**
   * @param perSecond requests that AWS allows by default. Source: quotas of Application Signals
   */
  Operation(String method, String path, int perSecond, Struct request) {
    this.method = method;
    this.path = Pattern.compile(Pattern.quote(path).replace("{Id}", "\\E(?<id>.+?)\\Q"));
    this.perSecond = perSecond;
    this.request = request;
  }

  int perSecond() {
    return perSecond;
  }

  /** The operation with that method and path, if it is played. */
  static Optional<Operation> at(String method, String path) {
    return Arrays.stream(values())
        .filter(operation -> operation.method.equals(method))
        .filter(operation -> operation.path.matcher(path).matches())
        // The path of an objective's windows is also that of an objective with an odd name.
        .max(Comparator.comparingInt(operation -> operation.path.pattern().length()));
  }

  /**
   * Body, query and path as one object, checked against the model.
   *
   * @throws AwsError ValidationException that names every member that is wrong
   */
  Json read(AwsCall call) {
    var members = new LinkedHashMap<String, Object>();
    try {
      call.json().members().forEach((name, json) -> members.put(name, json.value()));
    } catch (Malformed e) {
      throw invalid(e.getMessage());
    }
    call.query().forEach((name, values) -> members.put(name, typed(name, values)));
    if (request.members().containsKey("Id")) {
      var matcher = path.matcher(call.path());
      if (matcher.matches()) members.put("Id", matcher.group("id"));
    }
    var json = Json.of(members);
    var problems = Shape.problems(request, json);
    if (!problems.isEmpty())
      throw invalid(
          "%d validation error%s detected: %s"
              .formatted(
                  problems.size(), problems.size() == 1 ? "" : "s", String.join("; ", problems)));
    return json;
  }

  /** A query carries text only; the model says what is meant. */
  private Object typed(String name, List<String> values) {
    var text = values.getFirst();
    return switch (request.members().get(name)) {
      case Shape.Whole _ when text.matches("-?\\d{1,18}") -> Long.valueOf(text);
      case Shape.Flag _ when text.matches("true|false") -> Boolean.valueOf(text);
      case null, default -> text;
    };
  }

  static AwsError invalid(String message) {
    return new AwsError(400, "ValidationException", message);
  }

  /** The members of an object of texts, such as key attributes. */
  static Map<String, String> texts(Json object) {
    var texts = new java.util.TreeMap<String, String>();
    object.members().forEach((name, json) -> texts.put(name, json.text()));
    return texts;
  }
}
