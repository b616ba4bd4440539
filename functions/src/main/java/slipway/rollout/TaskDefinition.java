package slipway.rollout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import slipway.config.ServiceName;
import slipway.json.Json;

/**
 * A task definition as ECS writes it, in ECS's own JSON members: what a newer ECS adds is carried
 * along, known here or not.
 *
 * @param tree members of RegisterTaskDefinition's request (tags included) and, if ECS described it,
 *     those that ECS adds; not to be changed
 */
record TaskDefinition(Map<String, Object> tree) {
  /** Tags that Slipway gives its revisions. */
  static final String FINGERPRINT = "slipway:fingerprint";

  static final String COMMIT = "slipway:commit";
  static final String SERVICE = "slipway:service";

  /** On a template that was read off an adopted service: what that ran. */
  static final String ADOPTED = "slipway:adopted";

  /** Tags that ECS takes on a task definition, of which AWS's own do not count. */
  static final int MOST_TAGS = 50;

  private static final Set<String> OWN = Set.of(FINGERPRINT, COMMIT, SERVICE);

  /** Answered by DescribeTaskDefinition and refused or ignored by RegisterTaskDefinition. */
  private static final Set<String> OUTPUT_ONLY =
      Set.of(
          "taskDefinitionArn",
          "revision",
          "status",
          "requiresAttributes",
          "compatibilities",
          "registeredAt",
          "registeredBy",
          "deregisteredAt",
          "deleteRequestedAt");

  TaskDefinition {
    tree = Collections.unmodifiableMap(new LinkedHashMap<>(tree));
  }

  /** Reads DescribeTaskDefinition's answer, where the tags stand beside the task definition. */
  static TaskDefinition described(Json answer) {
    var tree = new LinkedHashMap<String, Object>();
    answer.at("taskDefinition").members().forEach((name, value) -> tree.put(name, value.value()));
    if (tree.isEmpty()) throw answer.at("taskDefinition").unexpected("a task definition");
    if (!answer.at("tags").missing()) tree.put("tags", answer.at("tags").value());
    return new TaskDefinition(tree);
  }

  String arn() {
    return json().at("taskDefinitionArn").text();
  }

  String family() {
    return json().at("family").text();
  }

  Optional<String> tag(String key) {
    return json().at("tags").items().stream()
        .filter(tag -> tag.at("key").text().equals(key))
        .findFirst()
        .flatMap(tag -> tag.at("value").optionalText());
  }

  /** What its images must be made for. */
  Platform platform() {
    var platform = json().at("runtimePlatform");
    return Platform.ofTask(
        platform.at("operatingSystemFamily").optionalText().orElse(""),
        platform.at("cpuArchitecture").optionalText().orElse(""));
  }

  /** ARNs of the roles that its tasks run with, and are started with. */
  List<String> roles() {
    return Stream.of("taskRoleArn", "executionRoleArn")
        .flatMap(role -> json().at(role).optionalText().stream())
        .distinct()
        .toList();
  }

  /** Image by container. */
  Map<String, String> images() {
    var images = new LinkedHashMap<String, String>();
    for (var container : json().at("containerDefinitions").items())
      images.put(container.at("name").text(), container.at("image").text());
    return images;
  }

  /** What ECS knows of it, once it is registered. */
  Revision revision() {
    return new Revision(arn(), tag(FINGERPRINT), tag(COMMIT), images());
  }

  /**
   * The revision that this template asks for: everything as it is, but for the family, and the
   * images given by container. Images of other containers keep their tag: pinning one would need
   * access to its registry, and ECS resolves a tag once per deployment, so that tasks of one
   * deployment never mix two images.
   */
  TaskDefinition revisionOf(ServiceName service, Map<String, String> images) {
    var revision = new LinkedHashMap<>(tree);
    revision.keySet().removeAll(OUTPUT_ONLY);
    revision.put("family", service.family());
    var containers = new ArrayList<Object>();
    for (var container : json().at("containerDefinitions").items()) {
      var members = new LinkedHashMap<String, Object>();
      container.members().forEach((name, value) -> members.put(name, value.value()));
      var image = images.get(container.at("name").text());
      if (image != null) members.put("image", image);
      containers.add(members);
    }
    revision.put("containerDefinitions", containers);
    // Tags that begin with aws:, in whatever case, are AWS's own (CloudFormation sets some); nobody
    // else may set them.
    revision.put("tags", tagsBut(key -> isAws(key) || key.equals(ADOPTED)));
    return new TaskDefinition(revision);
  }

  /** The template that this, which an adopted service runs, is a revision of. */
  TaskDefinition templateOf(ServiceName service) {
    var template = new LinkedHashMap<>(tree);
    template.keySet().removeAll(OUTPUT_ONLY);
    template.put("family", service.templateFamily());
    template.put("tags", tagsBut(key -> isAws(key) || OWN.contains(key)));
    return new TaskDefinition(template).tagged(Map.of(ADOPTED, arn()));
  }

  private List<Object> tagsBut(Predicate<String> these) {
    var others = new ArrayList<Object>();
    for (var tag : tags()) if (!these.test(tag.at("key").text())) others.add(tag.value());
    return others;
  }

  private static boolean isAws(String key) {
    return key.toLowerCase(Locale.ROOT).startsWith("aws:");
  }

  /** SHA-256 of what would be registered, in hex, without Slipway's own tags. */
  String fingerprint() {
    var content = new LinkedHashMap<>(tree);
    content.keySet().removeAll(OUTPUT_ONLY);
    content.put(
        "tags",
        tags().stream()
            .filter(tag -> !tag.at("key").text().startsWith("slipway:"))
            .map(Json::value)
            .toList());
    return Canonical.fingerprint(content);
  }

  /** This one with further tags. */
  TaskDefinition tagged(Map<String, String> more) {
    var tags = new ArrayList<Object>();
    for (var tag : tags()) if (!more.containsKey(tag.at("key").text())) tags.add(tag.value());
    more.forEach((key, value) -> tags.add(Map.of("key", key, "value", value)));
    var tagged = new LinkedHashMap<>(tree);
    tagged.put("tags", tags);
    return new TaskDefinition(tagged);
  }

  /** How many tags it has too many for Slipway's to find room; 0 if they do. */
  int tagsTooMany() {
    var others =
        tags().stream().map(tag -> tag.at("key").text()).filter(key -> !OWN.contains(key)).count();
    return Math.max(0, Math.toIntExact(others) + OWN.size() - MOST_TAGS);
  }

  private List<Json> tags() {
    return json().at("tags").items();
  }

  private Json json() {
    return Json.of(tree);
  }
}
