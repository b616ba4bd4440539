package slipway.infra;

import java.util.Map;
import java.util.TreeMap;

/**
 * Same input, same template: {@code Map.of} goes through its entries in another order in each JVM,
 * and the CDK writes them as they come.
 */
final class Sorted {
  private Sorted() {}

  static <V> Map<String, V> sorted(Map<String, V> map) {
    return new TreeMap<>(map);
  }
}
