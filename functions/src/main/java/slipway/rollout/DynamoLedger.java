package slipway.rollout;

import static slipway.rollout.Items.value;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.rollout.Rollout.Status;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/** The ledger in Slipway's table. */
final class DynamoLedger implements Ledger {
  /** DynamoDB asks to come again for what it could not do at once, and for clashes. */
  private static final int TRIES = 3;

  private static final int NEW_ROLLOUT = 0;
  private static final int NEW_DEPLOYMENT = 1;
  private static final String CONDITION_FAILED = "ConditionalCheckFailed";

  private final DynamoDbClient dynamo;
  private final String table;
  private final Clock clock;

  DynamoLedger(DynamoDbClient dynamo, String table, Clock clock) {
    this.dynamo = dynamo;
    this.table = table;
    this.clock = clock;
  }

  @Override
  public Reading read(ServiceName service, Optional<String> fingerprint) {
    var keys = new ArrayList<Map<String, AttributeValue>>();
    keys.add(Items.stateKey(service));
    keys.add(Items.releaseKey(service));
    fingerprint.ifPresent(print -> keys.add(Items.quarantineKey(service, print)));
    var found = new HashMap<String, Json>();
    var asked = Map.of(table, KeysAndAttributes.builder().keys(keys).consistentRead(true).build());
    for (int n = 0; n < TRIES && !asked.isEmpty(); n++) {
      var request = asked;
      var answer = dynamo.batchGetItem(r -> r.requestItems(request));
      for (var item : answer.responses().getOrDefault(table, List.of()))
        found.put(item.get("pk").s(), Items.json(item));
      asked = Map.copyOf(answer.unprocessedKeys());
    }
    if (!asked.isEmpty())
      throw new IllegalStateException(
          "table %s answered only a part of what is known of %s: it is throttled; comes again"
              .formatted(table, service));
    return new Reading(
        Optional.ofNullable(found.get("SERVICE#" + service))
            .map(Items::state)
            .orElse(ServiceState.EMPTY),
        Optional.ofNullable(found.get("QUARANTINE#" + service))
            .map(
                json ->
                    new Quarantine(
                        json.at("sk").text(), json.at("rollout").text(), json.at("reason").text())),
        Optional.ofNullable(found.get("FIRST#" + service))
            .flatMap(json -> Releases.due(json, clock.instant())));
  }

  @Override
  public void started(Rollout rollout, Optional<String> before) {
    var writes = new ArrayList<TransactWriteItem>();
    writes.add(
        put(
            Items.item(Items.rolloutKey(rollout.service(), rollout.id()), Items.rollout(rollout)),
            Optional.of("attribute_not_exists(pk)")));
    writes.add(
        put(
            Items.item(
                Items.deploymentKey(rollout.deployment()),
                Map.of("service", rollout.service().value(), "rollout", rollout.id())),
            Optional.of("attribute_not_exists(pk)")));
    writes.add(
        TransactWriteItem.builder()
            .update(
                Update.builder()
                    .tableName(table)
                    .key(Items.stateKey(rollout.service()))
                    .updateExpression("SET latest = :latest REMOVE said")
                    .expressionAttributeValues(Map.of(":latest", value(Items.ran(rollout.ran()))))
                    .build())
            .build());
    before
        .filter(id -> !id.equals(rollout.id()))
        .ifPresent(id -> writes.add(supersede(rollout.service(), id)));
    for (int n = 1; ; n++) {
      try {
        dynamo.transactWriteItems(request -> request.transactItems(writes));
        return;
      } catch (TransactionCanceledException e) {
        var codes = e.cancellationReasons().stream().map(reason -> reason.code()).toList();
        if (codes.size() < writes.size()) throw e;
        // Recorded by an earlier try, or by whoever saw the deployment's event first.
        if (codes.get(NEW_DEPLOYMENT).equals(CONDITION_FAILED)) return;
        if (codes.get(NEW_ROLLOUT).equals(CONDITION_FAILED) || n == TRIES) throw e;
        // The one before has ended in the meantime, and keeps how it ended.
        if (codes.getLast().equals(CONDITION_FAILED)) writes.removeLast();
      }
    }
  }

  private TransactWriteItem supersede(ServiceName service, String id) {
    return TransactWriteItem.builder()
        .update(
            Update.builder()
                .tableName(table)
                .key(Items.rolloutKey(service, id))
                .updateExpression("SET #status = :superseded, endedAt = :now")
                .conditionExpression("#status = :open")
                .expressionAttributeNames(Map.of("#status", "status"))
                .expressionAttributeValues(
                    Map.of(
                        ":superseded", value(Status.SUPERSEDED.name()),
                        ":open", value(Status.IN_PROGRESS.name()),
                        ":now", value(clock.instant().toString())))
                .build())
        .build();
  }

