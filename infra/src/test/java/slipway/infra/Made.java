package slipway.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import slipway.config.Config;
import slipway.json.Json;

/**
 * What the CDK makes of a configuration; intrinsic functions are written out as in {@link
 * Synthesized}.
 *
 * @param template of the stack
 */
record Made(Json template) {

  /**
   * A resource.
   *
   * @param properties beside {@code Type} and the like
   */
  record Resource(String id, Json all, Json properties) {
    String text(String... path) {
      return at(path).text();
    }

    Json at(String... path) {
      var at = properties;
      for (var step : path) at = at.at(step);
      return at;
    }

    /** Ids that it waits for although it does not refer to them. */
    List<String> dependsOn() {
      var dependsOn = all.at("DependsOn");
      return dependsOn.value() instanceof String one
          ? List.of(one)
          : dependsOn.items().stream().map(Json::text).toList();
    }
  }

  /** Of the text of a slipway.yaml. */
  static Made of(String yaml) {
    return of(config(yaml));
  }

  static Config config(String yaml) {
    return switch (ConfigFile.parse("slipway.yaml", yaml)) {
      case ConfigFile.Good(var config) -> config;
      case ConfigFile.Bad(var messages) -> throw new AssertionError(messages);
    };
  }

  static Made of(Config config) {
    try {
      var output = Files.createTempDirectory(Path.of("target"), "made-cdk.out");
      Synth.app(config, output, output.resolve("layer")).synth();
      return new Made(
          Json.of(
              Synthesized.resolve(
                  Json.parse(Files.readString(output.resolve(config.stack() + ".template.json")))
                      .value())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Resource> resources(String type) {
    return template.at("Resources").members().entrySet().stream()
        .filter(it -> it.getValue().at("Type").text().equals(type))
        .map(it -> new Resource(it.getKey(), it.getValue(), it.getValue().at("Properties")))
        .toList();
  }

  /** The only one of that type, and of those that are looked for. */
  Resource only(String type, Predicate<Resource> which) {
    var found = resources(type).stream().filter(which).toList();
    if (found.size() != 1) throw new AssertionError(found.size() + " of " + type + ": want one");
    return found.getFirst();
  }

  Resource only(String type) {
    return only(type, _ -> true);
  }

  /** Variables of a function. */
  Map<String, Json> variables(Class<?> handler) {
    return only("AWS::Lambda::Function", it -> it.text("Handler").equals(handler.getName()))
        .at("Environment", "Variables")
        .members();
  }

  String output(String key) {
    return template.at("Outputs").at(key).at("Value").text();
  }
}
