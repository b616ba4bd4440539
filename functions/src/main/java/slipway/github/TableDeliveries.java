package slipway.github;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Deliveries in Slipway's table, under {@code DELIVERY#<guid>}. */
final class TableDeliveries implements Deliveries {
  /** GitHub redelivers what is at most 3 days old. */
  private static final Duration KEEP = Duration.ofDays(7);

  private final DynamoDbClient dynamo;
  private final String table;
  private final Clock clock;

  TableDeliveries(DynamoDbClient dynamo, String table, Clock clock) {
    this.dynamo = dynamo;
    this.table = table;
    this.clock = clock;
  }

  @Override
  public Optional<Answer> find(String delivery) {
    var found =
        dynamo.getItem(r -> r.tableName(table).key(key(delivery)).consistentRead(true)).item();
    return found.isEmpty() ? Optional.empty() : Optional.of(answer(found));
  }

  @Override
  public Answer remember(String delivery, Answer answer) {
    var item = new HashMap<>(key(delivery));
    item.put("status", AttributeValue.fromN(String.valueOf(answer.status())));
    item.put("answer", AttributeValue.fromS(answer.body()));
    item.put(
        "expires",
        AttributeValue.fromN(String.valueOf(clock.instant().plus(KEEP).getEpochSecond())));
    try {
      dynamo.putItem(
          r ->
              r.tableName(table)
                  .item(item)
                  .conditionExpression("attribute_not_exists(pk)")
                  .returnValuesOnConditionCheckFailure(
                      ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return answer;
    } catch (ConditionalCheckFailedException first) {
      return first.hasItem() ? answer(first.item()) : answer;
    }
  }

  private static Map<String, AttributeValue> key(String delivery) {
    return Map.of(
        "pk", AttributeValue.fromS("DELIVERY#" + delivery), "sk", AttributeValue.fromS("DELIVERY"));
  }

  private static Answer answer(Map<String, AttributeValue> item) {
    return new Answer(Integer.parseInt(item.get("status").n()), item.get("answer").s());
  }
}
