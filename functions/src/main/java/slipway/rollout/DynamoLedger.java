package slipway.rollout;

import static slipway.rollout.Items.value;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.rollout.Rollout.Status;
import slipway.rollout.ServiceState.Said;
import slipway.rollout.SpentBudgets.Spent;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/** The ledger in Slipway's table. */
final class DynamoLedger implements Ledger {
  /** DynamoDB asks to come again for what it could not do at once, and for clashes. */
  private static final int TRIES = 3;

  private static final String CONDITION_FAILED = "ConditionalCheckFailed";
  private static final String CONFLICT = "TransactionConflict";

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
    keys.add(Items.spentKey(service));
    keys.add(Items.releaseKey(service));
    fingerprint.ifPresent(print -> keys.add(Items.quarantineKey(service, print)));
    var found = new HashMap<String, Json>();
    var asked = Map.of(table, KeysAndAttributes.builder().keys(keys).consistentRead(true).build());
    for (int n = 0; n < TRIES && !asked.isEmpty(); n++) {
      var request = asked;
      var answer = dynamo.batchGetItem(r -> r.requestItems(request));
      for (var item : answer.responses().getOrDefault(table, List.of()))
        found.put(name(item), Items.json(item));
      asked = Map.copyOf(answer.unprocessedKeys());
    }
    if (!asked.isEmpty())
      throw new IllegalStateException(
          "table %s answered only a part of what is known of %s: it is throttled; comes again"
              .formatted(table, service));
    return new Reading(
        Optional.ofNullable(found.get(name(Items.stateKey(service))))
            .map(Items::state)
            .orElse(ServiceState.EMPTY)
            .spent(
                Optional.ofNullable(found.get(name(Items.spentKey(service))))
                    .map(Items::spent)
                    .orElse(List.of())),
        fingerprint
            .flatMap(
                print -> Optional.ofNullable(found.get(name(Items.quarantineKey(service, print)))))
            .map(
                json ->
                    new Quarantine(
                        json.at("sk").text(),
                        json.at("rollout").optionalText(),
                        json.at("reason").text())),
        Optional.ofNullable(found.get(name(Items.releaseKey(service))))
            .flatMap(json -> Releases.due(json, clock.instant())));
  }

  /** An item's key in one text. */
  private static String name(Map<String, AttributeValue> item) {
    return item.get("pk").s() + " " + item.get("sk").s();
  }

  @Override
  public void started(Rollout rollout, Optional<Rollout> superseded) {
    var writes = new ArrayList<TransactWriteItem>();
    writes.add(
        put(
            Items.rolloutKey(rollout.service(), rollout.id()),
            Items.rollout(rollout),
            Optional.of("attribute_not_exists(pk)")));
    writes.add(
        update(
            rollout.service(),
            "SET latest = :latest REMOVE said",
            Map.of(":latest", value(Items.rollout(rollout)))));
    superseded.ifPresent(before -> writes.add(put(before)));
    try {
      write(writes);
    } catch (TransactionCanceledException e) {
      // The same rollout, recorded by an earlier try.
      if (!codes(e).getFirst().equals(CONDITION_FAILED)) throw e;
    }
  }

  @Override
  public void ended(Rollout rollout) {
    var writes = new ArrayList<TransactWriteItem>();
    writes.add(put(rollout));
    writes.add(
        update(
            rollout.service(),
            rollout.status() == Status.HEALTHY
                ? "SET latest = :rollout, running = :rollout"
                : "SET latest = :rollout",
            Map.of(":rollout", value(Items.rollout(rollout)))));
    if (rollout.status() == Status.FAILED)
      writes.add(put(rollout.service(), Quarantine.of(rollout)));
    write(writes);
  }

  @Override
  public void refused(ServiceName service, Quarantine quarantine) {
    write(List.of(put(service, quarantine)));
  }

  @Override
  public void said(ServiceName service, Said said) {
    dynamo.updateItem(
        request ->
            request
                .tableName(table)
                .key(Items.stateKey(service))
                .updateExpression("SET said = :said")
                .expressionAttributeValues(Map.of(":said", value(Items.said(said)))));
  }

  @Override
  public void spent(ServiceName service, List<Spent> spent) {
    dynamo.putItem(
        request ->
            request
                .tableName(table)
                .item(Items.item(Items.spentKey(service), Map.of("spent", Items.spent(spent)))));
  }

  @Override
  public List<Rollout> history(ServiceName service, int atMost) {
    return newest(service, "ROLLOUT#", atMost).map(Items::rollout).toList();
  }

  @Override
  public List<Order> orders(ServiceName service, int atMost) {
    return newest(service, "ORDER#", atMost).map(Items::order).toList();
  }

  private Stream<Json> newest(ServiceName service, String prefix, int atMost) {
    return dynamo
        .query(
            request ->
                request
                    .tableName(table)
                    .keyConditionExpression("pk = :service AND begins_with(sk, :prefix)")
                    .expressionAttributeValues(
                        Map.of(":service", value("SERVICE#" + service), ":prefix", value(prefix)))
                    .scanIndexForward(false)
                    .limit(atMost))
        .items()
        .stream()
        .map(Items::json);
  }

  @Override
  public Optional<Rollout> rollout(ServiceName service, String id) {
    var key = Items.rolloutKey(service, id);
    var answer = dynamo.getItem(request -> request.tableName(table).key(key).consistentRead(true));
    return answer.hasItem() && !answer.item().isEmpty()
        ? Optional.of(Items.rollout(Items.json(answer.item())))
        : Optional.empty();
  }

  @Override
  public Set<String> quarantined(ServiceName service) {
    return dynamo
        .queryPaginator(
            request ->
                request
                    .tableName(table)
                    .keyConditionExpression("pk = :quarantine")
                    .expressionAttributeValues(
                        Map.of(":quarantine", value("QUARANTINE#" + service)))
                    .projectionExpression("sk")
                    .consistentRead(true))
        .items()
        .stream()
        .map(item -> item.get("sk").s())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void pin(ServiceName service, Optional<Rollout> rollout, Order order) {
    order(
        service,
        order,
        rollout
            .map(
                it ->
                    update(
                        service,
                        "SET pinned = :pin",
                        Map.of(
                            ":pin",
                            value(
                                Map.of(
                                    "rollout", Items.rollout(it),
                                    "change", Items.change(order.change()))))))
            .orElseGet(() -> update(service, "REMOVE pinned", Map.of())));
  }

  @Override
  public void freeze(ServiceName service, boolean frozen, Order order) {
    order(
        service,
        order,
        frozen
            ? update(
                service,
                "SET frozen = :change",
                Map.of(":change", value(Items.change(order.change()))))
            : update(service, "REMOVE frozen", Map.of()));
  }

  private void order(ServiceName service, Order order, TransactWriteItem change) {
    write(
        List.of(change, put(Items.orderKey(service, order), Items.order(order), Optional.empty())));
  }

  /** Writes all or nothing; comes again where another writer was in the way. */
  private void write(List<TransactWriteItem> writes) {
    for (int n = 1; ; n++) {
      try {
        dynamo.transactWriteItems(request -> request.transactItems(writes));
        return;
      } catch (TransactionCanceledException e) {
        if (n == TRIES || !codes(e).contains(CONFLICT)) throw e;
      }
    }
  }

  private static List<String> codes(TransactionCanceledException e) {
    return e.cancellationReasons().stream().map(reason -> reason.code()).toList();
  }

  private TransactWriteItem update(
      ServiceName service, String expression, Map<String, AttributeValue> values) {
    return TransactWriteItem.builder()
        .update(
            Update.builder()
                .tableName(table)
                .key(Items.stateKey(service))
                .updateExpression(expression)
                .expressionAttributeValues(values.isEmpty() ? null : values)
                .build())
        .build();
  }

  private TransactWriteItem put(ServiceName service, Quarantine quarantine) {
    return put(
        Items.quarantineKey(service, quarantine.fingerprint()),
        Items.quarantine(quarantine),
        Optional.empty());
  }

  private TransactWriteItem put(Rollout rollout) {
    return put(
        Items.rolloutKey(rollout.service(), rollout.id()),
        Items.rollout(rollout),
        Optional.empty());
  }

  private TransactWriteItem put(
      Map<String, AttributeValue> key, Map<String, ?> members, Optional<String> condition) {
    return TransactWriteItem.builder()
        .put(
            Put.builder()
                .tableName(table)
                .item(Items.item(key, members))
                .conditionExpression(condition.orElse(null))
                .build())
        .build();
  }
}
