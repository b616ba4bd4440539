package slipway.rollout;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import slipway.json.Json;

/**
 * The one way to write a task definition, however ECS answered it: members in order of their names,
 * empties and ECS's defaults left out, lists without an order sorted. Source of defaults and of
 * what ECS reorders: Amazon ECS API reference, and what DescribeTaskDefinition answers.
 *
 * <p>Rules go by path, so that a free-form map, such as a container's Docker labels, is taken as it
 * is.
 */
final class Canonical {
  private static final String CONTAINER = "containerDefinitions.";

  /** Lists whose order means nothing, with the member that orders them; empty: scalars. */
  private static final Map<String, String> UNORDERED =
      Map.ofEntries(
          Map.entry("containerDefinitions", "name"),
          Map.entry("requiresCompatibilities", ""),
          Map.entry("tags", "key"),
          Map.entry("volumes", "name"),
          Map.entry("inferenceAccelerators", "deviceName"),
          Map.entry("proxyConfiguration.properties", "name"),
          Map.entry(CONTAINER + "environment", "name"),
          Map.entry(CONTAINER + "secrets", "name"),
          Map.entry(CONTAINER + "portMappings", "containerPort"),
          Map.entry(CONTAINER + "mountPoints", "containerPath"),
          Map.entry(CONTAINER + "volumesFrom", "sourceContainer"),
          Map.entry(CONTAINER + "dependsOn", "containerName"),
          Map.entry(CONTAINER + "ulimits", "name"),
          Map.entry(CONTAINER + "systemControls", "namespace"),
          Map.entry(CONTAINER + "resourceRequirements", "type"),
          Map.entry(CONTAINER + "logConfiguration.secretOptions", "name"));

  /** What ECS fills in where nothing is said. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          Map.entry("enableFaultInjection", false),
          Map.entry("runtimePlatform.cpuArchitecture", "X86_64"),
          Map.entry("runtimePlatform.operatingSystemFamily", "LINUX"),
          Map.entry(CONTAINER + "cpu", 0L),
          Map.entry(CONTAINER + "essential", true),
          Map.entry(CONTAINER + "versionConsistency", "enabled"),
          Map.entry(CONTAINER + "portMappings.protocol", "tcp"),
          Map.entry(CONTAINER + "portMappings.hostPort", 0L),
          Map.entry(CONTAINER + "healthCheck.interval", 30L),
          Map.entry(CONTAINER + "healthCheck.timeout", 5L),
          Map.entry(CONTAINER + "healthCheck.retries", 3L),
          Map.entry(CONTAINER + "mountPoints.readOnly", false),
          Map.entry(CONTAINER + "volumesFrom.readOnly", false),
          Map.entry(CONTAINER + "privileged", false),
          Map.entry(CONTAINER + "readonlyRootFilesystem", false),
          Map.entry(CONTAINER + "disableNetworking", false),
          Map.entry(CONTAINER + "interactive", false),
          Map.entry(CONTAINER + "pseudoTerminal", false));

  private final boolean awsvpc;

  private Canonical(boolean awsvpc) {
    this.awsvpc = awsvpc;
  }

  /** The canonical JSON of a definition as it would be registered. */
  static String json(Map<String, ?> definition) {
    var canonical =
        new Canonical("awsvpc".equals(definition.get("networkMode"))).normal("", definition);
    return Json.write(canonical == null ? Map.of() : canonical);
  }

  /** SHA-256 of the canonical JSON, in hex. */
  static String fingerprint(Map<String, ?> definition) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(json(definition).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The value in canonical form; null if it says nothing. */
  private @Nullable Object normal(String path, @Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> object(path, map);
      case List<?> list -> list(path, list);
      case Number number ->
          number.doubleValue() == Math.rint(number.doubleValue()) ? number.longValue() : number;
      case null, default -> value;
    };
  }

  private @Nullable Object object(String path, Map<?, ?> map) {
    var members = new TreeMap<String, Object>();
    map.forEach(
        (key, value) -> {
          var memberPath = path.isEmpty() ? (String) key : path + "." + key;
          var normal = normal(memberPath, value);
          if (normal != null && !normal.equals(DEFAULTS.get(memberPath)))
            members.put((String) key, normal);
        });
    // With awsvpc both ports are the same port; ECS answers the one that was left out.
    if (awsvpc
        && path.equals(CONTAINER + "portMappings")
        && members.containsKey("hostPort")
        && members.get("hostPort").equals(members.get("containerPort"))) members.remove("hostPort");
    return members.isEmpty() ? null : members;
  }

  private @Nullable Object list(String path, List<?> list) {
    var items = new ArrayList<Object>();
    for (var item : list) {
      var normal = normal(path, item);
      // An item that says nothing still has its place among the others.
      items.add(normal == null ? Map.of() : normal);
    }
    var key = UNORDERED.get(path);
    if (key != null) {
      var byKey = Comparator.comparing((Object item) -> sortKey(item, key));
      // Of two environment variables with one name the last one counts, so their order stays.
      items.sort(
          path.equals(CONTAINER + "environment")
              ? byKey
              : byKey.thenComparing(item -> Json.write(item)));
    }
    return items.isEmpty() ? null : items;
  }

  private static String sortKey(Object item, String key) {
    return item instanceof Map<?, ?> map ? String.valueOf(map.get(key)) : String.valueOf(item);
  }
}
