package slipway.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import slipway.json.Json;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.CallLog;
import slipway.local.cloud.Loopback;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Surroundings;

/**
 * Function URLs: one port each, payload format 2.0. Source: Lambda developer guide, "Invoking
 * Lambda function URLs"; since October 2025 the public needs two permissions.
 */
public final class FunctionUrls implements AutoCloseable {
  private static final int LARGEST = 6 * 1024 * 1024;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private final Functions functions;
  private final Surroundings surroundings;
  private final Map<String, Loopback> servers = new ConcurrentHashMap<>();

  private record Reply(int status, Map<String, String> headers, byte[] body) {
    static Reply json(int status, String message) {
      return new Reply(
          status,
          Map.of("Content-Type", "application/json"),
          Json.write(Map.of("Message", message)).getBytes(StandardCharsets.UTF_8));
    }
  }

  public FunctionUrls(Functions functions, Surroundings surroundings) {
    this.functions = functions;
    this.surroundings = surroundings;
  }

  Provisioner.Made make(Json properties) {
    if (!properties.at("AuthType").text().equals("NONE"))
      throw properties.at("AuthType").unexpected("NONE: local plays no other");
    var id = properties.at("TargetFunctionArn").text();
    var arn =
        functions.arn(properties.at("Qualifier").optionalText().map(q -> id + ":" + q).orElse(id));
    var server = Loopback.serve("function url", exchange -> serve(exchange, arn));
    servers.put(arn, server);
    return new Provisioner.Made(arn, Map.of("FunctionArn", arn, "FunctionUrl", server.uri() + "/"));
  }

  void delete(Provisioner.Made made) {
    var server = servers.remove(made.ref());
    if (server != null) server.close();
  }

  private void serve(HttpExchange exchange, String arn) throws IOException {
    var start = Instant.now();
    // One byte more than allowed is enough to know.
    var body = exchange.getRequestBody().readNBytes(LARGEST + 1);
    var reply = body.length > LARGEST ? tooLarge(exchange) : reply(exchange, arn, body);
    surroundings
        .calls()
        .add(
            new CallLog.Entry(
                start,
                "function URL",
                "lambda",
                exchange.getRequestMethod()
                    + " "
                    + functions.target(arn, java.util.Optional.empty()).spec().title(),
                reply.status(),
                Duration.between(start, Instant.now()),
                ""));
    Loopback.answer(exchange, reply.status(), reply.headers(), reply.body());
  }

  private static Reply tooLarge(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
    return Reply.json(413, "Request Entity Too Large");
  }

  private Reply reply(HttpExchange exchange, String arn, byte[] body) {
    var refusal =
        surroundings
            .iam()
            .publicMayNot(
                new Permission(
                    "lambda:InvokeFunctionUrl", arn, Map.of("lambda:FunctionUrlAuthType", "NONE")))
            .or(
                () ->
                    surroundings
                        .iam()
                        .publicMayNot(
                            new Permission(
                                "lambda:InvokeFunction",
                                arn,
                                Map.of("lambda:InvokedViaFunctionUrl", "true"))));
    if (refusal.isPresent()) return Reply.json(403, "Forbidden " + refusal.get());
    return switch (functions.invoke(arn, event(exchange, body))) {
      case Outcome.Returned returned -> returned(returned);
      case Outcome.Failed _ -> Reply.json(502, "Internal Server Error");
      case Outcome.Throttled _ -> Reply.json(429, "Rate Exceeded.");
    };
  }

  private static Reply returned(Outcome.Returned returned) {
    var json = Json.parse(returned.text());
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/json");
    if (!(json.value() instanceof Map) || json.at("statusCode").missing())
      return new Reply(200, headers, returned.payload());
    json.at("headers")
        .members()
        .forEach((name, value) -> headers.put(name, String.valueOf(value.value())));
    var text = json.at("body").optionalText().orElse("");
    var encoded = Boolean.TRUE.equals(json.at("isBase64Encoded").value());
    return new Reply(
        json.at("statusCode").integer(100, 599),
        headers,
        encoded ? Base64.getDecoder().decode(text) : text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] event(HttpExchange exchange, byte[] body) {
    var headers = new LinkedHashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    headers.put("x-forwarded-proto", "https");
    headers.put("x-forwarded-for", "127.0.0.1");
    var now = Instant.now();
    var uri = exchange.getRequestURI();
    var http = new LinkedHashMap<String, Object>();
    http.put("method", exchange.getRequestMethod());
    http.put("path", uri.getPath());
    http.put("protocol", "HTTP/1.1");
    http.put("sourceIp", "127.0.0.1");
    http.put("userAgent", headers.getOrDefault("user-agent", ""));
    var context = new LinkedHashMap<String, Object>();
    context.put("accountId", "anonymous");
    context.put("apiId", "local");
    context.put("domainName", headers.getOrDefault("host", "127.0.0.1"));
    context.put("domainPrefix", "local");
    context.put("http", http);
    context.put("requestId", UUID.randomUUID().toString());
    context.put("routeKey", "$default");
    context.put("stage", "$default");
    context.put("time", TIME.format(now));
    context.put("timeEpoch", now.toEpochMilli());
    var event = new LinkedHashMap<String, Object>();
    event.put("version", "2.0");
    event.put("routeKey", "$default");
    event.put("rawPath", uri.getPath());
    event.put("rawQueryString", uri.getRawQuery() == null ? "" : uri.getRawQuery());
    event.put("headers", headers);
    event.put("requestContext", context);
    var type = headers.getOrDefault("content-type", "");
    // Captures: text and JSON come as they are, everything else encoded, forms too.
    var plain =
        type.startsWith("text/")
            || type.startsWith("application/json")
            || type.startsWith("application/xml")
            || type.startsWith("application/javascript");
    if (body.length > 0)
      event.put(
          "body",
          plain
              ? new String(body, StandardCharsets.UTF_8)
              : Base64.getEncoder().encodeToString(body));
    event.put("isBase64Encoded", body.length > 0 && !plain);
    return Json.write(event).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    servers.values().forEach(Loopback::close);
  }
}
