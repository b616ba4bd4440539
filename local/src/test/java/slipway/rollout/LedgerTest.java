package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.config.ServiceName;
import slipway.delivery.DeliveryHistory.Delivered;
import slipway.delivery.PastRollout;
import slipway.local.stack.Assembly;
import slipway.local.stack.Clients;
import slipway.local.stack.LocalStack;
import slipway.rollout.Ledger.Order;
import slipway.rollout.Rollout.Status;
import slipway.rollout.ServiceState.Change;
import slipway.rollout.ServiceState.Pin;
import slipway.rollout.SpentBudgets.Spent;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the ledger writes is what it reads, in AWS's own DynamoDB Local. */
class LedgerTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  @TempDir private static Path folder;
  private static LocalStack stack;
  private static int services;
  private DynamoDbClient dynamo;
  private Ledger ledger;
  private ServiceName service;

  @BeforeAll
  static void start() throws IOException {
    stack =
        new Assembly(folder)
            .resource(
                "Table",
                "AWS::DynamoDB::Table",
                """
                {'TableName': 'state',
                 'KeySchema': [{'AttributeName': 'pk', 'KeyType': 'HASH'}, {'AttributeName': 'sk', 'KeyType': 'RANGE'}],
                 'AttributeDefinitions': [{'AttributeName': 'pk', 'AttributeType': 'S'}, {'AttributeName': 'sk', 'AttributeType': 'S'}]}\
                """)
            .start();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @BeforeEach
  void open() {
    dynamo = Clients.of(DynamoDbClient.builder(), stack, stack.operator());
    ledger = new DynamoLedger(dynamo, "state", Clock.systemUTC());
    service = new ServiceName("dice-" + ++services);
  }

  @AfterEach
  void close() {
    dynamo.close();
  }

  private Rollout started(int n, char content) {
    var rollout =
        Rollout.started(
            service,
            new RunningService.Deployment(
                "ecs-svc/" + n,
                true,
                "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/dice:" + n,
                RunningService.Progress.IN_PROGRESS,
                "",
                NOON.plusSeconds(n)),
            Optional.empty(),
            String.valueOf(content).repeat(64),
            Map.of("app", "app@sha256:1"),
            new Rollout.Brought(
                List.of("c0ffee"),
                Optional.of("Ann"),
                Optional.of(NOON.minusSeconds(600)),
                Rollout.Cause.PUSH,
                "new image of app"),
            Optional.empty());
    ledger.started(rollout, Optional.empty());
    return rollout;
  }

  private Rollout ended(int n, char content, Status how) {
    var rollout =
        started(n, content)
            .ended(
                how,
                NOON.plusSeconds(n + 30),
                how == Status.FAILED ? "crashed" : "",
                Optional.empty());
    ledger.ended(rollout);
    return rollout;
  }

  private ServiceState state() {
    return ledger.read(service, Optional.empty()).state();
  }

  @Test
  void aPinIsReadAsItWasWrittenAndGoesWithoutATrace() {
    var rollout = ended(1, 'a', Status.HEALTHY);
    var before = state();
    var pin = new Change("ann", "", NOON);

    ledger.pin(service, Optional.of(rollout), new Order("pinned", pin));

    assertThat(state().pinned()).contains(new Pin(rollout, pin));
    assertThat(state().running()).contains(rollout);

    ledger.pin(service, Optional.empty(), new Order("unpinned", new Change("bob", "", NOON)));

    assertThat(state()).isEqualTo(before);
  }

  @Test
  void aFreezeIsReadAsItWasWrittenEvenBeforeAnyRollout() {
    var change = new Change("ann", "Black Friday", NOON);

    ledger.freeze(service, true, new Order("frozen", change));

    assertThat(state().frozen()).contains(change);

    ledger.freeze(service, false, new Order("unfrozen", new Change("ann", "", NOON)));

    assertThat(state()).isEqualTo(ServiceState.EMPTY);
  }

  @Test
  void anOrderDoesNotForgetWhoWasToldToWait() {
    var said =
        new ServiceState.Said(
            "frozen by ann",
            List.of("0a1b2c", "3d4e5f"),
            Optional.of(new Announcement("0a1b2c", "content after rollout")));
    ledger.said(service, said);

    ledger.freeze(service, false, new Order("unfrozen", new Change("ann", "", NOON)));

    assertThat(state().said()).contains(said);
  }

  @Test
  void spentBudgetsAreReadAsTheyWereWrittenBesideWhateverElseIsKnown() {
    var spent =
        List.of(
            new Spent("dice GET rolldice availability", NOON),
            new Spent("dice GET rolldice p99 latency", NOON.plusMillis(1)));

    ledger.spent(service, spent);

    assertThat(state()).isEqualTo(ServiceState.EMPTY.spent(spent));

    var rollout = ended(1, 'a', Status.HEALTHY);
    ledger.freeze(service, true, new Order("frozen", new Change("ann", "", NOON)));

    assertThat(state().spent()).isEqualTo(spent);
    assertThat(state().running()).contains(rollout);

    ledger.spent(service, List.of());

    assertThat(state().spent()).isEmpty();
    assertThat(state().frozen()).isPresent();
  }

  @Test
  void anAuditWritesSpentBudgetsOnlyWhenOthersAreSpent() {
    var asked = new ArrayList<String>();
    var budgets =
        new TableSpentBudgets(
            ledger, (of, why) -> asked.add(of + " " + why), Clock.fixed(NOON, ZoneOffset.UTC));

    budgets.replace(service, List.of());
    budgets.replace(service, List.of(new Spent("availability", NOON)));
    budgets.replace(service, List.of(new Spent("availability", NOON.plusSeconds(3600))));

    assertThat(state().spent()).containsExactly(new Spent("availability", NOON));
    assertThat(asked)
        .containsExactly(service + " spent error budgets: availability at 2026-11-22T12:00:00Z");
  }

  @Test
  void whenAFailureWasRestoredIsKept() {
    var restored = ended(1, 'a', Status.FAILED).restored(NOON.plusSeconds(90));

    ledger.ended(restored);

    assertThat(state().latest()).contains(restored);
    assertThat(ledger.history(service, 10)).containsExactly(restored);
  }

  @Test
  void thatARolloutIsToBeTakenBackIsKeptWhileItIsOnItsWay() {
    var running = ended(1, 'a', Status.HEALTHY);
    var takenBack = started(100, 'b').takenBack("pinned by ann");

    ledger.ended(takenBack);

    assertThat(state().open()).contains(takenBack);
    assertThat(state().open().orElseThrow().order()).contains("pinned by ann");
    assertThat(state().running()).contains(running);
    assertThat(ledger.history(service, 10)).containsExactly(takenBack, running);
  }

  /** A rollout that an earlier version of Slipway recorded. */
  @Test
  void whatWasRecordedBeforeThereWereCausesIsNoChangeToday() {
    var rollout = ended(1, 'a', Status.HEALTHY);
    var key = Items.rolloutKey(service, rollout.id());
    dynamo.updateItem(
        request -> request.tableName("state").key(key).updateExpression("REMOVE cause, pushedAt"));

    var read = ledger.rollout(service, rollout.id()).orElseThrow();

    assertThat(read.cause()).isEqualTo(Rollout.Cause.FOUND);
    assertThat(read.pushedAt()).isEmpty();
  }

  @Test
  void whatWasDeliveredIsReadInItsOrderWithWhatPeopleTookBackAndWhatRuns() {
    var before = ended(1, 'a', Status.HEALTHY);
    var first = ended(100, 'b', Status.FAILED).restored(NOON.plusSeconds(200));
    ledger.ended(first);
    var second = ended(300, 'c', Status.HEALTHY);
    var third = started(400, 'd');
    var history = new TableHistory(dynamo, "state");
    ledger.pin(
        service,
        Optional.of(before),
        new Order(
            "rolled back", new Change("ann", "", NOON.plusSeconds(500)), Optional.of(second.id())));
    ledger.freeze(service, true, new Order("frozen", new Change("ann", "", NOON.plusSeconds(600))));

    var delivered = history.of(service, NOON.plusSeconds(60));

    assertThat(delivered.rollouts())
        .containsExactly(
            past(first, PastRollout.End.FAILED),
            past(second, PastRollout.End.HEALTHY),
            past(third, PastRollout.End.IN_PROGRESS));
    assertThat(delivered.takenBack()).isEqualTo(Map.of(second.id(), NOON.plusSeconds(500)));
    assertThat(history.runs(service)).isEqualTo(second.images());
    assertThat(history.of(new ServiceName("nobody"), NOON))
        .isEqualTo(new Delivered(List.of(), Map.of()));
    assertThat(history.runs(new ServiceName("nobody"))).isEmpty();
  }

  private static PastRollout past(Rollout rollout, PastRollout.End end) {
    return new PastRollout(
        rollout.id(),
        true,
        rollout.commits(),
        end,
        rollout.startedAt(),
        rollout.pushedAt(),
        rollout.endedAt(),
        rollout.restoredAt());
  }

  /** As many as do not fit into one answer of DynamoDB, which has 1 MB at most. */
  @Test
  void aLongHistoryIsReadToItsBoundFromItsEnd() {
    var reason = "x".repeat(2000);
    for (int n = 0; n <= TableHistory.MOST; n++) {
      var rollout =
          started(n, 'a').ended(Status.HEALTHY, NOON.plusSeconds(n), reason, Optional.empty());
      ledger.ended(rollout);
    }

    var delivered = new TableHistory(dynamo, "state").of(service, NOON).rollouts();

    assertThat(delivered).hasSize(TableHistory.MOST);
    assertThat(delivered.getFirst().startedAt()).isEqualTo(NOON.plusSeconds(1));
    assertThat(delivered.getLast().startedAt()).isEqualTo(NOON.plusSeconds(TableHistory.MOST));
  }

  @Test
  void contentThatIsRefusedIsQuarantinedWithoutARollout() {
    var refused = new Ledger.Quarantine("f".repeat(64), Optional.empty(), "not on Fargate");

    ledger.refused(service, refused);

    assertThat(ledger.read(service, Optional.of(refused.fingerprint())).quarantined())
        .contains(refused);
    assertThat(ledger.quarantined(service)).containsExactly(refused.fingerprint());
  }

  @Test
  void ordersComeNewestFirstWhateverTheFractionOfTheirSecond() {
    var orders =
        List.of(
            new Order("frozen", new Change("ann", "one", NOON)),
            new Order("unfrozen", new Change("bob", "", NOON.plusMillis(500))),
            new Order("frozen", new Change("ann", "two", NOON.plusSeconds(1))));
    for (var order : orders) ledger.freeze(service, order.what().equals("frozen"), order);

    assertThat(ledger.orders(service, 10)).isEqualTo(orders.reversed());
    assertThat(ledger.orders(service, 1)).containsExactly(orders.getLast());
  }

  @Test
  void historyAndOrdersAreKeptApart() {
    var first = ended(1, 'a', Status.HEALTHY);
    var second = ended(2, 'b', Status.FAILED);
    ledger.freeze(service, true, new Order("frozen", new Change("ann", "", NOON)));

    assertThat(ledger.history(service, 10)).containsExactly(second, first);
    assertThat(ledger.orders(service, 10)).hasSize(1);
    assertThat(ledger.rollout(service, first.id())).contains(first);
    assertThat(ledger.rollout(service, "20261122T113000.000Z-0c6e85b4")).isEmpty();
  }

  @Test
  void allContentThatFailedIsKnown() {
    assertThat(ledger.quarantined(service)).isEmpty();
    ended(1, 'a', Status.HEALTHY);
    ended(2, 'b', Status.FAILED);
    ended(3, 'c', Status.FAILED);

    assertThat(ledger.quarantined(service)).isEqualTo(Set.of("b".repeat(64), "c".repeat(64)));
  }
}
