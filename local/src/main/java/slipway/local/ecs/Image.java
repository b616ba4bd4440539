package slipway.local.ecs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import slipway.json.Json;

/**
 * A pulled image.
 *
 * @param digest of what was asked for: an index or a manifest
 * @param config the image configuration
 * @param files its layers, unpacked; the layers of its base image are not among them
 */
record Image(String digest, Json config, Path files) {

  String architecture() {
    return config.at("architecture").text();
  }

  List<String> entrypoint() {
    return texts("Entrypoint");
  }

  List<String> command() {
    return texts("Cmd");
  }

  String workingDirectory() {
    return config.at("config").at("WorkingDir").optionalText().orElse("/");
  }

  Map<String, String> environment() {
    var environment = new LinkedHashMap<String, String>();
    for (var variable : texts("Env")) {
      var equals = variable.indexOf('=');
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return environment;
  }

  /** The host's path of a path in the image. */
  Path inside(String path) {
    return files.resolve(path.replaceFirst("^/+", "")).normalize();
  }

  private List<String> texts(String member) {
    return config.at("config").at(member).items().stream().map(Json::text).toList();
  }
}
