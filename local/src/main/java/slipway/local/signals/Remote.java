package slipway.local.signals;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * What a client span calls, named as ADOT names it. Source: aws-otel-java-instrumentation,
 * AwsMetricAttributeGenerator; in its order.
 */
record Remote(String service, String operation) {
  private static final String UNKNOWN_SERVICE = "UnknownRemoteService";
  private static final String UNKNOWN_OPERATION = "UnknownRemoteOperation";

  static Remote of(Map<String, Object> span) {
    var found = declared(span);
    var service =
        Attributes.first(span, "peer.service")
            .filter(_ -> !span.containsKey("aws.remote.service"))
            .or(found::service)
            .or(() -> host(span))
            .orElse(UNKNOWN_SERVICE);
    return new Remote(service, found.operation().or(() -> http(span)).orElse(UNKNOWN_OPERATION));
  }

  private record Found(Optional<String> service, Optional<String> operation) {}

  private static Found declared(Map<String, Object> span) {
    if (any(span, "aws.remote.service", "aws.remote.operation"))
      return found(span, "aws.remote.service", "aws.remote.operation");
    if (any(span, "rpc.service", "rpc.method")) {
      var rpc = found(span, "rpc.service", "rpc.method");
      return new Found(rpc.service().map(name -> normalized(span, name)), rpc.operation());
    }
    var database = Attributes.first(span, "db.system.name", "db.system");
    if (database.isPresent())
      return new Found(
          database,
          Attributes.first(span, "db.operation.name", "db.operation")
              .or(() -> Attributes.first(span, "db.query.text", "db.statement").map(Remote::verb)));
    if (any(span, "faas.invoked_name", "faas.trigger"))
      return found(span, "faas.invoked_name", "faas.trigger");
    if (any(span, "messaging.system", "messaging.operation.type", "messaging.operation"))
      return new Found(
          Attributes.first(span, "messaging.system"),
          Attributes.first(span, "messaging.operation.type", "messaging.operation"));
    return new Found(Optional.empty(), Optional.empty());
  }

  private static boolean any(Map<String, Object> span, String... names) {
    return Attributes.first(span, names).isPresent();
  }

  private static Found found(Map<String, Object> span, String service, String operation) {
    return new Found(Attributes.first(span, service), Attributes.first(span, operation));
  }

  /** AWS's services get the names that CloudFormation knows them by. */
  private static String normalized(Map<String, Object> span, String service) {
    if (Attributes.first(span, "rpc.system").filter("aws-api"::equals).isEmpty()) return service;
    return switch (service) {
      case "DynamoDb", "AmazonDynamoDBv2" -> "AWS::DynamoDB";
      case "S3", "Amazon S3" -> "AWS::S3";
      case "Sqs", "AmazonSQS" -> "AWS::SQS";
      case "Sns", "AmazonSNS" -> "AWS::SNS";
      case "Sfn", "AWSStepFunctions" -> "AWS::StepFunctions";
      case "SecretsManager", "AWSSecretsManager" -> "AWS::SecretsManager";
      default -> "AWS::" + service;
    };
  }

  private static String verb(String statement) {
    return statement.strip().split("[^A-Za-z]", 2)[0].toUpperCase(java.util.Locale.ROOT);
  }

  private static Optional<String> host(Map<String, Object> span) {
    return at(span, "server.address", "server.port")
        .or(() -> at(span, "net.peer.name", "net.peer.port"))
        .or(() -> at(span, "network.peer.address", "network.peer.port"))
        .or(() -> url(span).map(Remote::authority));
  }

  private static Optional<String> at(Map<String, Object> span, String address, String port) {
    return Attributes.first(span, address)
        .map(name -> name + Attributes.first(span, port).map(text -> ":" + text).orElse(""));
  }

  private static String authority(URI url) {
    return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
  }

  /** Method and the first part of the path: more of it would be a value. */
  private static Optional<String> http(Map<String, Object> span) {
    var path =
        url(span)
            .map(URI::getPath)
            .map(text -> text.isEmpty() ? "/" : "/" + (text + "/").split("/", 3)[1]);
    var method = Attributes.first(span, "http.request.method", "http.method");
    if (method.isEmpty()) return path;
    return Optional.of(method.get() + " " + path.orElse(UNKNOWN_OPERATION));
  }

  private static Optional<URI> url(Map<String, Object> span) {
    return Attributes.first(span, "url.full", "http.url")
        .flatMap(
            text -> {
              try {
                return Optional.of(URI.create(text)).filter(url -> url.getHost() != null);
              } catch (IllegalArgumentException _) {
                return Optional.empty();
              }
            });
  }
}
