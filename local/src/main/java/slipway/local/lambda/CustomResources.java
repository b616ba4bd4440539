package slipway.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import slipway.json.Json;
import slipway.local.cloud.Loopback;
import slipway.local.cloud.Place;
import slipway.local.stack.Change;
import slipway.local.stack.Properties;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;
import slipway.local.stack.Surroundings;

/**
 * Custom resources: the function is invoked asynchronously with a URL, and whoever PUTs the answer
 * there, now or later, decides how the resource ends.
 */
public final class CustomResources implements Provisioner, AutoCloseable {
  /** CloudFormation's own limit, when the resource sets no ServiceTimeout. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Deliveries deliveries;
  private final Surroundings surroundings;
  private final Map<String, CompletableFuture<Json>> answers = new ConcurrentHashMap<>();
  private final Loopback server = Loopback.serve("custom resources", this::serve);

  public CustomResources(Deliveries deliveries, Surroundings surroundings) {
    this.deliveries = deliveries;
    this.surroundings = surroundings;
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::CloudFormation::CustomResource");
  }

  private void serve(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var answer = answers.get(exchange.getRequestURI().getPath().substring(1));
    if (answer == null || !exchange.getRequestMethod().equals("PUT")) {
      Loopback.answer(exchange, 403, Map.of(), new byte[0]);
      return;
    }
    // The real URL is one of S3's: it takes anything; CloudFormation reads it afterwards.
    try {
      answer.complete(Json.parse(body));
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
    Loopback.answer(exchange, 200, Map.of(), new byte[0]);
  }

  @Override
  public Made make(Resource resource) {
    return made(resource, ask(resource, event("Create", resource)));
  }

  /** The answer's physical id decides: another one says that another resource took its place. */
  @Override
  public Made update(Change change) {
    var token = change.properties().at("ServiceToken").text();
    if (!token.equals(change.before().properties().at("ServiceToken").text()))
      throw new IllegalArgumentException("Modifying service token is not allowed.");
    var event = event("Update", change.after());
    event.put("PhysicalResourceId", change.made().ref());
    event.put("OldResourceProperties", properties(change.before()));
    return made(change.after(), ask(change.after(), event));
  }

  @Override
  public void delete(Resource resource, Made made) {
    var event = event("Delete", resource);
    event.put("PhysicalResourceId", made.ref());
    made(resource, ask(resource, event));
  }

  private static Map<String, Object> properties(Resource resource) {
    var properties = new LinkedHashMap<String, Object>();
    resource
        .properties()
        .members()
        .forEach((name, value) -> properties.put(name, texts(value.value())));
    return properties;
  }

  private Map<String, Object> event(String type, Resource resource) {
    var event = new LinkedHashMap<String, Object>();
    event.put("RequestType", type);
    event.put("ServiceToken", resource.properties().at("ServiceToken").text());
    event.put("StackId", Place.arn("cloudformation", "stack/" + surroundings.stack() + "/local"));
    event.put("LogicalResourceId", resource.logicalId());
    event.put("ResourceType", resource.type());
    event.put("ResourceProperties", properties(resource));
    return event;
  }

  /** Invokes the function, and waits for what comes to the URL that it is given. */
  private Json ask(Resource resource, Map<String, Object> event) {
    var requestId = UUID.randomUUID().toString();
    var answer = new CompletableFuture<Json>();
    answers.put(requestId, answer);
    event.put("RequestId", requestId);
    event.put("ResponseURL", server.uri() + "/" + requestId);
    // AWS would wait out the limit; a function that failed for good will not answer any more.
    deliveries.invoke(
        "CloudFormation",
        resource.properties().at("ServiceToken").text(),
        Json.write(event),
        reason ->
            answer.completeExceptionally(
                new IllegalStateException("its function failed: " + reason)));
    var limit = Properties.seconds(resource.properties().at("ServiceTimeout"), LONGEST.toSeconds());
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "CloudFormation did not receive a response from the custom resource in "
              + limit.toSeconds()
              + " s",
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the custom resource gave no answer: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while waiting for the custom resource", e);
    } finally {
      answers.remove(requestId);
    }
  }

  private static Made made(Resource resource, Json answer) {
    var status = answer.at("Status").text();
    if (!status.equals("SUCCESS"))
      throw new IllegalStateException(
          answer.at("Reason").optionalText().orElse("status " + status + " without a reason"));
    var attributes = new LinkedHashMap<String, String>();
    answer
        .at("Data")
        .members()
        .forEach((name, value) -> attributes.put(name, String.valueOf(value.value())));
    return new Made(
        answer.at("PhysicalResourceId").optionalText().orElse(resource.logicalId()), attributes);
  }

  /** CloudFormation hands every scalar to a custom resource as text. */
  private static Object texts(Object tree) {
    return switch (tree) {
      case Map<?, ?> map -> {
        var result = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> result.put((String) key, texts(value)));
        yield result;
      }
      case java.util.List<?> list -> list.stream().map(CustomResources::texts).toList();
      case null -> "";
      default -> String.valueOf(tree);
    };
  }

  @Override
  public void close() {
    answers
        .values()
        .forEach(a -> a.completeExceptionally(new IOException("local is shutting down")));
    server.close();
  }
}
