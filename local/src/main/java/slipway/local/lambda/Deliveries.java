package slipway.local.lambda;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import slipway.json.Json;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.CallLog;
import slipway.local.queues.Message;
import slipway.local.queues.Queues;
import slipway.local.stack.Surroundings;
import slipway.local.topics.Topics;

/**
 * Asynchronous invocations: kept, retried (twice, after one and two minutes, unless configured
 * otherwise), and given to the function's failure destination or dead-letter queue in the end.
 */
public final class Deliveries implements AutoCloseable {
  private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
  private final Functions functions;
  private final Queues queues;
  private final Topics topics;
  private final Surroundings surroundings;
  private final Map<String, Config> configs = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What an EventInvokeConfig says for an alias or version. */
  record Config(int retries, Optional<String> onFailure) {}

  public Deliveries(Functions functions, Queues queues, Topics topics, Surroundings surroundings) {
    this.functions = functions;
    this.queues = queues;
    this.topics = topics;
    this.surroundings = surroundings;
  }

  void configure(String functionArn, Config config) {
    configs.put(functionArn, config);
  }

  void forget(String functionArn) {
    configs.remove(functionArn);
  }

  /**
   * Takes an event for a function and returns; the rest happens later.
   *
   * @param from for people: who sends it, such as {@code rule dice-pushed}
   */
  public void invoke(String from, String functionId, String event) {
    invoke(from, functionId, event, _ -> {});
  }

  /**
   * As above.
   *
   * @param gaveUp told the reason when the last retry has failed
   */
  void invoke(String from, String functionId, String event, Consumer<String> gaveUp) {
    var target = functions.target(functionId, Optional.empty());
    threads.submit(() -> deliver(from, target, event, gaveUp));
  }

  private void deliver(
      String from, Functions.Target target, String event, Consumer<String> gaveUp) {
    var config = configs.getOrDefault(target.arn(), new Config(2, Optional.empty()));
    try {
      for (var attempt = 1; ; attempt++) {
        var start = Instant.now();
        var outcome =
            functions.invokeWhenFree(target.arn(), event.getBytes(StandardCharsets.UTF_8));
        note(from, target, start, outcome);
        if (!(outcome instanceof Outcome.Failed failed)) return;
        if (attempt > config.retries()) {
          gaveUp.accept(failed.reason());
          bury(target, config, event, failed, attempt);
          return;
        }
        Thread.sleep(surroundings.pace().of(FIRST_RETRY.multipliedBy(attempt)));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      System.getLogger(Deliveries.class.getName())
          .log(System.Logger.Level.ERROR, "event for " + target.arn() + " is lost", e);
    }
  }

  private void note(String from, Functions.Target target, Instant start, Outcome outcome) {
    surroundings
        .calls()
        .add(
            new CallLog.Entry(
                start,
                from,
                "lambda",
                "Invoke " + target.spec().title(),
                outcome instanceof Outcome.Returned ? 200 : 500,
                Duration.between(start, Instant.now()),
                outcome instanceof Outcome.Failed failed ? failed.reason() : ""));
  }

  private void bury(
      Functions.Target target, Config config, String event, Outcome.Failed failed, int attempts) {
    var role = target.spec().roleArn();
    if (config.onFailure().isPresent()) {
      var record = new LinkedHashMap<String, Object>();
      record.put("version", "1.0");
      record.put("timestamp", Instant.now().toString());
      record.put(
          "requestContext",
          Map.of(
              "requestId",
              UUID.randomUUID().toString(),
              "functionArn",
              target.arn(),
              "condition",
              "RetriesExhausted",
              "approximateInvokeCount",
              attempts));
      record.put("requestPayload", Json.parse(event).value());
      record.put(
          "responseContext",
          Map.of(
              "statusCode",
              200,
              "executedVersion",
              target.version(),
              "functionError",
              "Unhandled"));
      record.put("responsePayload", Json.parse(failed.text()).value());
      send(role, config.onFailure().get(), Json.write(record), Map.of());
    } else if (target.spec().deadLetters().isPresent()) {
      send(
          role,
          target.spec().deadLetters().get(),
          event,
          attributes(
              Map.of(
                  "RequestID", UUID.randomUUID().toString(),
                  "ErrorCode", "200",
                  "ErrorMessage", failed.reason())));
    } else {
      System.getLogger(Deliveries.class.getName())
          .log(
              System.Logger.Level.WARNING,
              target.spec().title()
                  + " failed "
                  + attempts
                  + " times and has no dead-letter queue: the event is dropped. "
                  + failed.reason());
    }
  }

  private static Map<String, Map<String, String>> attributes(Map<String, String> texts) {
    var attributes = new LinkedHashMap<String, Map<String, String>>();
    texts.forEach(
        (name, text) -> attributes.put(name, Map.of("DataType", "String", "StringValue", text)));
    return attributes;
  }

  /** What it takes to send to a queue or a topic. */
  List<Permission> sending(String arn) {
    return arn.startsWith("arn:aws:sns:")
        ? topics.publishing(arn, Map.of())
        : List.of(new Permission("sqs:SendMessage", arn));
  }

  private void send(
      String role, String arn, String text, Map<String, Map<String, String>> attributes) {
    var sns = arn.startsWith("arn:aws:sns:");
    for (var need : sending(arn))
      surroundings
          .iam()
          .roleMayNot(role, need)
          .ifPresent(
              why -> {
                throw new IllegalStateException(role + " may not send to " + arn + " " + why);
              });
    if (sns) {
      topics.publish(arn, "", text);
      return;
    }
    queues
        .byArn(arn)
        .orElseThrow(() -> new IllegalStateException("queue " + arn + " does not exist"))
        .send(new Message.Sending(text, "", "", attributes));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
