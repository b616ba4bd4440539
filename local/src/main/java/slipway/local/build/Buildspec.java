package slipway.local.build;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * A buildspec, version 0.2.
 *
 * @param variables of {@code env.variables}; those of the project and of StartBuild go before them
 * @param phases by name, such as {@code pre_build}; one that is not there does nothing
 */
record Buildspec(Map<String, String> variables, Map<String, Phase> phases) {
  static final List<String> PHASES = List.of("install", "pre_build", "build", "post_build");

  /**
   * A phase.
   *
   * @param abort whether a failure ends the build: what {@code on-failure} says
   * @param last commands that run even if one of the others failed
   */
  record Phase(List<String> commands, List<String> last, boolean abort) {}

  /** {@link IllegalArgumentException} that says what is wrong with it. */
  static Buildspec parse(String yaml) {
    try {
      var json = Json.of(new Load(LoadSettings.builder().build()).loadFromString(yaml));
      if (!String.valueOf(json.at("version").value()).equals("0.2"))
        throw json.at("version").unexpected("0.2");
      var shell = json.at("env").at("shell").optionalText().orElse("bash");
      if (!shell.equals("bash")) throw json.at("env").at("shell").unexpected("bash");
      var variables = new LinkedHashMap<String, String>();
      json.at("env")
          .at("variables")
          .members()
          .forEach((name, value) -> variables.put(name, String.valueOf(value.value())));
      var phases = new LinkedHashMap<String, Phase>();
      for (var entry : json.at("phases").members().entrySet()) {
        if (!PHASES.contains(entry.getKey()))
          throw entry.getValue().unexpected("one of the phases " + PHASES);
        phases.put(entry.getKey(), phase(entry.getKey(), entry.getValue()));
      }
      return new Buildspec(variables, phases);
    } catch (YamlEngineException | Malformed e) {
      throw new IllegalArgumentException("YAML_FILE_ERROR: " + e.getMessage(), e);
    }
  }

  private static Phase phase(String name, Json json) {
    // Without a word, CodeBuild goes on to POST_BUILD after a failed BUILD only.
    var onFailure =
        json.at("on-failure").optionalText().orElse(name.equals("build") ? "CONTINUE" : "ABORT");
    return new Phase(
        texts(json.at("commands")), texts(json.at("finally")), onFailure.equals("ABORT"));
  }

  private static List<String> texts(Json list) {
    return list.items().stream().map(Json::text).toList();
  }

  Phase phase(String name) {
    return phases.getOrDefault(name, new Phase(List.of(), List.of(), true));
  }
}
