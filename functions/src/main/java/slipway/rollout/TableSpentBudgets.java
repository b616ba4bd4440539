package slipway.rollout;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import slipway.config.ServiceName;
import slipway.notice.About;
import slipway.notice.Log;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Spent budgets in Slipway's table, in an item of their own beside what people ordered. Who dies
 * between its writing and the look leaves that to the schedule.
 */
public final class TableSpentBudgets implements SpentBudgets {
  private final Ledger ledger;
  private final RolloutQueue queue;
  private final Clock clock;

  TableSpentBudgets(Ledger ledger, RolloutQueue queue, Clock clock) {
    this.ledger = ledger;
    this.queue = queue;
    this.clock = clock;
  }

  /**
   * On AWS. Needs {@code dynamodb:BatchGetItem} and {@code PutItem} on the table, and {@code
   * sqs:SendMessage} to the queue.
   *
   * @param table name
   * @param rollouts URL of the queue of rollouts
   */
  public static TableSpentBudgets of(
      DynamoDbClient dynamo, String table, SqsClient sqs, String rollouts, Clock clock) {
    return new TableSpentBudgets(
        new DynamoLedger(dynamo, table, clock), new SqsRollouts(sqs, rollouts), clock);
  }

  @Override
  public void replace(ServiceName service, List<Spent> spent) {
    var known =
        ledger.read(service, Optional.empty()).state().spent().stream()
            .collect(Collectors.toMap(Spent::slo, it -> it));
    var now = new ArrayList<Spent>();
    // Whoever saw it first stays so, so that people do not read of the same budget twice.
    for (var it : spent) now.add(known.getOrDefault(it.slo(), it));
    now.sort(Comparator.comparing(Spent::slo));
    var slos = now.stream().map(Spent::slo).collect(Collectors.toSet());
    if (slos.equals(known.keySet())) return;
    ledger.spent(service, now);
    var what =
        now.isEmpty()
            ? "all error budgets have recovered"
            : "spent error budgets: "
                + now.stream().map(Spent::slo).collect(Collectors.joining(", "));
    Log.line(About.service(service), "spent budgets changed", Map.of("now", what));
    // With the time, as the queue takes the same message once in five minutes only.
    queue.reconcile(service, "%s at %s".formatted(what, clock.instant()));
  }
}
