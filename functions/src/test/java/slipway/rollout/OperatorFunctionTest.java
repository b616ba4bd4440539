package slipway.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import slipway.Invocation;
import slipway.json.Json;

/** From the bytes of a request to the bytes of its answer, and to what then rolls out. */
class OperatorFunctionTest {
  private final World world = new World();
  private final List<String> asked = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private RolloutQueue queue = (service, why) -> asked.add(service + ": " + why);

  private String raw(String request) throws IOException {
    var answer = new ByteArrayOutputStream();
    new OperatorFunction(
            new Operator(
                Samples.config(),
                world,
                (service, why) -> queue.reconcile(service, why),
                Clock.fixed(now, ZoneOffset.UTC)))
        .handleRequest(
            new ByteArrayInputStream(request.replace('\'', '"').getBytes(UTF_8)),
            answer,
            new Invocation());
    return answer.toString(UTF_8);
  }

  private Json answer(String request) throws IOException {
    return Json.parse(raw(request));
  }

  private void runs(int app) {
    world.push(app, 1);
    world.reconcile();
    world.on(world.completes());
  }

  @Test
  void aFreezeIsRecordedAnsweredAndHasTheServiceLookedAt() throws IOException {
    assertThat(raw("{'service':'dice','freeze':'Black Friday','by':'ann'}"))
        .isEqualTo(
            """
            {
              "service" : "dice",
              "done" : "frozen",
              "before" : "not frozen",
              "next" : "nothing that is pushed rolls out; a rollout on its way goes on, and pins and rollbacks still work",
              "undo" : {
                "service" : "dice",
                "unfreeze" : true,
                "by" : "ann"
              }
            }
            """);
    var change = new ServiceState.Change("ann", "Black Friday", now);
    assertThat(world.state.frozen()).contains(change);
    assertThat(world.orders).containsExactly(new Ledger.Order("frozen", change));
    assertThat(asked).containsExactly("dice: frozen by ann: Black Friday at 2026-11-22T12:00:00Z");
  }

  @Test
  void undoTakesItBackAsItIsPrinted() throws IOException {
    runs(1);
    runs(2);
    var before = world.state;
    for (var request :
        List.of(
            "{'service':'dice','freeze':'Black Friday','by':'ann'}",
            "{'service':'dice','rollback':true,'by':'ann'}")) {
      var undo = answer(request).at("undo");
      assertThat(world.state).isNotEqualTo(before);

      assertThat(answer(Json.write(undo.value())).at("error").missing()).isTrue();

      assertThat(world.state).isEqualTo(before);
    }
  }

