package slipway.local.stack;

import java.time.Duration;
import slipway.json.Json;

/** Scalars of templates, which may be written as text: {@code "180"} is 180. */
public final class Properties {
  private Properties() {}

  /** A whole number of at least 0. */
  public static int integer(Json json, int otherwise) {
    if (json.missing()) return otherwise;
    if (json.value() instanceof String text) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException _) {
        throw json.unexpected("a whole number");
      }
    }
    return json.integer(0, Integer.MAX_VALUE);
  }

  public static Duration seconds(Json json, long otherwise) {
    return json.missing() ? Duration.ofSeconds(otherwise) : Duration.ofSeconds(integer(json, 0));
  }

  public static boolean flag(Json json, boolean otherwise) {
    if (json.missing()) return otherwise;
    return json.value() instanceof String text ? Boolean.parseBoolean(text) : json.flag();
  }
}
