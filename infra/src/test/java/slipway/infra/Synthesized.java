package slipway.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import slipway.json.Json;

/**
 * The template of src/test/resources/slipway.yaml, synthesized once for all tests because the CDK
 * takes its time. Intrinsic functions are written out: what a name refers to stands as {@code
 * ${Name}} or {@code ${Name.Attribute}}, pseudo parameters as in ap-northeast-1.
 */
final class Synthesized {
  private static final Map<String, String> PSEUDO =
      Map.of(
          "AWS::Partition", "aws",
          "AWS::Region", "ap-northeast-1",
          "AWS::AccountId", "123456789012",
          "AWS::URLSuffix", "amazonaws.com",
          "AWS::StackName", "slipway");
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z0-9]+)");
  private static final Synthesized ONCE = new Synthesized();

  /**
   * A resource.
   *
   * @param dependsOn logical ids that it waits for beside those that it refers to
   */
  record Resource(
      String id, String type, Json properties, List<String> dependsOn, String deletionPolicy) {

    /** The text at that path; fails if there is none. */
    String text(String... path) {
      return at(path).text();
    }

    /** Ids of the resources that it refers to or depends on. */
    Stream<String> waitsFor() {
      return Stream.concat(
              dependsOn.stream(),
              REFERENCE.matcher(String.valueOf(properties.value())).results().map(r -> r.group(1)))
          .filter(ONCE::has);
    }

    Json at(String... path) {
      var at = properties;
      for (var step : path) at = at.at(step);
      return at;
    }
  }

  private final Map<String, Object> template;
  private final List<Resource> resources = new ArrayList<>();

  private Synthesized() {
    try {
      var output = Files.createTempDirectory(Path.of("target"), "test-cdk.out");
      switch (ConfigFile.read(Path.of("src/test/resources/slipway.yaml"))) {
        case ConfigFile.Bad(var messages) -> throw new AssertionError(messages);
        case ConfigFile.Good(var config) ->
            Synth.app(config, output, output.resolve("layer")).synth();
      }
      template =
          object(
              resolve(
                  Json.parse(Files.readString(output.resolve("slipway.template.json"))).value()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    object(template.get("Resources"))
        .forEach(
            (id, resource) -> {
              var json = Json.of(resource);
              var dependsOn = json.at("DependsOn");
              resources.add(
                  new Resource(
                      id,
                      json.at("Type").text(),
                      json.at("Properties"),
                      dependsOn.value() instanceof String one
                          ? List.of(one)
                          : dependsOn.items().stream().map(Json::text).toList(),
                      json.at("DeletionPolicy").optionalText().orElse("Delete")));
            });
  }

  static Map<String, Object> template() {
    return ONCE.template;
  }

  static List<Resource> resources() {
    return List.copyOf(ONCE.resources);
  }

  static List<Resource> resources(String type) {
    return ONCE.resources.stream().filter(resource -> resource.type().equals(type)).toList();
  }

  static Resource only(String type) {
    return only(type, _ -> true);
  }

  static Resource only(String type, Predicate<Resource> which) {
    var found = resources(type).stream().filter(which).toList();
    if (found.size() != 1) throw new AssertionError(found.size() + " of " + type + ": want one");
    return found.getFirst();
  }

  /** The resource that {@code ${Name}} or {@code ${Name.Attribute}} refers to. */
  static Resource referredTo(String reference) {
    var id = reference.replaceAll("^\\$\\{([A-Za-z0-9]+).*", "$1");
    return ONCE.resources.stream()
        .filter(resource -> resource.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError(reference + " refers to nothing in the template"));
  }

  private boolean has(String id) {
    return resources.stream().anyMatch(resource -> resource.id().equals(id));
  }

  /** With intrinsic functions written out. */
  static Object resolve(Object value) {
    return switch (value) {
      case Map<?, ?> map when map.size() == 1 && intrinsic(map) -> intrinsicValue(map);
      case Map<?, ?> map -> {
        var resolved = new LinkedHashMap<String, Object>();
        map.forEach((key, member) -> resolved.put((String) key, resolve(member)));
        yield resolved;
      }
      case List<?> list -> list.stream().map(Synthesized::resolve).toList();
      default -> value;
    };
  }

  /** The properties of a task definition in the members of ECS's own API. */
  static Json registered(Json properties) {
    return Json.of(uncapitalized(properties.value()));
  }

  private static Object uncapitalized(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var renamed = new LinkedHashMap<String, Object>();
        map.forEach(
            (key, member) -> {
              var name = (String) key;
              renamed.put(
                  Character.toLowerCase(name.charAt(0)) + name.substring(1), uncapitalized(member));
            });
        yield renamed;
      }
      case List<?> list -> list.stream().map(Synthesized::uncapitalized).toList();
      default -> value;
    };
  }

  private static boolean intrinsic(Map<?, ?> map) {
    var key = (String) map.keySet().iterator().next();
    return key.equals("Ref") || key.startsWith("Fn::");
  }

  private static Object intrinsicValue(Map<?, ?> map) {
    var function = (String) map.keySet().iterator().next();
    var argument = resolve(map.values().iterator().next());
    return switch (function) {
      case "Ref" -> PSEUDO.getOrDefault((String) argument, "${" + argument + "}");
      case "Fn::GetAtt" -> "${" + String.join(".", texts(argument)) + "}";
      case "Fn::Sub" -> {
        var text = (String) argument;
        for (var pseudo : PSEUDO.entrySet())
          text = text.replace("${" + pseudo.getKey() + "}", pseudo.getValue());
        yield text;
      }
      case "Fn::Join" -> {
        var list = (List<?>) argument;
        yield String.join((String) list.getFirst(), texts(list.get(1)));
      }
      case "Fn::Split" -> {
        var list = (List<?>) argument;
        yield List.of(arn((String) list.get(1)).split((String) list.getFirst()));
      }
      case "Fn::Select" -> {
        var list = (List<?>) argument;
        yield ((List<?>) list.get(1)).get(Integer.parseInt(list.getFirst().toString()));
      }
      case "Fn::GetAZs" -> List.of("ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d");
      default -> Map.of(function, argument);
    };
  }

  /** Something with the parts of an alias's ARN, for those who take ARNs apart. */
  private static String arn(String reference) {
    return reference.startsWith("${")
        ? "arn:aws:service:ap-northeast-1:123456789012:type:" + reference + ":live"
        : reference;
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }

  private static Map<String, Object> object(Object value) {
    var object = new LinkedHashMap<String, Object>();
    ((Map<?, ?>) value).forEach((key, member) -> object.put((String) key, member));
    return object;
  }
}
