package slipway.local.tables;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import slipway.json.Json;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.Place;
import slipway.local.stack.Change;
import slipway.local.stack.Properties;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/** Tables in memory. Calls are checked here and answered by DynamoDB Local. */
public final class Tables implements AwsService, Provisioner, AutoCloseable {
  /** DynamoDB Local keeps one database per key and Region: all of ours share this one. */
  private static final String AUTHORIZATION =
      "AWS4-HMAC-SHA256 Credential=slipwaylocal/20260101/"
          + Place.REGION
          + "/dynamodb/aws4_request, SignedHeaders=host, Signature=0";

  /** What changes without a word of DynamoDB Local, and the expiry, which it plays. */
  private static final Set<String> UPDATABLE =
      Set.of(
          "BillingMode",
          "DeletionProtectionEnabled",
          "PointInTimeRecoverySpecification",
          "SSESpecification",
          "Tags",
          "TimeToLiveSpecification");

  private final Set<String> tables = ConcurrentHashMap.newKeySet();
  private final String stack;
  private final CompletableFuture<Server> server;
  private final HttpClient http = HttpClient.newHttpClient();

  public Tables(String stack) {
    this.stack = stack;
    // It logs each start and request; what matters comes back as an answer.
    System.setProperty(
        "log4j2.loggerContextFactory",
        "org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
    System.setProperty("org.apache.logging.log4j.simplelog.level", "OFF");
    System.setProperty("org.slf4j.simpleLogger.log.org.eclipse.jetty", "warn");
    java.util.logging.Logger.getLogger("com.almworks.sqlite4java")
        .setLevel(java.util.logging.Level.OFF);
    // It takes seconds: the rest of the stack need not wait for it.
    server = CompletableFuture.supplyAsync(Tables::start, Thread::startVirtualThread);
  }

  private static Server start() {
    try {
      var server = new Server(new InetSocketAddress("127.0.0.1", 0));
      server.setHandler(
          new ContextHandler(
              new LocalDynamoDBServerHandler(
                  new LocalDynamoDBRequestHandler(0, true, null, false, false), null)));
      server.start();
      return server;
    } catch (Exception e) {
      throw new IllegalStateException("cannot start DynamoDB Local", e);
    }
  }

  @Override
  public String name() {
    return "dynamodb";
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    var json = call.json();
    var needs = new ArrayList<Permission>();
    // Source: DynamoDB's service authorization reference: transactions need their items' actions.
    switch (call.operation()) {
      case "TransactWriteItems" -> {
        for (var item : json.at("TransactItems").items())
          item.members()
              .forEach(
                  (kind, action) ->
                      needs.add(
                          permission(
                              switch (kind) {
                                case "Put" -> "PutItem";
                                case "Update" -> "UpdateItem";
                                case "Delete" -> "DeleteItem";
                                default -> "ConditionCheckItem";
                              },
                              action)));
      }
      case "TransactGetItems" -> {
        for (var item : json.at("TransactItems").items())
          needs.add(permission("GetItem", item.at("Get")));
      }
      case "BatchGetItem", "BatchWriteItem" ->
          json.at("RequestItems")
              .members()
              .keySet()
              .forEach(
                  table ->
                      needs.add(permission(call.operation(), Json.of(Map.of("TableName", table)))));
      default -> needs.add(permission(call.operation(), json));
    }
    return needs;
  }

  private static Permission permission(String action, Json of) {
    var table = of.at("TableName").optionalText();
    if (table.isEmpty()) return new Permission("dynamodb:" + action, "*");
    var arn =
        table.get().startsWith("arn:")
            ? table.get()
            : Place.arn("dynamodb", "table/" + table.get());
    var index = of.at("IndexName").optionalText();
    return new Permission("dynamodb:" + action, index.map(i -> arn + "/index/" + i).orElse(arn));
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    var answer = send(call.headers().getOrDefault("x-amz-target", ""), call.body());
    var headers = new LinkedHashMap<String, String>();
    for (var name : List.of("content-type", "x-amz-crc32"))
      answer.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
    return new AwsAnswer(answer.statusCode(), headers, answer.body());
  }

  private URI uri() {
    var connector = (ServerConnector) server.join().getConnectors()[0];
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  private HttpResponse<byte[]> send(String target, byte[] body) {
    try {
      return http.send(
          HttpRequest.newBuilder(uri())
              .header("Content-Type", "application/x-amz-json-1.0")
              .header("X-Amz-Target", target)
              .header("Authorization", AUTHORIZATION)
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AwsError(500, "InternalServerError", "DynamoDB Local did not answer: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new AwsError(503, "ServiceUnavailable", "local is shutting down");
    }
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable");
  }

  @Override
  public Made make(Resource resource) {
    var properties = resource.properties();
    var name = properties.at("TableName").optionalText().orElse(resource.generatedName(stack));
    var table = new LinkedHashMap<String, Object>();
    table.put("TableName", name);
    table.put("BillingMode", "PAY_PER_REQUEST");
    for (var member :
        List.of(
            "KeySchema",
            "AttributeDefinitions",
            "LocalSecondaryIndexes",
            "GlobalSecondaryIndexes")) {
      var value = properties.at(member);
      if (!value.missing()) table.put(member, value.value());
    }
    done(name, "CreateTable", table);
    tables.add(name);
    expire(name, properties);
    var arn = Place.arn("dynamodb", "table/" + name);
    return new Made(name, Map.of("Arn", arn, "TableId", name));
  }

  private void expire(String name, Json properties) {
    var expiry = properties.at("TimeToLiveSpecification");
    if (!expiry.missing())
      done(
          name,
          "UpdateTimeToLive",
          Map.of("TableName", name, "TimeToLiveSpecification", expiry.value()));
  }

  @Override
  public Made update(Change change) {
    change.only(UPDATABLE);
    if (change.differing().contains("TimeToLiveSpecification"))
      expire(change.made().ref(), change.properties());
    return change.made();
  }

  /** With all that is in it. */
  @Override
  public void delete(Resource resource, Made made) {
    if (Properties.flag(resource.properties().at("DeletionProtectionEnabled"), false))
      throw new IllegalStateException(
          "Resource cannot be deleted as it is currently protected against deletion. Disable"
              + " deletion protection first.");
    done(made.ref(), "DeleteTable", Map.of("TableName", made.ref()));
    tables.remove(made.ref());
  }

  @Override
  public List<String> existing() {
    return tables.stream().map(name -> Place.arn("dynamodb", "table/" + name)).toList();
  }

  private void done(String name, String operation, Object tree) {
    var answer =
        send("DynamoDB_20120810." + operation, Json.write(tree).getBytes(StandardCharsets.UTF_8));
    if (answer.statusCode() != 200)
      throw new IllegalArgumentException(
          "table %s: DynamoDB answered %s with %s"
              .formatted(name, operation, new String(answer.body(), StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    http.shutdownNow();
    try {
      server.join().stop();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop DynamoDB Local", e);
    }
  }
}
