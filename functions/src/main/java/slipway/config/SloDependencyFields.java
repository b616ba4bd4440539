package slipway.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import slipway.json.Json;

/** Reads and writes what a service calls, if an SLO is about that. */
final class SloDependencyFields {
  /** Keys, each with the key attribute that it becomes. */
  private static final Map<String, String> ATTRIBUTES =
      Map.of(
          "type", "Type",
          "name", "Name",
          "environment", "Environment",
          "resourceType", "ResourceType",
          "identifier", "Identifier");

  private static final Set<String> KEYS =
      Set.of("type", "name", "environment", "resourceType", "identifier", "operation");
  private static final String SERVICE = "Service";

  /** Source: Application Signals' API reference, KeyAttributes: the other types are resources. */
  private static final Set<String> SERVICES = Set.of(SERVICE, "RemoteService", "AWS::Service");

  private static final Pattern TYPE =
      Pattern.compile("Service|RemoteService|AWS::Service|Resource|AWS::Resource");
  private static final Pattern OPERATION = Pattern.compile("(?=.{1,255}$)[ -~]*[!-~][ -~]*");

  private SloDependencyFields() {}

  static Optional<SloDependency> read(Json json, Fields fields) {
    if (json.missing()) return Optional.empty();
    int before = fields.problems().size();
    fields.known(json, KEYS);
    if (!(json.value() instanceof Map)) return Optional.empty();
    var attributes = new TreeMap<String, String>();
    var type =
        fields.readOr(
            json.at("type"),
            SERVICE,
            Fields.text(
                TYPE, "one of Service, RemoteService, AWS::Service, Resource, AWS::Resource"));
    attributes.put("Type", type);
    var text = Fields.text(SloDependency.VALUE, "text of 1 to 1024 plain characters");
    var service = SERVICES.contains(type);
    for (var key : service ? Set.of("name") : Set.of("resourceType", "identifier"))
      attributes.put(ATTRIBUTES.get(key), fields.read(json.at(key), "?", text));
    for (var key : service ? Set.of("resourceType", "identifier") : Set.of("name"))
      SloFields.refuse(json, key, "the type is " + type, fields);
    (type.equals(SERVICE)
            ? Optional.of(fields.read(json.at("environment"), "?", text))
            : fields.find(json.at("environment"), text))
        .ifPresent(environment -> attributes.put("Environment", environment));
    var operation =
        fields.read(
            json.at("operation"),
            "?",
            Fields.text(
                OPERATION, "what is called there, such as GET /cards, in 1 to 255 characters"));
    return fields.problems().size() > before
        ? Optional.empty()
        : fields.make(json, () -> new SloDependency(attributes, operation));
  }

  static Map<String, Object> tree(SloDependency dependency) {
    var tree = new LinkedHashMap<String, Object>();
    new TreeMap<>(ATTRIBUTES)
        .forEach(
            (key, attribute) -> {
              var value = dependency.attributes().get(attribute);
              if (value != null) tree.put(key, value);
            });
    tree.put("operation", dependency.operation());
    return tree;
  }
}
