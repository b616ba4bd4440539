package slipway.config;

import java.util.regex.Pattern;

/**
 * Name of a service: of the ECS service, its task definition family, its message group and its part
 * in resource names. Short and plain enough for all of them.
 */
public record ServiceName(String value) implements Comparable<ServiceName> {
  private static final Pattern FORM = Pattern.compile("(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*");

  public ServiceName {
    if (!FORM.matcher(value).matches())
      throw new IllegalArgumentException(
          "'%s': want 2 to 32 lower-case letters, digits and single hyphens, the first a letter"
              .formatted(value));
  }

  /** Family that CDK owns: what should run, but for the images' digests. */
  public String templateFamily() {
    return value + "-template";
  }

  /** Family that the deployer owns: what runs. */
  public String family() {
    return value;
  }

  @Override
  public int compareTo(ServiceName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
