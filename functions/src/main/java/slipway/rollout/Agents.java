package slipway.rollout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Agents for Application Signals that are too old for what Slipway has them do. The version of one
 * that is pulled is in its image's tag; a digest, or a tag such as {@code latest}, tells none. That
 * of one inside an image of the service's own is in a label, such as {@code adot-java:2.30.0}.
 * Where no version is told, nothing is said.
 *
 * <p>Sources: CloudWatch's user guide (versions that runtime metrics and Application Signals on ECS
 * need) and the CloudWatch agent's source ({@code ecs:} environments).
 */
public final class Agents {
  /** Some registries prefix a version; builds and variants follow it: {@code 1.300071.0b1000}. */
  private static final Pattern TAG =
      Pattern.compile("v?(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})(?!\\d).*");

  /** How labels name agents whose images AWS calls otherwise. */
  private static final String LABELLED = "adot-(java|python|dotnet)";

  /** What something needs. */
  private record Need(String image, String agent, Version least, String what) {}

  private static final List<Need> NEEDS =
      List.of(
          new Need(
              "cloudwatch-agent",
              "CloudWatch agent",
              new Version(1, 300047, 0),
              "environments that are named after the ECS cluster (ecs:<cluster>)"),
          new Need(
              "cloudwatch-agent", "CloudWatch agent", new Version(1, 300049, 1), "runtime metrics"),
          new Need(
              "adot-autoinstrumentation-java",
              "ADOT Java agent",
              new Version(1, 32, 2),
              "Application Signals on ECS"),
          new Need(
              "adot-autoinstrumentation-java",
              "ADOT Java agent",
              new Version(1, 32, 5),
              "runtime metrics"),
          new Need(
              "adot-autoinstrumentation-python",
              "ADOT Python agent",
              new Version(0, 7, 0),
              "runtime metrics"),
          new Need(
              "adot-autoinstrumentation-dotnet",
              "ADOT .NET agent",
              new Version(1, 6, 0),
              "runtime metrics"));

  private Agents() {}

  private record Version(int major, int minor, int patch) implements Comparable<Version> {
    static Optional<Version> ofTag(String tag) {
      var numbers = TAG.matcher(tag);
      return numbers.matches()
          ? Optional.of(
              new Version(
                  Integer.parseInt(numbers.group(1)),
                  Integer.parseInt(numbers.group(2)),
                  Integer.parseInt(numbers.group(3))))
          : Optional.empty();
    }

    @Override
    public int compareTo(Version other) {
      return Comparator.comparingInt(Version::major)
          .thenComparingInt(Version::minor)
          .thenComparingInt(Version::patch)
          .compare(this, other);
    }

    @Override
    public String toString() {
      return major + "." + minor + "." + patch;
    }
  }

  /**
   * A sentence for each agent that is too old: what it is, what is found and needed, for what, and
   * what to do. Empty if there is nothing to say.
   *
   * @param images by container, such as {@link TaskDefinition#images}
   */
  public static List<String> tooOld(Map<String, String> images) {
    // In order of the names, so that the same facts always read the same.
    return new TreeMap<>(images)
        .entrySet().stream()
            .flatMap(
                image -> {
                  var name = image.getValue().substring(image.getValue().lastIndexOf('/') + 1);
                  return name.contains("@")
                      ? Stream.empty()
                      : tooOld(image.getKey(), name, image.getValue());
                })
            .toList();
  }

  /**
   * The same of agents inside images.
   *
   * @param labels by container, such as {@code adot-java:2.30.0}
   */
  static List<String> tooOldInside(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .flatMap(
                label ->
                    tooOld(
                        label.getKey(),
                        label
                            .getValue()
                            .replaceFirst("^" + LABELLED + ":", "adot-autoinstrumentation-$1:"),
                        label.getValue() + " in its Dockerfile"))
            .toList();
  }

  /**
   * @param agent name and version
   * @param place what to change
   */
  private static Stream<String> tooOld(String container, String agent, String place) {
    var colon = agent.indexOf(':');
    if (colon < 0) return Stream.empty();
    var name = agent.substring(0, colon);
    return Version.ofTag(agent.substring(colon + 1)).stream()
        .flatMap(
            found -> {
              var unmet = new ArrayList<>(NEEDS);
              unmet.removeIf(
                  need -> !need.image().equals(name) || found.compareTo(need.least()) >= 0);
              return unmet.isEmpty()
                  ? Stream.empty()
                  : Stream.of(sentence(container, place, found, unmet));
            });
  }

  private static String sentence(String container, String place, Version found, List<Need> unmet) {
    var least = unmet.stream().map(Need::least).max(Comparator.naturalOrder()).orElseThrow();
    return "Container %s has %s %s, which is too old for %s: put %s or later in place of %s."
        .formatted(
            container,
            unmet.getFirst().agent(),
            found,
            unmet.stream()
                .map(need -> need.what() + ", since " + need.least())
                .collect(Collectors.joining(", and for ")),
            least,
            place);
  }
}
