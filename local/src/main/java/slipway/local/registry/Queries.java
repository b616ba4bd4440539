package slipway.local.registry;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Reads query parameters. */
final class Queries {
  private Queries() {}

  /** The parameter's first value; empty text if there is none. */
  static String first(URI uri, String name) {
    if (uri.getRawQuery() == null) return "";
    for (var pair : uri.getRawQuery().split("&")) {
      if (pair.startsWith(name + "="))
        return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
    }
    return "";
  }
}
