package slipway.local.cloud;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import slipway.json.Json;

/**
 * One signed call of an AWS API, as it came over the wire.
 *
 * @param service signing name from the credential scope, such as {@code ecs}
 * @param operation as the service's model names it, such as {@code UpdateService}
 * @param caller whose credentials signed it
 * @param method HTTP method
 * @param path HTTP path, decoded, without the query
 * @param query decoded query parameters
 * @param headers names in lower case
 * @param body as sent
 */
public record AwsCall(
    String service,
    String operation,
    Caller caller,
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, String> headers,
    byte[] body) {

  /** The body of a JSON protocol; an empty body is an empty object. */
  public Json json() {
    var text = text();
    return text.isBlank() ? Json.of(Map.of()) : Json.parse(text);
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
