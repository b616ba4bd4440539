package slipway.local.balancer;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import slipway.json.Json;

/**
 * Where a redirect action sends a request.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html">RedirectActionConfig</a>
 */
record Redirect(int status, String protocol, String host, String port, String path, String query) {
  private static final Pattern KEYWORD = Pattern.compile("#\\{(protocol|host|port|path|query)}");

  /** Of the action's {@code RedirectConfig}; what it does not say stays as it is. */
  static Redirect of(Json config) {
    return new Redirect(
        Integer.parseInt(config.at("StatusCode").text().replace("HTTP_", "")),
        config.at("Protocol").optionalText().orElse("#{protocol}"),
        config.at("Host").optionalText().orElse("#{host}"),
        config.at("Port").optionalText().orElse("#{port}"),
        config.at("Path").optionalText().orElse("/#{path}"),
        config.at("Query").optionalText().orElse("#{query}"));
  }

  /**
   * The URL, for a request that is described by the keywords' values: {@code path} without its
   * slash, {@code query} without its question mark.
   */
  String location(Map<String, String> request) {
    var asked = filled(query, request);
    return "%s://%s:%s%s%s"
        .formatted(
            filled(protocol, request).toLowerCase(Locale.ROOT),
            filled(host, request),
            filled(port, request),
            filled(path, request),
            asked.isEmpty() ? "" : "?" + asked);
  }

  /** The port that it asks for. */
  String portFor(Map<String, String> request) {
    return filled(port, request);
  }

  Redirect onPort(String another) {
    return new Redirect(status, protocol, host, another, path, query);
  }

  private static String filled(String form, Map<String, String> request) {
    return KEYWORD
        .matcher(form)
        .replaceAll(keyword -> Matcher.quoteReplacement(request.get(keyword.group(1))));
  }
}
