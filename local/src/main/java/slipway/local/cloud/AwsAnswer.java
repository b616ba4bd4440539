package slipway.local.cloud;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import slipway.json.Json;

/** What a service answers; errors are {@link AwsError}. */
public record AwsAnswer(int status, Map<String, String> headers, byte[] body) {

  /** 200 with a JSON tree of maps, lists and scalars. */
  public static AwsAnswer json(Object tree) {
    return new AwsAnswer(
        200,
        Map.of("Content-Type", "application/x-amz-json-1.1"),
        Json.write(tree).getBytes(StandardCharsets.UTF_8));
  }

  /** 200 with XML, for the query and REST-XML protocols. */
  public static AwsAnswer xml(String document) {
    return new AwsAnswer(
        200, Map.of("Content-Type", "text/xml"), document.getBytes(StandardCharsets.UTF_8));
  }
}