  @Override
  public Optional<Rollout> ofDeployment(String deploymentId) {
    return get(Items.deploymentKey(deploymentId))
        .flatMap(
            reference ->
                get(
                    Items.rolloutKey(
                        new ServiceName(reference.at("service").text()),
                        reference.at("rollout").text())))
        .map(Items::rollout);
  }

  @Override
  public void healthy(Rollout rollout, Instant now) {
    dynamo.updateItem(
        request ->
            request
                .tableName(table)
                .key(Items.rolloutKey(rollout.service(), rollout.id()))
                .updateExpression("SET #status = :healthy, endedAt = if_not_exists(endedAt, :now)")
                .expressionAttributeNames(Map.of("#status", "status"))
                .expressionAttributeValues(
                    Map.of(
                        ":healthy", value(Status.HEALTHY.name()), ":now", value(now.toString()))));
    try {
      // Ids sort by time: a late event of an older rollout never hides a newer one.
      dynamo.updateItem(
          request ->
              request
                  .tableName(table)
                  .key(Items.stateKey(rollout.service()))
                  .updateExpression("SET running = :running")
                  .conditionExpression(
                      "attribute_not_exists(running) OR running.rollout <= :rollout")
                  .expressionAttributeValues(
                      Map.of(
                          ":running", value(Items.ran(rollout.ran())),
                          ":rollout", value(rollout.id()))));
    } catch (ConditionalCheckFailedException _) {
      // A newer one runs: nothing to change.
    }
  }

  @Override
  public void failed(Rollout rollout, String reason, Instant now) {
    var quarantine =
        put(
            Items.item(
                Items.quarantineKey(rollout.service(), rollout.fingerprint()),
                Map.of("rollout", rollout.id(), "reason", reason, "at", now.toString())),
            Optional.empty());
    var status =
        TransactWriteItem.builder()
            .update(
                Update.builder()
                    .tableName(table)
                    .key(Items.rolloutKey(rollout.service(), rollout.id()))
                    .updateExpression("SET #status = :failed, endedAt = :now, reason = :reason")
                    .expressionAttributeNames(Map.of("#status", "status"))
                    .expressionAttributeValues(
                        Map.of(
                            ":failed", value(Status.FAILED.name()),
                            ":now", value(now.toString()),
                            ":reason", value(reason)))
                    .build())
            .build();
    dynamo.transactWriteItems(request -> request.transactItems(quarantine, status));
  }

  @Override
  public void told(Rollout rollout) {
    dynamo.updateItem(
        request ->
            request
                .tableName(table)
                .key(Items.rolloutKey(rollout.service(), rollout.id()))
                .updateExpression("SET told = :yes")
                .expressionAttributeValues(Map.of(":yes", value(true))));
  }

  @Override
  public void said(ServiceName service, String text) {
    dynamo.updateItem(
        request ->
            request
                .tableName(table)
                .key(Items.stateKey(service))
                .updateExpression("SET said = :text")
                .expressionAttributeValues(Map.of(":text", value(text))));
  }

  @Override
  public List<Rollout> history(ServiceName service, int atMost) {
    return dynamo
        .query(
            request ->
                request
                    .tableName(table)
                    .keyConditionExpression("pk = :service AND begins_with(sk, :rollout)")
                    .expressionAttributeValues(
                        Map.of(
                            ":service", value("SERVICE#" + service),
                            ":rollout", value("ROLLOUT#")))
                    .scanIndexForward(false)
                    .limit(atMost))
        .items()
        .stream()
        .map(item -> Items.rollout(Items.json(item)))
        .toList();
  }

  private Optional<Json> get(Map<String, AttributeValue> key) {
    var answer = dynamo.getItem(request -> request.tableName(table).key(key).consistentRead(true));
    return answer.hasItem() && !answer.item().isEmpty()
        ? Optional.of(Items.json(answer.item()))
        : Optional.empty();
  }

  private TransactWriteItem put(Map<String, AttributeValue> item, Optional<String> condition) {
    return TransactWriteItem.builder()
        .put(
            Put.builder()
                .tableName(table)
                .item(item)
                .conditionExpression(condition.orElse(null))
                .build())
        .build();
  }
}
