package slipway.local.cloud;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import slipway.json.Json;

/** AWS's protocols on the wire, as far as they are the same for every service. */
public final class Wire {
  private static final Pattern CREDENTIAL =
      Pattern.compile("Credential=([^/,\\s]+)/[^/]*/[^/]*/([^/]*)/aws4_request");

  private Wire() {}

  /** The scope of a signature: whose key, for which service. */
  record Scope(String accessKey, String service) {}

  /** From the Authorization header, or from the query of a pre-signed URL. */
  static Optional<Scope> scope(Map<String, String> headers, Map<String, List<String>> query) {
    var text = headers.getOrDefault("authorization", "");
    if (text.isEmpty() && query.containsKey("X-Amz-Credential"))
      text = "Credential=" + query.get("X-Amz-Credential").getFirst();
    var matcher = CREDENTIAL.matcher(text);
    return matcher.find()
        ? Optional.of(new Scope(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** Operation of the JSON and query protocols; empty if it is in the path. */
  static String operation(Map<String, String> headers, Map<String, String> form) {
    var target = headers.get("x-amz-target");
    if (target != null) return target.substring(target.lastIndexOf('.') + 1);
    return form.getOrDefault("Action", "");
  }

  /** The fields of a form in a request's body; empty if the body is none. */
  public static Map<String, String> form(Map<String, String> headers, byte[] body) {
    if (!headers.getOrDefault("content-type", "").startsWith("application/x-www-form-urlencoded"))
      return Map.of();
    var form = new LinkedHashMap<String, String>();
    parameters(new String(body, StandardCharsets.UTF_8))
        .forEach((name, values) -> form.put(name, values.getFirst()));
    return form;
  }

  static Map<String, List<String>> parameters(String query) {
    var parameters = new LinkedHashMap<String, List<String>>();
    if (query == null) return parameters;
    for (var pair : query.split("&")) {
      if (pair.isEmpty()) continue;
      var equals = pair.indexOf('=');
      var name = equals < 0 ? pair : pair.substring(0, equals);
      var value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters
          .computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), _ -> new ArrayList<>())
          .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
    }
    return parameters;
  }

  /**
   * Takes an upload out of its envelope: SDKs send {@code aws-chunked} bodies with a checksum after
   * the data.
   */
  static byte[] unchunked(Map<String, String> headers, byte[] body) {
    if (!headers.getOrDefault("content-encoding", "").contains("aws-chunked")) return body;
    var data = new ByteArrayOutputStream(body.length);
    var at = 0;
    while (at < body.length) {
      var end = at;
      while (body[end] != '\r') end++;
      var line = new String(body, at, end - at, StandardCharsets.ISO_8859_1);
      var size = Integer.parseInt(line.split(";")[0].strip(), 16);
      if (size == 0) break;
      data.write(body, end + 2, size);
      at = end + 2 + size + 2;
    }
    return data.toByteArray();
  }

  /** Takes a request out of its compression: SDKs zip large bodies, such as PutMetricData's. */
  static byte[] unzipped(Map<String, String> headers, byte[] body) {
    if (!headers.getOrDefault("content-encoding", "").equals("gzip")) return body;
    try (var zipped = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return zipped.readAllBytes();
    } catch (IOException _) {
      // What is no gzip is no request either: whoever reads it says so.
      return body;
    }
  }

  /** Renders an error as the protocol of the call wants it. */
  static AwsAnswer error(
      AwsError error, String service, Map<String, String> headers, String requestId) {
    var message = error.getMessage();
    if (headers.containsKey("x-amz-target"))
      return json(
          error.status(),
          Map.of("x-amzn-errortype", error.code()),
          Map.of("__type", error.code(), "message", message));
    if (headers
        .getOrDefault("content-type", "")
        .toLowerCase(Locale.ROOT)
        .startsWith("application/x-www-form-urlencoded"))
      return xml(
          error.status(),
          "<ErrorResponse><Error><Type>%s</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>"
              .formatted(
                  error.status() < 500 ? "Sender" : "Receiver",
                  escape(error.code()),
                  escape(message),
                  requestId));
    if (service.equals("s3"))
      return xml(
          error.status(),
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>%s</Message><RequestId>%s</RequestId></Error>"
              .formatted(escape(error.code()), escape(message), requestId));
    return json(
        error.status(),
        Map.of("x-amzn-errortype", error.code()),
        Map.of("message", message, "Message", message));
  }

  private static AwsAnswer json(int status, Map<String, String> extra, Object tree) {
    var headers = new LinkedHashMap<>(extra);
    headers.put("Content-Type", "application/json");
    return new AwsAnswer(status, headers, Json.write(tree).getBytes(StandardCharsets.UTF_8));
  }

  private static AwsAnswer xml(int status, String text) {
    return new AwsAnswer(
        status, Map.of("Content-Type", "application/xml"), text.getBytes(StandardCharsets.UTF_8));
  }

  /** Text as XML content. */
  public static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
