package slipway.local.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The flags of {@code docker buildx build} that local knows. */
final class BuildOptions {
  private final Map<String, String> labels = new LinkedHashMap<>();
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private final List<String> annotations = new ArrayList<>();
  private final List<Reference> tags = new ArrayList<>();
  private Optional<String> platform = Optional.empty();
  private Optional<Path> file = Optional.empty();
  private Optional<Path> context = Optional.empty();
  private boolean provenance = true;
  private boolean push;

  /** {@link IllegalArgumentException} for a flag that is not known here. */
  static BuildOptions parse(List<String> words) {
    var options = new BuildOptions();
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      if (!word.startsWith("-")) {
        if (options.context.isPresent())
          throw new IllegalArgumentException("docker buildx build takes one context: " + word);
        options.context = Optional.of(Path.of(word));
        continue;
      }
      var equals = word.indexOf('=');
      var name = equals < 0 ? word : word.substring(0, equals);
      if (name.equals("--push")) {
        options.push = true;
        continue;
      }
      if (equals < 0 && i + 1 == words.size())
        throw new IllegalArgumentException(name + " wants a value");
      options.take(name, equals < 0 ? words.get(++i) : word.substring(equals + 1));
    }
    return options;
  }

  private void take(String name, String value) {
    switch (name) {
      case "--platform" -> platform = Optional.of(value);
      case "--provenance" -> provenance = !value.equals("false");
      case "--sbom" -> {
        if (!value.equals("false"))
          throw new IllegalArgumentException("local makes no SBOM: --sbom=" + value);
      }
      case "--label" -> put(labels, value);
      case "--build-arg" -> put(arguments, value);
      case "--annotation" -> annotations.add(value);
      case "--tag", "-t" -> tags.add(Reference.parse(value));
      case "--file", "-f" -> file = Optional.of(Path.of(value));
      // Local has no layer cache: the same input makes the same layers, and those there are not
      // pushed.
      case "--cache-from", "--cache-to", "--progress" -> {}
      default -> throw new IllegalArgumentException("local's docker buildx build knows no " + name);
    }
  }

  private static void put(Map<String, String> into, String pair) {
    var equals = pair.indexOf('=');
    // Like docker, a bare name takes the value of the environment.
    if (equals < 0) into.put(pair, Optional.ofNullable(System.getenv(pair)).orElse(""));
    else into.put(pair.substring(0, equals), pair.substring(equals + 1));
  }

  Map<String, String> labels() {
    return labels;
  }

  Map<String, String> arguments() {
    return arguments;
  }

  /**
   * Annotations for one place: {@code index,manifest:key=value} is for both, {@code key=value} for
   * the manifest.
   */
  Map<String, String> annotations(String place) {
    var found = new LinkedHashMap<String, String>();
    for (var annotation : annotations) {
      var equals = annotation.indexOf('=');
      var colon = annotation.lastIndexOf(':', equals);
      var places = colon < 0 ? "manifest" : annotation.substring(0, colon);
      if (List.of(places.split(",")).contains(place))
        found.put(annotation.substring(colon + 1, equals), annotation.substring(equals + 1));
    }
    return found;
  }

  List<Reference> tags() {
    return tags;
  }

  /** As images name it; this machine's if no platform is asked for. */
  String architecture() {
    return platform
        .map(
            asked -> {
              var parts = asked.split("/");
              if (parts.length < 2 || !parts[0].equals("linux") || asked.contains(","))
                throw new IllegalArgumentException(
                    "local builds for one Linux platform at a time, not for " + asked);
              return parts[1];
            })
        .orElseGet(() -> System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
  }

  Path context() {
    return context.orElseThrow(
        () -> new IllegalArgumentException("docker buildx build wants a context folder"));
  }

  Path file() {
    return file.orElseGet(() -> context().resolve("Dockerfile"));
  }

  boolean provenance() {
    return provenance;
  }

  boolean push() {
    return push;
  }
}
