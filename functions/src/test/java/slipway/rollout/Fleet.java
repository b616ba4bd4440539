package slipway.rollout;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.ServiceName;
import slipway.json.Json;

/** The services of the simulation: what they are configured to be, their templates and images. */
final class Fleet {
  static final List<ServiceName> SERVICES =
      List.of(new ServiceName("dice"), new ServiceName("cards"), new ServiceName("coins"));

  /** The containers that are built, the front first. */
  static final List<String> CONTAINERS = List.of("app", "adot");

  static final Config CONFIG =
      Configs.fromJson(
          Json.parse(
              """
              {"stack": "slipway", "repository": "example/games", "deployTag": "live",
               "budgets": {"onExhausted": "freeze"},
               "services": {"dice": %1$s}, "cards": %1$s}, "coins": %1$s, "onExhausted": "report"}}}
              """
                  .formatted(
                      """
                      {"containers": {"app": {"build": "app", "port": 8080},
                                      "adot": {"build": "adot"}},
                       "slos": [{"operation": "GET /", "availability": 99},
                                {"operation": "GET /", "latency": {"p99": "300ms"}}]
                      """)));

  private static final String REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";
  private static final String VERSION = "version";
  private static final Platform ARM = new Platform("linux", "arm64");
  private static final Platform INTEL = new Platform("linux", "amd64");

  private Fleet() {}

  /**
   * A service's template, as CDK writes it; its version is a tag, so that it makes a difference.
   */
  static TaskDefinition template(ServiceName service, int version) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("family", service.templateFamily());
    tree.put("networkMode", "awsvpc");
    tree.put("runtimePlatform", Map.of("cpuArchitecture", "ARM64"));
    tree.put(
        "containerDefinitions",
        CONTAINERS.stream()
            .map(name -> Map.of("name", name, "image", REGISTRY + "/" + repository(service, name)))
            .toList());
    tree.put("tags", List.of(Map.of("key", VERSION, "value", "" + version)));
    return new TaskDefinition(tree);
  }

  static int version(TaskDefinition definition) {
    return Integer.parseInt(definition.tag(VERSION).orElseThrow());
  }

  static String repository(ServiceName service, String container) {
    return "slipway/" + service + "/" + container;
  }

  /** An image as a build makes it; its digest tells its commit. */
  static Image image(
      String repository, int commit, Instant pushed, boolean rightPlatform, boolean override) {
    return new Image(
        REGISTRY,
        repository,
        "sha256:" + "%08x".formatted(commit).repeat(8),
        Set.of(rightPlatform ? ARM : INTEL),
        new Origin(Optional.of(sha(commit)), Optional.of("ann"), Optional.of(pushed), override));
  }

  /** The commit that a pinned image was built from. */
  static int commit(String pinned) {
    return Integer.parseInt(pinned.substring(pinned.length() - 7), 16);
  }

  static String sha(int commit) {
    return "%08x".formatted(commit).repeat(5);
  }

  /** The commit of that id. */
  static int number(String sha) {
    return Integer.parseInt(sha.substring(sha.length() - 7), 16);
  }
}
