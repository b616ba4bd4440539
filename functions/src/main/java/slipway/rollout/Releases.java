package slipway.rollout;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Log;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * First releases that CloudFormation waits for: remembered in the table, and answered by a PUT to
 * the URL that came with the request.
 */
public final class Releases implements ReleaseAnswers {
  /** CloudFormation gives a custom resource an hour by default; then its URL is of no use. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  /** CloudFormation takes answers of up to 4 KB. */
  private static final int LONGEST_REASON = 1000;

  private final DynamoDbClient dynamo;
  private final String table;
  private final HttpClient http;
  private final Clock clock;

  public Releases(DynamoDbClient dynamo, String table, HttpClient http, Clock clock) {
    this.dynamo = dynamo;
    this.table = table;
    this.http = http;
    this.clock = clock;
  }

  /** Remembers that an answer is due. */
  void remember(ServiceName service, PendingRelease release) {
    var expires = clock.instant().plus(PATIENCE).getEpochSecond();
    dynamo.putItem(
        request ->
            request
                .tableName(table)
                .item(
                    Items.item(
                        Items.releaseKey(service),
                        Map.of(
                            "responseUrl", release.responseUrl().toString(),
                            "stackId", release.stackId(),
                            "requestId", release.requestId(),
                            "logicalResourceId", release.logicalResourceId(),
                            "physicalResourceId", release.physicalResourceId(),
                            "expires", expires))));
  }

  /**
   * Tells CloudFormation, if it waits for this service's first release, that it failed.
   *
   * @return whether it did wait
   */
  public boolean fail(ServiceName service, String reason) {
    var answer =
        dynamo.getItem(
            request ->
                request.tableName(table).key(Items.releaseKey(service)).consistentRead(true));
    if (!answer.hasItem() || answer.item().isEmpty()) return false;
    var release = due(Items.json(answer.item()), clock.instant());
    release.ifPresent(due -> answer(service, due, Optional.of(reason)));
    return release.isPresent();
  }

  @Override
  public void answer(ServiceName service, PendingRelease release, Optional<String> failure) {
    put(release, failure);
    try {
      dynamo.deleteItem(
          request ->
              request
                  .tableName(table)
                  .key(Items.releaseKey(service))
                  .conditionExpression("attribute_not_exists(pk) OR requestId = :request")
                  .expressionAttributeValues(Map.of(":request", Items.value(release.requestId()))));
    } catch (ConditionalCheckFailedException _) {
      // A newer request waits by now: it is not answered by this.
    }
  }

  /** Answers without having remembered anything. */
  void put(PendingRelease release, Optional<String> failure) {
    var text = failure.orElse("done");
    var body =
        Json.write(
            Map.of(
                "Status", failure.isPresent() ? "FAILED" : "SUCCESS",
                "Reason", text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) : text,
                "PhysicalResourceId", release.physicalResourceId(),
                "StackId", release.stackId(),
                "RequestId", release.requestId(),
                "LogicalResourceId", release.logicalResourceId()));
    try {
      // No content type: it is not among what the URL's signature covers.
      var answer =
          http.send(
              HttpRequest.newBuilder(release.responseUrl())
                  .timeout(Duration.ofSeconds(10))
                  .PUT(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      var status = answer.statusCode();
      if (status / 100 == 2) return;
      if (status / 100 == 5)
        throw new IllegalStateException(
            "CloudFormation's response URL for " + release + " answered " + status);
      // Refused for good, as an expired URL is: another try would fare no better.
      Log.write(
          Line.warning(
              About.NOTHING, // whoever answers says of which service
              "CloudFormation takes no answer",
              Map.of("release", release.toString(), "status", status)));
    } catch (IOException e) {
      throw new IllegalStateException(
          "CloudFormation's response URL for " + release + " could not be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("answering " + release + ": interrupted", e);
    }
  }

  /** Reads an item; empty if it is too late for an answer. */
  static Optional<PendingRelease> due(Json item, Instant now) {
    // The table forgets expired items only after a while.
    if (item.at("expires").number() <= now.getEpochSecond()) return Optional.empty();
    return Optional.of(
        new PendingRelease(
            URI.create(item.at("responseUrl").text()),
            item.at("stackId").text(),
            item.at("requestId").text(),
            item.at("logicalResourceId").text(),
            item.at("physicalResourceId").text()));
  }
}
