package slipway.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import slipway.json.Json;
import slipway.json.Malformed;

/** Configurations from their JSON. */
final class TestConfigs {
  static final String SMALLEST =
      """
      {"stack": "slipway", "repository": "example/dice",
       "services": {"dice": {"containers": {"app": {"build": "app", "port": 8080}}}}}
      """;

  private TestConfigs() {}

  static Config config(String json) {
    return Configs.fromJson(Json.parse(json));
  }

  /** What is wrong with it, a sentence each. */
  static List<String> problems(String json) {
    return catchThrowableOfType(ConfigProblems.class, () -> config(json)).problems().stream()
        .map(Malformed::getMessage)
        .toList();
  }
}
