package slipway.rollout;

import static slipway.rollout.Items.value;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import slipway.config.ServiceName;
import slipway.delivery.DeliveryHistory;
import slipway.delivery.PastRollout;
import slipway.json.Json;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The history of rollouts and orders in Slipway's table. Needs {@code dynamodb:Query} and {@code
 * GetItem}.
 */
public final class TableHistory implements DeliveryHistory {
  /** Of rollouts, and of orders; one more every half hour for 30 days is within it. */
  static final int MOST = 1500;

  private final DynamoDbClient dynamo;
  private final String table;

  /**
   * @param table name
   */
  public TableHistory(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** Reads the newest {@value #MOST}, if there are more. */
  @Override
  public Delivered of(ServiceName service, Instant since) {
    return new Delivered(
        newest(service, "ROLLOUT#", since)
            .map(Items::rollout)
            .map(TableHistory::past)
            .toList()
            .reversed(),
        takenBack(newest(service, "ORDER#", since).map(Items::order).toList()));
  }

  /** The first order counts where several go back from the same. */
  private static Map<String, Instant> takenBack(List<Ledger.Order> newestFirst) {
    var takenBack = new HashMap<String, Instant>();
    for (var order : newestFirst)
      order.takesBack().ifPresent(id -> takenBack.put(id, order.change().at()));
    return takenBack;
  }

  private Stream<Json> newest(ServiceName service, String prefix, Instant since) {
    return dynamo
        .queryPaginator(
            request ->
                request
                    .tableName(table)
                    .keyConditionExpression("pk = :service AND sk BETWEEN :since AND :end")
                    .expressionAttributeValues(
                        Map.of(
                            ":service",
                            value("SERVICE#" + service),
                            ":since",
                            value(prefix + Rollout.time(since)),
                            // A character after all that is in a time.
                            ":end",
                            value(prefix + "~")))
                    .scanIndexForward(false))
        .items()
        .stream()
        .limit(MOST)
        .map(Items::json);
  }

  @Override
  public Map<String, String> runs(ServiceName service) {
    var answer = dynamo.getItem(request -> request.tableName(table).key(Items.stateKey(service)));
    return answer.hasItem() && !answer.item().isEmpty()
        ? Items.state(Items.json(answer.item())).images()
        : Map.of();
  }

  private static PastRollout past(Rollout rollout) {
    return new PastRollout(
        rollout.id(),
        rollout.cause() == Rollout.Cause.PUSH && !rollout.commits().isEmpty(),
        rollout.commits(),
        PastRollout.End.valueOf(rollout.status().name()),
        rollout.startedAt(),
        rollout.pushedAt(),
        rollout.endedAt(),
        rollout.restoredAt());
  }
}