  @Test
  void theSameAgainChangesNothingAndHasTheServiceLookedAtAnew() throws IOException {
    var freeze = "{'service':'dice','freeze':'Black Friday','by':'ann'}";
    answer(freeze);
    now = now.plus(Duration.ofMinutes(1));

    assertThat(answer(freeze).value())
        .isEqualTo(
            Map.of(
                "service", "dice",
                "done",
                    "nothing: it is frozen since 2026-11-22T12:00:00Z by ann: Black Friday already",
                "next", "it stays so"));
    assertThat(world.orders).hasSize(1);
    assertThat(asked).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void aRollbackRollsOutWhatRanBeforeAndAnUnpinWhatWasPushed() throws IOException {
    runs(1);
    runs(2);

    answer("{'service':'dice','rollback':true,'by':'ann','reason':'too slow'}");

    assertThat(world.reconcile()).isInstanceOf(Outcome.RollOut.class);
    world.on(world.completes());
    assertThat(world.state.running().orElseThrow().images().get("app")).endsWith(Samples.digest(1));
    var history = answer("{'service':'dice','history':1}");
    assertThat(history.at("rollouts").items().getFirst().at("why").text())
        .isEqualTo("pinned by ann: too slow");
    assertThat(history.at("orders").items().getFirst().at("what").text())
        .startsWith("rolled back, pinned to ");

    answer("{'service':'dice','unpin':true,'by':'ann'}");

    assertThat(world.reconcile()).isInstanceOf(Outcome.RollOut.class);
    world.on(world.completes());
    assertThat(world.state.running().orElseThrow().images().get("app")).endsWith(Samples.digest(2));
  }

  @Test
  void statusTellsWhatRunsWhatCameLastAndWhatIsOrdered() throws IOException {
    runs(1);
    world.push(2, 1);
    world.reconcile();
    world.on(world.fails(Samples.ARN + "dice:1"));
    answer("{'service':'dice','freeze':'Black Friday','by':'ann'}");
    answer("{'service':'dice','pin':'%s','by':'bob'}".formatted(world.rollouts.getFirst().id()));

    var status = answer("{}").at("services").items().getFirst();

    assertThat(status.at("service").text()).isEqualTo("dice");
    assertThat(status.at("runs").at("revision").text()).isEqualTo("dice:1");
    assertThat(status.at("latest").at("status").text()).isEqualTo("failed");
    assertThat(status.at("latest").at("runs").text()).isEqualTo("dice:1");
    assertThat(status.at("frozen").value())
        .isEqualTo(Map.of("by", "ann", "reason", "Black Friday", "at", "2026-11-22T12:00:00Z"));
    assertThat(status.at("pinned").value())
        .isEqualTo(
            Map.of(
                "rollout", world.rollouts.getFirst().id(),
                "by", "bob",
                "at", "2026-11-22T12:00:00Z"));
    assertThat(asked).hasSize(2);
  }

  @Test
  void statusTellsWhichBudgetsAreSpentWhatTheyHoldUpAndHowToGoOn() throws IOException {
    runs(1);
    world.state = world.state.spent(List.of(new SpentBudgets.Spent("dice availability", now)));

    var status = answer("{}").at("services").items().getFirst();

    assertThat(status.at("spent").value())
        .isEqualTo(List.of(Map.of("slo", "dice availability", "since", "2026-11-22T12:00:00Z")));
    assertThat(status.at("held").text())
        .isEqualTo(
            "frozen: the error budget of SLO 'dice availability' is spent since"
                + " 2026-11-22T12:00:00Z; a fix whose commit message says [ignore budget] rolls out"
                + " all the same");
    assertThat(status.at("frozen").missing()).isTrue();
  }

  @Test
  void anOrderThatTakesARolloutBackSaysWhich() throws IOException {
    runs(1);
    runs(2);
    answer("{'service':'dice','rollback':true,'by':'ann'}");

    var order = answer("{'service':'dice','history':true}").at("orders").items().getFirst();
    assertThat(order.at("takesBack").text()).isEqualTo(world.rollouts.getLast().id());
  }

  @Test
  void historyHasAllOfARollout() throws IOException {
    runs(1);
    runs(2);

    var rollout = world.rollouts.getLast();

    var said = answer("{'service':'dice','history':true}").at("rollouts").items();
    assertThat(said).hasSize(2);
    assertThat(said.getFirst().value())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("id", rollout.id()),
                Map.entry("status", "healthy"),
                Map.entry("revision", "dice:2"),
                Map.entry("from", "dice:1"),
                Map.entry("commits", rollout.commits()),
                Map.entry("author", "Ann"),
                Map.entry("why", rollout.why()),
                Map.entry("pushedAt", "2026-08-04T00:02:00Z"),
                Map.entry("leadSeconds", (int) rollout.leadTime().orElseThrow().toSeconds()),
                Map.entry("images", rollout.images()),
                Map.entry("startedAt", rollout.startedAt().toString()),
                Map.entry("endedAt", rollout.endedAt().orElseThrow().toString()),
                Map.entry("seconds", (int) rollout.duration().orElseThrow().toSeconds()),
                Map.entry("runs", "dice:2")));
  }

  @Test
  void aRefusalListsWhatCanBePinned() throws IOException {
    runs(1);

    assertThat(
            answer("{'service':'dice','pin':'20261122T113000.000Z-0c6e85b4','by':'ann'}").value())
        .isEqualTo(
            Map.of(
                "error",
                "dice had no rollout 20261122T113000.000Z-0c6e85b4; pinnable lists the newest that"
                    + " can be pinned",
                "pinnable",
                List.of(world.rollouts.getFirst().id())));
    assertThat(asked).isEmpty();
    assertThat(world.orders).isEmpty();
  }

  @Test
  void aReconcileIsAskedForAnewEachTime() throws IOException {
    answer("{'service':'dice','reconcile':true,'by':'ann'}");
    now = now.plusMillis(1);
    answer("{'service':'dice','reconcile':true,'by':'ann'}");

    assertThat(asked)
        .containsExactly(
            "dice: asked for by ann at 2026-11-22T12:00:00Z",
            "dice: asked for by ann at 2026-11-22T12:00:00.001Z");
  }

  @Test
  void whatIsRecordedIsSaidEvenIfTheQueueDoesNotTakeIt() throws IOException {
    queue =
        (_, _) -> {
          throw new IllegalStateException("throttled");
        };

    var answer = answer("{'service':'dice','freeze':'Black Friday','by':'ann'}");

    assertThat(answer.at("done").text()).isEqualTo("frozen");
    assertThat(answer.at("next").text())
        .endsWith(
            "only when the schedule looks, as the queue did not take it (throttled): ask again");
  }

  @Test
  void whateverFailsIsAnErrorWithoutAStackTrace() throws IOException {
    world.dieAtCall(1, false);

    assertThat(answer("{'service':'dice'}").value())
        .isEqualTo(
            Map.of(
                "error",
                "the request failed on the way: died before dynamodb:BatchGetItem. Ask again: what"
                    + " was done already is not done twice"));
    assertThat(answer("[]").at("error").text()).isEqualTo("the document is a list: want an object");
    assertThat(answer("").at("services").items()).hasSize(1);
    assertThat(answer("x".repeat(9000)).at("error").text())
        .isEqualTo("the request is too long: want 8192 bytes at most");
  }
}
