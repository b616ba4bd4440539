package slipway.config;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a service calls, as Application Signals tells it apart.
 *
 * @param attributes key attributes, such as {@code Type}, {@code Name} and {@code Environment}
 * @param operation that is called there
 */
public record SloDependency(SortedMap<String, String> attributes, String operation) {
  /** Source: Application Signals' service model, KeyAttributeValue. */
  static final Pattern VALUE = Pattern.compile("(?=.{1,1024}$)[ -~]*[!-~][ -~]*");

  public SloDependency {
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    if (attributes.isEmpty() || attributes.size() > 4)
      throw new IllegalArgumentException("key attributes " + attributes + ": want 1 to 4");
    if (operation.isBlank() || operation.length() > 255)
      throw new IllegalArgumentException(
          "operation '%s' of a dependency: want 1 to 255 characters".formatted(operation));
  }

  public SloDependency(Map<String, String> attributes, String operation) {
    this(new TreeMap<>(attributes), operation);
  }

  /** What people call it. */
  public String name() {
    return attributes.getOrDefault("Name", attributes.getOrDefault("Identifier", "?"));
  }

  @Override
  public String toString() {
    return operation + " of " + name();
  }
}
