package slipway.local.signals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.signals.Shape.Struct;

/** The operations that are played, with their place in HTTP and the shape of their request. */
enum Operation {
  CreateServiceLevelObjective("POST", "/slo", Model.CREATE),
  UpdateServiceLevelObjective("PATCH", "/slo/{Id}", Model.UPDATE),
  GetServiceLevelObjective("GET", "/slo/{Id}", Model.BY_ID),
  DeleteServiceLevelObjective("DELETE", "/slo/{Id}", Model.BY_ID),
  ListServiceLevelObjectives("POST", "/slos", Model.LIST),
  BatchGetServiceLevelObjectiveBudgetReport("POST", "/budget-report", Model.REPORTS),
  ListServices("GET", "/services", Model.SERVICES),
  GetService("POST", "/service", Model.SERVICE),
  ListServiceOperations("POST", "/service-operations", Model.OPERATIONS),
  StartDiscovery("POST", "/start-discovery", Struct.empty()),
  TagResource("POST", "/tag-resource", Model.TAG),
  UntagResource("POST", "/untag-resource", Model.UNTAG),
  ListTagsForResource("GET", "/tags", Model.TAGS_OF);

  private static final String ID = "{Id}";

  private final String method;
  private final String path;
  private final Struct request;

  Operation(String method, String path, Struct request) {
    this.method = method;
    this.path = path;
    this.request = request;
  }

  /** The operation with that method and path, if it is played. */
  static Optional<Operation> at(String method, String path) {
    return Arrays.stream(values())
        .filter(operation -> operation.method.equals(method) && operation.serves(path))
        .findFirst();
  }

  private boolean serves(String called) {
    if (!path.endsWith(ID)) return path.equals(called);
    var folder = path.substring(0, path.length() - ID.length());
    return called.startsWith(folder)
        && called.length() > folder.length()
        && !called.endsWith("/exclusion-windows");
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
    if (path.endsWith(ID)) members.put("Id", call.path().substring(path.length() - ID.length()));
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
