package slipway.github;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.Source;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** Branches in Slipway's table, under {@code SOURCE#<repository>#<branch>}. */
final class TableHeads implements HeadLedger {
  /** DynamoDB takes no more keys in one request. */
  private static final int MOST_KEYS = 100;

  /** A throttled table answers a part; what it leaves out is asked for again. */
  private static final int TRIES = 4;

  private final DynamoDbClient dynamo;
  private final String table;

  TableHeads(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  @Override
  public Map<Source, KnownHead> read(List<Source> sources) {
    var items = new HashMap<String, Map<String, AttributeValue>>();
    for (int from = 0; from < sources.size(); from += MOST_KEYS)
      for (var item : items(sources.subList(from, Math.min(sources.size(), from + MOST_KEYS))))
        items.put(item.get("pk").s(), item);
    var known = new HashMap<Source, KnownHead>();
    for (var source : sources) {
      var item = items.get(pk(source));
      if (item != null) known.put(source, known(item));
    }
    return known;
  }

  private List<Map<String, AttributeValue>> items(List<Source> sources) {
    var keys = sources.stream().map(TableHeads::key).toList();
    var asked = Map.of(table, KeysAndAttributes.builder().keys(keys).consistentRead(true).build());
    var found = new ArrayList<Map<String, AttributeValue>>();
    for (int n = 0; n < TRIES && !asked.isEmpty(); n++) {
      var request = asked;
      var answer = dynamo.batchGetItem(r -> r.requestItems(request));
      found.addAll(answer.responses().getOrDefault(table, List.of()));
      asked = Map.copyOf(answer.unprocessedKeys());
    }
    if (!asked.isEmpty())
      throw new IllegalStateException(
          "table %s answered only a part of what is known of the branches: it is throttled; the next run reads it again"
              .formatted(table));
    return found;
  }

  /** Whoever writes last is as right as whoever wrote first: the next look finds the same. */
  @Override
  public void write(Source source, KnownHead known) {
    var item = new HashMap<>(key(source));
    item.put("head", AttributeValue.fromS(known.head()));
    item.put("run", AttributeValue.fromS(known.run()));
    known.etag().ifPresent(etag -> item.put("etag", AttributeValue.fromS(etag)));
    item.put("settled", AttributeValue.fromBool(known.settled()));
    known.base().ifPresent(base -> item.put("base", AttributeValue.fromS(base)));
    dynamo.putItem(r -> r.tableName(table).item(item));
  }

  private static KnownHead known(Map<String, AttributeValue> item) {
    return new KnownHead(
        item.get("head").s(),
        text(item, "etag"),
        item.get("settled").bool(),
        text(item, "base"),
        item.get("run").s());
  }

  private static Optional<String> text(Map<String, AttributeValue> item, String name) {
    return Optional.ofNullable(item.get(name)).map(AttributeValue::s);
  }

  private static Map<String, AttributeValue> key(Source source) {
    return Map.of("pk", AttributeValue.fromS(pk(source)), "sk", AttributeValue.fromS("HEAD"));
  }

  private static String pk(Source source) {
    return "SOURCE#" + source.repository() + "#" + source.branch();
  }
}
